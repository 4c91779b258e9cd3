-- wrapped
-- expect: warning@3
ALTER TABLE tasks ADD CONSTRAINT chk_title CHECK (title <> '');
