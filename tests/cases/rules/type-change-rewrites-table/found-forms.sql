-- expect: warning@2 warning@3 warning@4 warning@5
ALTER TABLE tasks ALTER COLUMN user_id TYPE bigint;
ALTER TABLE tasks ALTER COLUMN description TYPE varchar(100);
ALTER TABLE tasks ALTER COLUMN due TYPE timestamptz;
ALTER TABLE users ALTER COLUMN id TYPE bigint;
