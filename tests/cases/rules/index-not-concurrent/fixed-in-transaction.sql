-- expect: warning@7 warning@8
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE tasks ADD COLUMN priority varchar(20);
COMMIT;

-- for the filter
CREATE INDEX CONCURRENTLY idx_priority ON tasks (priority);

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS idx_email ON users (lower(email));
