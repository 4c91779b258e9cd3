-- expect: warning@2
ALTER TABLE tasks ADD CONSTRAINT chk_title CHECK (title <> '') NOT VALID;

ALTER TABLE tasks VALIDATE CONSTRAINT chk_title;
