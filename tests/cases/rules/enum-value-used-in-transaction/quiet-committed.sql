-- schema: CREATE TABLE moods (id integer PRIMARY KEY, mood mood);
ALTER TYPE mood ADD VALUE 'great';
UPDATE moods SET mood = 'great' WHERE id = 1;
