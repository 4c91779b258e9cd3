-- expect: warning@2 information@3
DROP TABLE tasks CASCADE;
DROP TYPE mood CASCADE;
