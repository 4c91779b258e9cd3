DO $$ BEGIN ALTER TABLE tasks ADD COLUMN x integer; END $$;
