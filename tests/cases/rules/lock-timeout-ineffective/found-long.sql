-- expect: information@3
SET lock_timeout = '1min';
ALTER TABLE tasks ADD COLUMN a text;
