-- schema: ALTER TABLE tasks ADD CONSTRAINT proof CHECK (user_id IS NOT NULL);
-- expect: warning@4
ALTER TABLE tasks
  ALTER COLUMN user_id SET NOT NULL,
  DROP CONSTRAINT proof;
