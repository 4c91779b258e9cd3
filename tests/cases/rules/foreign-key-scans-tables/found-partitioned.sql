-- schema: CREATE TABLE events (day date, user_id integer) PARTITION BY RANGE (day);
-- expect: warning@3
ALTER TABLE events ADD FOREIGN KEY (user_id) REFERENCES users (id);
