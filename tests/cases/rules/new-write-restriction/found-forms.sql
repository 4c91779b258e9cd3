-- expect: information@2 information@3
ALTER TABLE tasks ADD CONSTRAINT chk CHECK (title <> '') NOT VALID;
ALTER TABLE tasks ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
