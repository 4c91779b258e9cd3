-- schema: CREATE TABLE events (day date) PARTITION BY RANGE (day);
-- schema: CREATE TABLE e1 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
-- postgres: 13
-- expect: information@5
ALTER TABLE events DETACH PARTITION e1;
