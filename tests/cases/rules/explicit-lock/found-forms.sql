-- expect: error@2 information@4
LOCK TABLE users;
BEGIN;
LOCK TABLE tasks IN SHARE MODE;
COMMIT;
