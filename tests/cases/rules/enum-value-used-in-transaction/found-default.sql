-- schema: CREATE TABLE moods (id integer PRIMARY KEY, mood mood);
-- expect: error@5
BEGIN;
ALTER TYPE mood ADD VALUE 'great';
UPDATE moods SET mood = 'great' WHERE id = 1;
COMMIT;
