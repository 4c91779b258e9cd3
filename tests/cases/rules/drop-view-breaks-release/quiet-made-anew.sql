BEGIN;
DROP VIEW open_tasks;
CREATE VIEW open_tasks AS SELECT id, completed, title FROM tasks;
COMMIT;
