CREATE TABLE notes (id integer PRIMARY KEY, user_id integer);
ALTER TABLE notes ADD CONSTRAINT fk_notes FOREIGN KEY (user_id) REFERENCES users (id);
