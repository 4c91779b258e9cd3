-- expect: error@3
BEGIN;
VACUUM tasks;
COMMIT;
