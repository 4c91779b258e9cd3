-- schema: CREATE TABLE prices (id integer PRIMARY KEY, amount numeric(10, 4), at timestamp);
ALTER TABLE prices ALTER COLUMN amount TYPE numeric(12, 4);
