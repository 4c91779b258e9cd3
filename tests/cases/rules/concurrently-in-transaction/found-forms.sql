-- expect: error@4 error@6
BEGIN;
ALTER TABLE tasks ADD COLUMN priority varchar(20);
CREATE INDEX CONCURRENTLY idx_priority ON tasks (priority);
ALTER TABLE tasks ADD COLUMN tags text[];
DROP INDEX CONCURRENTLY idx_tasks_status;
COMMIT;
