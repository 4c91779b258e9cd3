-- wrapped
-- expect: information@6
-- header

SET LOCAL lock_timeout = '2s';
-- the column
ALTER TABLE tasks ADD COLUMN a text;
