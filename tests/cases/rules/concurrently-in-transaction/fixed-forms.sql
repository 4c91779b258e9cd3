-- expect: error@4 error@6
BEGIN;
ALTER TABLE tasks ADD COLUMN priority varchar(20);
COMMIT;

CREATE INDEX CONCURRENTLY idx_priority ON tasks (priority);

BEGIN;
ALTER TABLE tasks ADD COLUMN tags text[];
COMMIT;

DROP INDEX CONCURRENTLY idx_tasks_status;
