-- schema: ALTER TABLE tasks ADD CONSTRAINT proof CHECK (user_id IS NOT NULL) NOT VALID;
-- expect: warning@5
ALTER TABLE tasks
  VALIDATE CONSTRAINT proof,
  ALTER COLUMN user_id SET NOT NULL;
