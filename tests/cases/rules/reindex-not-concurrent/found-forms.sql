-- expect: warning@2 warning@3
REINDEX TABLE tasks;
REINDEX (VERBOSE) INDEX idx_tasks_status;
