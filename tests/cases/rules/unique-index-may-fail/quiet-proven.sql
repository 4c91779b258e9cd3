CREATE UNIQUE INDEX CONCURRENTLY uq_id_title ON tasks (id, title);
ALTER TABLE tasks ADD COLUMN code text;
CREATE UNIQUE INDEX CONCURRENTLY uq_code ON tasks (code);
