-- schema: ALTER TABLE tasks ADD CONSTRAINT chk_title CHECK (title <> '') NOT VALID;
-- expect: information@3
ALTER TABLE tasks VALIDATE CONSTRAINT chk_title;
