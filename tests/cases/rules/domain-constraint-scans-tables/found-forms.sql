-- schema: CREATE DOMAIN score AS integer; CREATE TABLE games (id integer PRIMARY KEY, score score);
-- expect: warning@3 warning@4
ALTER DOMAIN score ADD CHECK (VALUE > 0);
ALTER DOMAIN score SET NOT NULL;
