-- schema: CREATE TABLE events (day date) PARTITION BY RANGE (day);
CREATE INDEX idx_day ON ONLY events (day);
