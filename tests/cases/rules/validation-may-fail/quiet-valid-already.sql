-- schema: ALTER TABLE tasks ADD CONSTRAINT chk_title CHECK (title <> '');
ALTER TABLE tasks VALIDATE CONSTRAINT chk_title;
