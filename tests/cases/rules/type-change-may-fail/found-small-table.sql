-- rows: tasks=3
-- expect: warning@3
ALTER TABLE tasks ALTER COLUMN title TYPE varchar(50);
