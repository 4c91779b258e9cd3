-- sizes: tasks=12000000000
ALTER TABLE users ALTER COLUMN id TYPE bigint;
ALTER TABLE tasks ALTER COLUMN title TYPE varchar(300);
