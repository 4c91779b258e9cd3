-- expect: information@4
BEGIN;
ALTER TABLE tasks ADD COLUMN priority varchar(20);
ALTER TABLE users ADD COLUMN nick text;
COMMIT;
