-- schema: CREATE TABLE roles (id serial PRIMARY KEY, name text);
-- expect: information@3
INSERT INTO roles (id, name) VALUES (1, 'admin');
