-- expect: warning@4 warning@5
BEGIN;
ALTER TABLE tasks
  ADD CONSTRAINT chk_title CHECK (title <> '') NOT VALID,
  ADD CHECK (due > created_at) NOT VALID;
COMMIT;

ALTER TABLE tasks VALIDATE CONSTRAINT tasks_check;

ALTER TABLE tasks VALIDATE CONSTRAINT chk_title;
