-- expect: warning@3
BEGIN;
ALTER TABLE tasks ADD FOREIGN KEY (user_id) REFERENCES users DEFERRABLE;
ALTER TABLE tasks ADD COLUMN note text;
COMMIT;
