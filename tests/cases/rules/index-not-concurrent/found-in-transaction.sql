-- expect: warning@7 warning@8
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE tasks ADD COLUMN priority varchar(20);

-- for the filter
CREATE INDEX idx_priority ON tasks (priority);
CREATE UNIQUE INDEX IF NOT EXISTS idx_email ON users (lower(email));
COMMIT;
