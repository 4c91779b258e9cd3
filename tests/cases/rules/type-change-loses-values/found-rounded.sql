-- schema: CREATE TABLE prices (id integer PRIMARY KEY, amount numeric(10, 4), at timestamp);
-- expect: error@3 error@4
ALTER TABLE prices ALTER COLUMN amount TYPE numeric(10, 2);
ALTER TABLE prices ALTER COLUMN at TYPE date;
