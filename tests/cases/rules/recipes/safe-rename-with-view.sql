BEGIN;
ALTER TABLE users RENAME COLUMN email TO mail;
ALTER TABLE users RENAME TO people;
CREATE VIEW users AS SELECT id, mail AS email FROM people;
COMMIT;
