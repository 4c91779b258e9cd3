-- schema: CREATE SCHEMA empty;
DROP SCHEMA empty;
DROP TYPE mood;
