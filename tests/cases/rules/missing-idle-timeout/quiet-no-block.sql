ALTER TABLE tasks ADD COLUMN priority integer;
BEGIN;
CREATE TABLE fresh (id integer PRIMARY KEY);
COMMIT;
