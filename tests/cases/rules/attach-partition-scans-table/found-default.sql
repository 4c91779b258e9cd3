-- schema: CREATE TABLE events (day date) PARTITION BY RANGE (day);
-- schema: CREATE TABLE e1 (day date);
-- schema: CREATE TABLE e2 PARTITION OF events DEFAULT;
-- expect: warning@5 warning@6
ALTER TABLE events ATTACH PARTITION e1 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE e3 PARTITION OF events FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
