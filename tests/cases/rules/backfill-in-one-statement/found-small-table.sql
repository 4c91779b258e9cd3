-- rows: tasks=100
-- expect: information@3
UPDATE tasks SET status = 'open';
