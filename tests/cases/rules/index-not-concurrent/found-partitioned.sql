-- schema: CREATE TABLE events (day date) PARTITION BY RANGE (day);
-- schema: CREATE TABLE events_1 PARTITION OF events DEFAULT;
-- expect: warning@4
CREATE INDEX idx_day ON events (day);
