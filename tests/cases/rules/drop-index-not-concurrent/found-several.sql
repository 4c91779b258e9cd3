-- schema: CREATE INDEX idx_a ON tasks (due);
-- expect: information@4 information@4
BEGIN;
DROP INDEX IF EXISTS idx_tasks_status, idx_a;
ALTER TABLE tasks DROP COLUMN description;
COMMIT;
