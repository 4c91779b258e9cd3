-- rows: tasks=3
-- expect: warning@3
ALTER TABLE tasks ADD COLUMN priority varchar(20) NOT NULL;
