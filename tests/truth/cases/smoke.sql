-- given
CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL UNIQUE, age int);
CREATE TABLE tasks (id serial PRIMARY KEY, user_id int REFERENCES users, title varchar(20) NOT NULL, done bool DEFAULT false);
INSERT INTO users SELECT g, 'u' || g, g FROM generate_series(1, 20) g;
INSERT INTO tasks (user_id, title) SELECT g, 't' || g FROM generate_series(1, 20) g;
CREATE VIEW v AS SELECT id, title FROM tasks;

-- case: add a plain column
ALTER TABLE tasks ADD COLUMN note text;
-- case: add a required column
ALTER TABLE tasks ADD COLUMN note text NOT NULL;
-- case: index
CREATE INDEX i ON tasks (title);
-- case: index concurrently
CREATE INDEX CONCURRENTLY i ON tasks (title);
-- case: drop a table under a view
DROP TABLE tasks;
-- case: drop a column
ALTER TABLE users DROP COLUMN age;
-- case: not null without proof
ALTER TABLE users ALTER age SET NOT NULL;
-- case: not null with proof
ALTER TABLE users ADD CONSTRAINT c CHECK (age IS NOT NULL) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT c;
-- run
ALTER TABLE users ALTER age SET NOT NULL;
-- case: rename
ALTER TABLE users RENAME age TO years;
-- case: foreign key in a transaction
BEGIN;
ALTER TABLE tasks ADD COLUMN other int;
ALTER TABLE tasks ADD FOREIGN KEY (other) REFERENCES users;
COMMIT;
