-- wrapped
-- expect: error@3
CREATE INDEX CONCURRENTLY idx_due ON tasks (due);
