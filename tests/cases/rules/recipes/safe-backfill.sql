UPDATE tasks SET status = 'open'
WHERE id IN (SELECT id FROM tasks WHERE status IS NULL ORDER BY id LIMIT 1000);
ANALYZE tasks (status);
