-- expect: warning@2 warning@3 warning@4
VACUUM FULL tasks;
CLUSTER tasks USING tasks_pkey;
ALTER TABLE users SET UNLOGGED;
