-- schema: CREATE TABLE logs (id bigint NOT NULL, at timestamptz);
-- expect: warning@3
ALTER TABLE logs ADD PRIMARY KEY (id);
