-- File: migrations/001_add_task_fields_rollback.sql

-- Reverse order: drop constraints, indexes, columns
DROP INDEX CONCURRENTLY IF EXISTS idx_tasks_priority;

BEGIN;
SET LOCAL lock_timeout = '2s';

ALTER TABLE tasks
  DROP COLUMN IF EXISTS priority,
  DROP COLUMN IF EXISTS tags;

COMMIT;
