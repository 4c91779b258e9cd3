CREATE TABLE scratch (id integer PRIMARY KEY, task_id integer REFERENCES tasks (id));
CREATE INDEX idx_scratch ON scratch (task_id);
DROP INDEX idx_scratch;
DROP TABLE scratch;
