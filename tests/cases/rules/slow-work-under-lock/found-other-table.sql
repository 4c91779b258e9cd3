-- expect: warning@4
BEGIN;
ALTER TABLE users ADD COLUMN nick text;
ALTER TABLE tasks ALTER COLUMN user_id TYPE bigint;
COMMIT;
