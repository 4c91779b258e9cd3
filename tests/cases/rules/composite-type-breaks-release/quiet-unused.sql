-- schema: CREATE TYPE lonely AS (street text, city text);
ALTER TYPE lonely ADD ATTRIBUTE zip text;
ALTER TYPE lonely DROP ATTRIBUTE city;
