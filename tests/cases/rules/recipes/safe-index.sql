DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('idx_due') AND NOT indisvalid) THEN
    DROP INDEX idx_due;
  END IF;
END $$;
SET lock_timeout = 0;
SET statement_timeout = 0;
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_due ON tasks (due);
RESET lock_timeout;
RESET statement_timeout;
DROP INDEX CONCURRENTLY IF EXISTS idx_tasks_status;
REINDEX TABLE CONCURRENTLY tasks;
REFRESH MATERIALIZED VIEW CONCURRENTLY task_counts;
