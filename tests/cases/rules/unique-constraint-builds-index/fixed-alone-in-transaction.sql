-- expect: warning@3
CREATE UNIQUE INDEX CONCURRENTLY uq_email ON users (email);

BEGIN;
ALTER TABLE users ADD CONSTRAINT uq_email UNIQUE USING INDEX uq_email;
COMMIT;
