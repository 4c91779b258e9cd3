BEGIN;
ALTER TABLE tasks ADD COLUMN priority varchar(20);
COMMIT;
CREATE INDEX CONCURRENTLY idx_priority ON tasks (priority);
