-- expect: warning@4
ALTER TABLE tasks ADD COLUMN channel text;
UPDATE tasks SET channel = 'web' WHERE id BETWEEN 1 AND 100;
ALTER TABLE tasks ALTER COLUMN channel SET NOT NULL;
