CREATE TABLE notes (id integer PRIMARY KEY, body text CHECK (body <> ''));
ALTER TABLE notes ADD CONSTRAINT notes_body CHECK (length(body) < 100);
