-- expect: information@2
CREATE TABLE notes (id bigint PRIMARY KEY, task_id smallint REFERENCES tasks (id));
