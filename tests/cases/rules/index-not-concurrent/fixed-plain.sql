-- expect: warning@2
CREATE INDEX CONCURRENTLY idx_due ON tasks (due);
