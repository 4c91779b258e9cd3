SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY idx_due ON tasks (due);
