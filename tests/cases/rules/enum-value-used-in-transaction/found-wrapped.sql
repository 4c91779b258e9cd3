-- schema: CREATE TABLE moods (id integer PRIMARY KEY, mood mood);
-- wrapped
-- expect: error@5
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'great';
INSERT INTO moods (id, mood) VALUES (1, 'great');
