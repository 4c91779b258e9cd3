-- expect: information@3
BEGIN;
DROP INDEX idx_tasks_status;
COMMIT;
