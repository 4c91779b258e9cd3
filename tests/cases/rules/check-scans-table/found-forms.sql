-- expect: warning@4 warning@5
BEGIN;
ALTER TABLE tasks
  ADD CONSTRAINT chk_title CHECK (title <> ''),
  ADD CHECK (due > created_at);
COMMIT;
