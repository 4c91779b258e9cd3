ALTER TABLE tasks ALTER COLUMN title TYPE varchar(500);
ALTER TABLE tasks ALTER COLUMN user_id TYPE bigint;
