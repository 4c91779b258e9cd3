-- expect: warning@3
BEGIN;
ALTER TABLE users ADD CONSTRAINT uq_email UNIQUE (email);
COMMIT;
