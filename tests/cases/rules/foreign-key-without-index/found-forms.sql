-- expect: information@2 information@3
ALTER TABLE tasks ADD CONSTRAINT fk_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
CREATE TABLE notes (id integer PRIMARY KEY, task_id integer REFERENCES tasks (id));
