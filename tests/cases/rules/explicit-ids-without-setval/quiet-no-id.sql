-- schema: CREATE TABLE roles (id serial PRIMARY KEY, name text);
INSERT INTO roles (name) VALUES ('admin');
