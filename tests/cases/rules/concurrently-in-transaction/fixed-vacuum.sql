-- expect: error@3
VACUUM tasks;
