-- expect: hint@4
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE tasks ADD COLUMN priority integer;
ALTER TABLE tasks ADD COLUMN channel text;
COMMIT;
