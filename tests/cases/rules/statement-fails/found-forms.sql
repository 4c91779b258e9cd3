-- expect: error@2 error@3 error@4 error@5 error@6 error@7 error@8
ALTER TABLE taks ADD COLUMN note text;
ALTER TABLE tasks DROP COLUMN never;
ALTER TABLE tasks ADD COLUMN title text;
CREATE TABLE users (id integer);
ALTER TABLE tasks ALTER COLUMN status TYPE integer;
UPDATE tasks SET status = 'a', status = 'b' WHERE id = 1;
DROP TABLE tasks;
