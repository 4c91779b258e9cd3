ALTER TABLE tasks ADD COLUMN owner_id integer REFERENCES users (id);
