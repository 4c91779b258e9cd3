-- expect: information@3
CREATE INDEX CONCURRENTLY idx_due ON tasks (due);
SET lock_timeout = '2s';
ALTER TABLE tasks ADD COLUMN a text;
ALTER TABLE tasks ADD COLUMN b text;
RESET lock_timeout;

BEGIN;
SET LOCAL lock_timeout = '2s';
-- two more
ALTER TABLE users ADD COLUMN c text;
ALTER TABLE users ADD COLUMN d text;
COMMIT;
