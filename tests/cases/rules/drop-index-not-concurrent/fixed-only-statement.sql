-- expect: information@3
DROP INDEX CONCURRENTLY idx_tasks_status;
