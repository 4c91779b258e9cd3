-- expect: information@2 information@3
CREATE INDEX CONCURRENTLY ON tasks (due);
ALTER TABLE tasks ADD CHECK (due > created_at) NOT VALID;
