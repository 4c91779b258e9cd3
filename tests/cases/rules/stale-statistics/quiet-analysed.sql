ALTER TABLE tasks ALTER COLUMN status TYPE text;
UPDATE tasks SET completed = true WHERE id = 3;
ANALYZE tasks;
CREATE TABLE fresh (id integer);
INSERT INTO fresh SELECT id FROM users;
