-- expect: warning@3
ALTER TABLE tasks ADD COLUMN code text DEFAULT '';
CREATE UNIQUE INDEX CONCURRENTLY uq_code ON tasks (code);
