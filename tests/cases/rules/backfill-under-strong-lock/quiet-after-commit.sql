BEGIN;
ALTER TABLE tasks ADD COLUMN priority varchar(20);
COMMIT;
UPDATE tasks SET priority = 'medium' WHERE priority IS NULL;
