-- expect: error@2
BEGIN;
ALTER TABLE tasks ADD COLUMN note text;
COMMIT;
