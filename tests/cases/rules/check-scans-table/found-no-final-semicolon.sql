-- expect: warning@2
ALTER TABLE tasks ADD CONSTRAINT chk_title CHECK (title <> '')
