-- expect: warning@2 warning@3
CREATE UNIQUE INDEX CONCURRENTLY uq_email ON users (email);

ALTER TABLE users ADD CONSTRAINT uq_email UNIQUE USING INDEX uq_email;
CREATE UNIQUE INDEX CONCURRENTLY tasks_user_id_title_key ON tasks (user_id, title);

ALTER TABLE tasks ADD CONSTRAINT tasks_user_id_title_key UNIQUE USING INDEX tasks_user_id_title_key DEFERRABLE INITIALLY DEFERRED;
