-- expect: hint@2 hint@3 hint@4
ALTER TABLE tasks ALTER COLUMN status TYPE text;
UPDATE tasks SET completed = true;
INSERT INTO tasks (id, title) SELECT id + 1000000, email FROM users;
