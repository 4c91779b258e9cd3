-- schema: CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS n FROM tasks;
-- expect: warning@3
REFRESH MATERIALIZED VIEW totals;
