CREATE TYPE level AS ENUM ('low', 'hi');
ALTER TYPE level RENAME VALUE 'hi' TO 'high';
