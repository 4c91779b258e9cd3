-- expect: warning@4
BEGIN;
ALTER TABLE tasks ADD COLUMN priority varchar(20);
CREATE INDEX idx_priority ON tasks (priority);
COMMIT;
