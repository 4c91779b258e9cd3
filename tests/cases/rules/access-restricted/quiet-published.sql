-- schema: CREATE TABLE readings (at timestamptz, value integer);
CREATE PUBLICATION added FOR TABLE readings WITH (publish = 'insert');
CREATE PUBLICATION keyed FOR TABLE tasks;
ALTER TABLE readings REPLICA IDENTITY FULL;
CREATE PUBLICATION sent FOR TABLE readings;
ALTER PUBLICATION sent DROP TABLE readings;
