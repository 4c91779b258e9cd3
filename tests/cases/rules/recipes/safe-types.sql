SET LOCAL lock_timeout = '2s';
ALTER TABLE tasks ALTER COLUMN title TYPE varchar(500);
ALTER TABLE users ALTER COLUMN email TYPE varchar;
