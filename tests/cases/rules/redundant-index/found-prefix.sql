-- expect: information@2 information@3
CREATE INDEX CONCURRENTLY idx_again ON tasks (status);
CREATE INDEX CONCURRENTLY idx_id ON tasks (id);
