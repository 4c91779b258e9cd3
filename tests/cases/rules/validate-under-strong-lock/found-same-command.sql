-- schema: ALTER TABLE tasks ADD CONSTRAINT chk_title CHECK (title <> '') NOT VALID;
-- expect: warning@5
ALTER TABLE tasks
  ADD COLUMN note text,
  VALIDATE CONSTRAINT chk_title;
