-- expect: warning@2 warning@3
ALTER TABLE users ADD CONSTRAINT uq_email UNIQUE (email);
ALTER TABLE tasks ADD UNIQUE (user_id, title) DEFERRABLE INITIALLY DEFERRED;
