-- expect: warning@2 warning@3 warning@4
ALTER TABLE tasks ADD COLUMN effort integer CHECK (effort > 0);
ALTER TABLE tasks ADD COLUMN code text UNIQUE;
ALTER TABLE tasks ADD COLUMN owner_id integer DEFAULT 1 REFERENCES users (id);
