SET TimeZone = 'UTC';
ALTER TABLE tasks ALTER COLUMN title TYPE varchar(300);
ALTER TABLE tasks ALTER COLUMN title TYPE text;
ALTER TABLE tasks ALTER COLUMN due TYPE timestamptz;
