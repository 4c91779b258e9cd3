-- expect: information@2
DROP TABLE users CASCADE;
