-- expect: information@4
BEGIN;
ALTER TABLE tasks ADD COLUMN a text;
ALTER TABLE tasks ALTER COLUMN user_id SET NOT NULL;
COMMIT;
