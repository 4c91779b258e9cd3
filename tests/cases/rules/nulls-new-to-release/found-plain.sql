-- expect: information@2
ALTER TABLE tasks ALTER COLUMN title DROP NOT NULL;
