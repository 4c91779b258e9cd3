-- expect: warning@2
ALTER TABLE tasks DROP COLUMN completed CASCADE;
