CREATE TABLE notes (id integer PRIMARY KEY, body text);
CREATE INDEX idx_notes_body ON notes (body);
