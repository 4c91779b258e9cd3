-- expect: information@2
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_due ON tasks (due);
