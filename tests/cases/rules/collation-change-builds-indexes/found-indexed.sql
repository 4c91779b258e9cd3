-- expect: warning@2
ALTER TABLE tasks ALTER COLUMN status TYPE varchar(20) COLLATE "C";
