CREATE TABLE scratch (id integer, user_id integer REFERENCES users (id));
DROP TABLE scratch;
