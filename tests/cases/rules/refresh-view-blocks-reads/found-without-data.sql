-- schema: CREATE MATERIALIZED VIEW counts AS SELECT id FROM tasks;
-- expect: warning@3
REFRESH MATERIALIZED VIEW counts WITH NO DATA;
