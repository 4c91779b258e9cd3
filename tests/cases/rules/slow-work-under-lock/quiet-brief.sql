BEGIN;
ALTER TABLE tasks ADD COLUMN priority varchar(20);
ALTER TABLE tasks ALTER COLUMN priority SET DEFAULT 'medium';
COMMIT;
