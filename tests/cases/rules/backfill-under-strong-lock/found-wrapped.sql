-- wrapped
-- expect: warning@4
ALTER TABLE tasks ADD COLUMN priority varchar(20);
UPDATE tasks SET priority = 'medium';
