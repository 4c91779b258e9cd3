-- What stands before every case, and before the examples of the rules' pages.
CREATE TYPE mood AS ENUM ('ok', 'bad');
CREATE TABLE users (
  id integer PRIMARY KEY,
  email text NOT NULL
);
CREATE TABLE tasks (
  id integer PRIMARY KEY,
  user_id integer,
  title varchar(200) NOT NULL,
  description text,
  status varchar(20),
  completed boolean NOT NULL DEFAULT false,
  due timestamp,
  period tsrange,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_tasks_status ON tasks (status);
CREATE VIEW open_tasks AS SELECT id, completed FROM tasks WHERE NOT completed;
CREATE MATERIALIZED VIEW task_counts AS SELECT completed, count(*) AS n FROM tasks GROUP BY completed;
CREATE UNIQUE INDEX task_counts_completed ON task_counts (completed);
