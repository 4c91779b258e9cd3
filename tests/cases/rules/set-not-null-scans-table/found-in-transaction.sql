-- expect: warning@6
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE tasks
  ADD COLUMN note text,
  ALTER COLUMN user_id SET NOT NULL;
COMMIT;
