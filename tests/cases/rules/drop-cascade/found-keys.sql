-- schema: ALTER TABLE tasks ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id);
-- expect: information@3
ALTER TABLE users DROP CONSTRAINT users_pkey CASCADE;
