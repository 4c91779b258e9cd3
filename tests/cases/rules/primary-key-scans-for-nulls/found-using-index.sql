-- schema: CREATE TABLE logs (id bigint NOT NULL, at timestamptz);
-- expect: warning@4
CREATE UNIQUE INDEX CONCURRENTLY logs_key ON logs (at);
ALTER TABLE logs ADD PRIMARY KEY USING INDEX logs_key;
