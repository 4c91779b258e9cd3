-- expect: warning@3
ALTER TABLE tasks ADD COLUMN priority text NOT NULL DEFAULT 'medium';
ALTER TABLE tasks ALTER COLUMN priority DROP DEFAULT;
