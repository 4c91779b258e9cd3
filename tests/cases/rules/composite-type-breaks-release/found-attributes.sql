-- schema: CREATE TYPE address AS (street text, city text); CREATE TABLE shops (id integer PRIMARY KEY, place address);
-- expect: warning@3 error@4
ALTER TYPE address ADD ATTRIBUTE zip text;
ALTER TYPE address DROP ATTRIBUTE city;
