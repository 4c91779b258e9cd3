-- expect: information@4
BEGIN;
ALTER TABLE tasks ADD COLUMN a text;
SET LOCAL statement_timeout = '30s';
ALTER TABLE tasks ALTER COLUMN user_id SET NOT NULL;
COMMIT;
