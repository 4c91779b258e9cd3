-- expect: warning@2
ALTER TABLE tasks ADD COLUMN priority varchar(20) NOT NULL;
