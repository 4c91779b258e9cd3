-- expect: warning@6
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE tasks
  ADD COLUMN note text;

ALTER TABLE tasks ADD CONSTRAINT tasks_user_id_not_null CHECK (user_id IS NOT NULL) NOT VALID;
COMMIT;

ALTER TABLE tasks VALIDATE CONSTRAINT tasks_user_id_not_null;

BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE tasks ALTER COLUMN user_id SET NOT NULL;
ALTER TABLE tasks DROP CONSTRAINT tasks_user_id_not_null;
COMMIT;
