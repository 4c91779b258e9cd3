-- wrapped
-- expect: information@6
-- header

-- the column
SET LOCAL lock_timeout = '2s';
ALTER TABLE tasks ADD COLUMN a text;
