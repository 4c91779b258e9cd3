-- expect: information@3
SET lock_timeout = 0;
ALTER TABLE tasks ADD COLUMN a text;
