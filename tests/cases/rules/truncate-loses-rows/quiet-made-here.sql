CREATE TABLE scratch (id integer);
TRUNCATE scratch;
