-- expect: warning@2
REFRESH MATERIALIZED VIEW CONCURRENTLY task_counts;
