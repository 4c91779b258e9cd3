-- expect: warning@2 warning@3
DROP VIEW open_tasks;
DROP MATERIALIZED VIEW task_counts;
