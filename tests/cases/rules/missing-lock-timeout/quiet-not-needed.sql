CREATE INDEX CONCURRENTLY idx_due ON tasks (due);
CREATE TABLE notes (id integer PRIMARY KEY);
INSERT INTO users (id, email) VALUES (1, 'a@example.com');
