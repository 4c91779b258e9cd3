-- wrapped
-- expect: information@6
-- header

-- the column
ALTER TABLE tasks ADD COLUMN a text;
