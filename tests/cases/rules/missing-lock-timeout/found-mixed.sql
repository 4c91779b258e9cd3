-- expect: information@3
CREATE INDEX CONCURRENTLY idx_due ON tasks (due);
ALTER TABLE tasks ADD COLUMN a text;
ALTER TABLE tasks ADD COLUMN b text;

BEGIN;
-- two more
ALTER TABLE users ADD COLUMN c text;
ALTER TABLE users ADD COLUMN d text;
COMMIT;
