-- rows: tasks=50
-- expect: warning@3
ALTER TABLE tasks ADD CONSTRAINT chk_title CHECK (title <> '');
