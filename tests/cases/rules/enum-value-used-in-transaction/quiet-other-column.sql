-- schema: CREATE TABLE moods (id integer PRIMARY KEY, mood mood);
BEGIN;
ALTER TYPE mood ADD VALUE 'great';
UPDATE tasks SET status = 'great' WHERE id = 1;
COMMIT;
