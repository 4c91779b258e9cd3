-- rows: tasks=12
-- expect: information@3
CREATE INDEX CONCURRENTLY idx_due ON tasks (due);
