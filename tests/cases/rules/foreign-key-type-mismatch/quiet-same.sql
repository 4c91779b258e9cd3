CREATE TABLE notes (id bigint PRIMARY KEY, task_id integer REFERENCES tasks);
