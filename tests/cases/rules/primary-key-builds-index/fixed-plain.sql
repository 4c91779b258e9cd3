-- schema: CREATE TABLE logs (id bigint NOT NULL, at timestamptz);
-- expect: warning@3
CREATE UNIQUE INDEX CONCURRENTLY logs_pkey ON logs (id);

ALTER TABLE logs ADD CONSTRAINT logs_pkey PRIMARY KEY USING INDEX logs_pkey;
