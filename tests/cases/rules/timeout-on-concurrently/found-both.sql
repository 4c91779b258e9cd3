-- expect: information@4
SET lock_timeout = '2s';
SET statement_timeout = '1min';
CREATE INDEX CONCURRENTLY idx_due ON tasks (due);
