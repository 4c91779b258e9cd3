-- schema: CREATE INDEX idx_a ON tasks (due);
-- expect: information@4 information@4
DROP INDEX CONCURRENTLY IF EXISTS idx_tasks_status;
DROP INDEX CONCURRENTLY IF EXISTS idx_a;

BEGIN;
ALTER TABLE tasks DROP COLUMN description;
COMMIT;
