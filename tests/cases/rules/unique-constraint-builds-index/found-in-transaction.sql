-- expect: warning@4
BEGIN;
ALTER TABLE users ADD COLUMN nick text;
ALTER TABLE users ADD CONSTRAINT uq_nick UNIQUE (nick);
COMMIT;
