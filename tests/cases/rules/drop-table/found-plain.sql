-- expect: error@2
DROP TABLE IF EXISTS tasks CASCADE;
