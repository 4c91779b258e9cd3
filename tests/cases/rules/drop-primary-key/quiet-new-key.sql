-- schema: CREATE UNIQUE INDEX users_key ON users (id);
BEGIN;
ALTER TABLE users DROP CONSTRAINT users_pkey;
ALTER TABLE users ADD CONSTRAINT users_key PRIMARY KEY USING INDEX users_key;
COMMIT;
