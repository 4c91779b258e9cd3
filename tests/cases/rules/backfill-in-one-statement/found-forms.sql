-- expect: warning@2 warning@3 warning@4
UPDATE tasks SET status = 'open';
UPDATE tasks SET status = 'open' WHERE status IS NULL;
DELETE FROM tasks WHERE completed;
