-- expect: warning@3
BEGIN;
ALTER TABLE tasks RENAME TO todos;
CREATE VIEW tasks AS SELECT id FROM todos;
COMMIT;
