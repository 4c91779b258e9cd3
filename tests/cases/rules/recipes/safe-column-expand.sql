BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
ALTER TABLE tasks
  ADD COLUMN priority varchar(20) NOT NULL DEFAULT 'medium',
  ADD COLUMN tags text[] NOT NULL DEFAULT '{}';
ALTER TABLE tasks ADD CONSTRAINT chk_priority CHECK (priority IN ('high', 'medium', 'low')) NOT VALID;
COMMIT;
ALTER TABLE tasks VALIDATE CONSTRAINT chk_priority;
CREATE INDEX CONCURRENTLY idx_tags ON tasks USING gin (tags);
