-- wrapped
-- expect: information@3 information@6
BEGIN;
ALTER TABLE tasks ADD COLUMN note text;
COMMIT;
COMMIT;
