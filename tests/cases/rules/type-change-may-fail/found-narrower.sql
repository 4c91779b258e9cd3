-- expect: warning@2 warning@3
ALTER TABLE tasks ALTER COLUMN title TYPE varchar(50);
ALTER TABLE tasks ALTER COLUMN user_id TYPE smallint;
