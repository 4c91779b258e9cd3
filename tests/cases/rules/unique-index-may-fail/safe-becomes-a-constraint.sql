SET lock_timeout = '2s';
CREATE UNIQUE INDEX CONCURRENTLY uq_tasks_title ON tasks (title);
ALTER TABLE tasks ADD CONSTRAINT uq_tasks_title UNIQUE USING INDEX uq_tasks_title;
