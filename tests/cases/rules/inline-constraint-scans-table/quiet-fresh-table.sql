CREATE TABLE notes (id integer PRIMARY KEY);
ALTER TABLE notes ADD COLUMN body text UNIQUE;
