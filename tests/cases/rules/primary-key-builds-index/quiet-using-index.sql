-- schema: CREATE TABLE logs (id bigint NOT NULL, at timestamptz);
CREATE UNIQUE INDEX CONCURRENTLY logs_key ON logs (id);
ALTER TABLE logs ADD PRIMARY KEY USING INDEX logs_key;
