-- schema: CREATE SCHEMA auth;
-- expect: warning@3 warning@4
ALTER TABLE tasks RENAME TO todos;
ALTER TABLE users SET SCHEMA auth;
