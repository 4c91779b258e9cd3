CREATE INDEX CONCURRENTLY idx_due ON tasks (due);
