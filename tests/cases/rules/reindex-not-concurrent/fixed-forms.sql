-- expect: warning@2 warning@3
REINDEX TABLE CONCURRENTLY tasks;
REINDEX (VERBOSE) INDEX CONCURRENTLY idx_tasks_status;
