-- expect: information@2
DO $$ DECLARE name text := 'tasks'; BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN x integer', name); END $$;
