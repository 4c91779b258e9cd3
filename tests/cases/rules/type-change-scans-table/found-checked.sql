-- schema: ALTER TABLE tasks ADD CONSTRAINT chk_title CHECK (title <> '');
-- expect: warning@3
ALTER TABLE tasks ALTER COLUMN title TYPE text;
