-- File: migrations/001_add_task_fields.sql

BEGIN;
SET LOCAL lock_timeout = '2s';

-- 1. Add columns with safe defaults
ALTER TABLE tasks
  ADD COLUMN priority VARCHAR(20) DEFAULT 'medium',
  ADD COLUMN tags TEXT[] DEFAULT '{}';
COMMIT;

-- 2. Create indexes (CONCURRENTLY to avoid locks)
CREATE INDEX CONCURRENTLY idx_tasks_priority
  ON tasks(priority);

BEGIN;
SET LOCAL lock_timeout = '2s';

-- 3. Add constraints (after data is valid)
ALTER TABLE tasks
  ADD CONSTRAINT chk_priority
  CHECK (priority IN ('high', 'medium', 'low')) NOT VALID;

COMMIT;

ALTER TABLE tasks VALIDATE CONSTRAINT chk_priority;
