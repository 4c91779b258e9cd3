BEGIN;
CREATE TABLE tasks_new (LIKE tasks);
ALTER TABLE tasks RENAME TO tasks_old;
ALTER TABLE tasks_new RENAME TO tasks;
COMMIT;
