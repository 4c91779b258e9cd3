-- wrapped
-- expect: warning@4
ALTER TABLE tasks ADD CONSTRAINT chk_title CHECK (title <> '') NOT VALID;
ALTER TABLE tasks VALIDATE CONSTRAINT chk_title;
