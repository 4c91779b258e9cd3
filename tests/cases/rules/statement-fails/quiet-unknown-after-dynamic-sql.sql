DO $$ BEGIN EXECUTE 'CREATE TABLE ' || quote_ident('notes') || ' (id integer)'; END $$;
ALTER TABLE notes ADD COLUMN body text;
