-- expect: warning@2
ALTER TABLE tasks RENAME title TO name;
