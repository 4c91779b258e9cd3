-- expect: warning@2
REFRESH MATERIALIZED VIEW task_counts;
