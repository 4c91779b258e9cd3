BEGIN;
CREATE TYPE level AS ENUM ('low');
ALTER TYPE level ADD VALUE 'high';
ALTER TABLE tasks ADD COLUMN level level DEFAULT 'high';
COMMIT;
