-- schema: CREATE TABLE readings (at timestamptz, value integer);
-- expect: warning@3 warning@6
CREATE PUBLICATION readings_sent FOR TABLE readings;

CREATE TABLE notes (body text);
CREATE PUBLICATION everything FOR ALL TABLES;
