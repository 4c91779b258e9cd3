-- schema: CREATE TABLE events (day date, user_id integer) PARTITION BY RANGE (day);
-- expect: error@3
ALTER TABLE events ADD FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
