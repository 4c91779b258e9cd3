UPDATE tasks SET status = 'open' WHERE id = 5;
UPDATE tasks SET status = 'open' WHERE id IN (SELECT id FROM tasks WHERE status IS NULL LIMIT 1000);
INSERT INTO users (id, email) VALUES (1, 'a@example.com');
