-- expect: error@2
TRUNCATE tasks, users;
