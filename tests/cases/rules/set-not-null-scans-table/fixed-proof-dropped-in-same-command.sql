-- schema: ALTER TABLE tasks ADD CONSTRAINT proof CHECK (user_id IS NOT NULL);
-- expect: warning@4
ALTER TABLE tasks
  DROP CONSTRAINT proof;

ALTER TABLE tasks ADD CONSTRAINT tasks_user_id_not_null CHECK (user_id IS NOT NULL) NOT VALID;
ALTER TABLE tasks VALIDATE CONSTRAINT tasks_user_id_not_null;
ALTER TABLE tasks ALTER COLUMN user_id SET NOT NULL;
ALTER TABLE tasks DROP CONSTRAINT tasks_user_id_not_null;
