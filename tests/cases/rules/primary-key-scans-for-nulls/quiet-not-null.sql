-- schema: CREATE TABLE logs (id bigint NOT NULL, at timestamptz);
ALTER TABLE logs ADD PRIMARY KEY (id);
