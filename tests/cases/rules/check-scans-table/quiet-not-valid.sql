ALTER TABLE tasks ADD CONSTRAINT chk_title CHECK (title <> '') NOT VALID;
