-- schema: CREATE DOMAIN score AS integer; CREATE TABLE games (id integer PRIMARY KEY, score score);
ALTER DOMAIN score ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID;
ALTER DOMAIN score DROP NOT NULL;
