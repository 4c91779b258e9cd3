CREATE INDEX CONCURRENTLY idx_status_due ON tasks (status, due);
CREATE INDEX CONCURRENTLY idx_part ON tasks (status) WHERE NOT completed;
