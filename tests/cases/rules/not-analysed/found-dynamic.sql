-- expect: information@2
DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN x integer', 'tasks'); END $$;
