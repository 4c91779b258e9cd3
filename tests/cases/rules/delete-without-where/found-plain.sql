-- expect: error@2 error@3
DELETE FROM tasks;
DELETE FROM users WHERE true;
