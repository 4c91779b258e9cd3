CREATE TABLE rooms (id integer, during tsrange, EXCLUDE USING gist (during WITH &&));
