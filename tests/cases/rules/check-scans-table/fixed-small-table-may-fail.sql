-- rows: tasks=50
-- expect: warning@3
ALTER TABLE tasks ADD CONSTRAINT chk_title CHECK (title <> '') NOT VALID;

ALTER TABLE tasks VALIDATE CONSTRAINT chk_title;
