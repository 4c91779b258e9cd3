-- expect: warning@4
BEGIN;
ALTER TABLE tasks ADD COLUMN priority varchar(20);
UPDATE tasks SET priority = 'medium' WHERE priority IS NULL;
COMMIT;
