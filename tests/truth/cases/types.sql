-- given
CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('low', 'middle', 'high');
CREATE TYPE unused AS ENUM ('a', 'b');
CREATE TYPE address AS (street text, city text);
CREATE TYPE lonely AS (x integer);
CREATE TYPE span AS RANGE (subtype = integer);
CREATE DOMAIN email AS text;
CREATE DOMAIN percent AS integer CHECK (VALUE <= 100);
CREATE DOMAIN free AS integer;
CREATE TABLE t (id integer PRIMARY KEY, m mood DEFAULT 'low', e email, p percent, a address, n integer);
CREATE TABLE second (id integer PRIMARY KEY, e email, m mood NOT NULL);
CREATE TABLE other (id integer PRIMARY KEY, n integer);
CREATE INDEX t_m ON t (m);
CREATE VIEW moods AS SELECT id, m FROM t;
INSERT INTO t SELECT g, 'low', 'e' || g, g, ROW('s', 'c')::address, g FROM generate_series(1, 10) g;
INSERT INTO second SELECT g, 'e' || g, 'high' FROM generate_series(1, 10) g;

-- case: create enum
CREATE TYPE colour AS ENUM ('red', 'green');
-- case: create enum that is there
CREATE TYPE mood AS ENUM ('x');
-- case: create composite
CREATE TYPE point3 AS (x integer, y integer, z integer);
-- case: create range
CREATE TYPE daterange2 AS RANGE (subtype = date);
-- case: create shell type
CREATE TYPE shell;
-- case: add value
-- unseen: danger
ALTER TYPE mood ADD VALUE 'top';
-- case: add value before
ALTER TYPE mood ADD VALUE 'least' BEFORE 'low';
-- case: add value if not exists
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'low';
-- case: add value that is there
ALTER TYPE mood ADD VALUE 'low';
-- case: add value beside one that is not there
ALTER TYPE mood ADD VALUE 'x' AFTER 'nothing';
-- case: add value to a missing type
ALTER TYPE nothing ADD VALUE 'x';
-- case: add value and use it in one transaction
BEGIN;
ALTER TYPE mood ADD VALUE 'top';
UPDATE t SET m = 'top' WHERE id = 1;
COMMIT;
-- case: add value and use it as a default in one transaction
BEGIN;
ALTER TYPE mood ADD VALUE 'top';
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'top';
COMMIT;
-- case: add value and use it afterwards
ALTER TYPE mood ADD VALUE 'top';
UPDATE t SET m = 'top' WHERE id = 1;
-- case: create enum and use it in one transaction
BEGIN;
CREATE TYPE colour AS ENUM ('red', 'green');
ALTER TABLE t ADD COLUMN colour colour NOT NULL DEFAULT 'red';
COMMIT;
-- case: rename value
-- unseen: breaks
ALTER TYPE mood RENAME VALUE 'low' TO 'lowest';
-- case: rename value that is not there
ALTER TYPE mood RENAME VALUE 'nothing' TO 'x';
-- case: rename value to one that is there
ALTER TYPE mood RENAME VALUE 'low' TO 'high';
-- case: rename type
-- unseen: breaks, danger
ALTER TYPE mood RENAME TO feeling;
-- case: rename type that is not there
ALTER TYPE nothing RENAME TO something;
-- case: rename type and use the old name
-- unseen: breaks, danger
ALTER TYPE mood RENAME TO feeling;
ALTER TABLE other ADD COLUMN m feeling DEFAULT 'low';
-- case: move type
-- unseen: breaks, danger
ALTER TYPE mood SET SCHEMA app;
-- case: owner of type
ALTER TYPE mood OWNER TO CURRENT_USER;
-- case: drop unused type
DROP TYPE unused;
-- case: drop used type
DROP TYPE mood;
-- case: drop used type with everything
DROP TYPE mood CASCADE;
-- case: drop missing type
DROP TYPE nothing;
-- case: drop missing type if exists
DROP TYPE IF EXISTS nothing;
-- case: drop two types
DROP TYPE unused, lonely;
-- case: drop used composite with everything
DROP TYPE address CASCADE;
-- case: composite gets an attribute
ALTER TYPE lonely ADD ATTRIBUTE y integer;
-- case: used composite gets an attribute
ALTER TYPE address ADD ATTRIBUTE zip text;
-- case: used composite gets an attribute, cascading
ALTER TYPE address ADD ATTRIBUTE zip text CASCADE;
-- case: used composite changes an attribute's type
ALTER TYPE address ALTER ATTRIBUTE city TYPE varchar(10);
-- case: unused composite changes an attribute's type
ALTER TYPE lonely ALTER ATTRIBUTE x TYPE bigint;
-- case: composite drops an attribute
-- unseen: loses, danger
ALTER TYPE lonely DROP ATTRIBUTE x;
-- case: composite renames an attribute
ALTER TYPE lonely RENAME ATTRIBUTE x TO z;
-- case: create domain
CREATE DOMAIN zip AS varchar(10) CHECK (VALUE ~ '^[0-9]+$');
-- case: create domain that is there
CREATE DOMAIN email AS text;
-- case: create domain and use it
CREATE DOMAIN zip AS varchar(10) NOT NULL DEFAULT '00000';
ALTER TABLE other ADD COLUMN zip zip;
-- case: domain gets a check
ALTER DOMAIN email ADD CONSTRAINT email_short CHECK (length(VALUE) < 100);
-- case: domain gets a check not valid
ALTER DOMAIN email ADD CONSTRAINT email_short CHECK (length(VALUE) < 100) NOT VALID;
-- case: domain check validated
ALTER DOMAIN email ADD CONSTRAINT email_short CHECK (length(VALUE) < 100) NOT VALID;
-- run
ALTER DOMAIN email VALIDATE CONSTRAINT email_short;
-- case: domain gets a check that rows violate
ALTER DOMAIN email ADD CONSTRAINT email_long CHECK (length(VALUE) > 100);
-- case: unused domain gets a check
ALTER DOMAIN free ADD CONSTRAINT small CHECK (VALUE < 5);
-- case: domain set not null
ALTER DOMAIN email SET NOT NULL;
-- case: domain drop not null
ALTER DOMAIN email DROP NOT NULL;
-- case: domain set default
ALTER DOMAIN email SET DEFAULT 'x';
-- case: domain drop default
ALTER DOMAIN email DROP DEFAULT;
-- case: domain drop constraint
ALTER DOMAIN percent DROP CONSTRAINT percent_check;
-- case: domain drop missing constraint
ALTER DOMAIN percent DROP CONSTRAINT nothing;
-- case: domain drop missing constraint if exists
ALTER DOMAIN percent DROP CONSTRAINT IF EXISTS nothing;
-- case: domain rename constraint
ALTER DOMAIN percent RENAME CONSTRAINT percent_check TO at_most;
-- case: domain rename
-- unseen: breaks, danger
ALTER DOMAIN email RENAME TO mail;
-- case: domain owner
ALTER DOMAIN email OWNER TO CURRENT_USER;
-- case: drop unused domain
DROP DOMAIN free;
-- case: drop used domain
DROP DOMAIN email;
-- case: drop used domain with everything
DROP DOMAIN email CASCADE;
-- case: add a column of a renamed enum's type
ALTER TYPE unused RENAME TO used;
-- run
ALTER TABLE other ADD COLUMN u used NOT NULL DEFAULT 'a';
-- case: enum swapped for a new one
BEGIN;
CREATE TYPE mood2 AS ENUM ('low', 'high');
ALTER TABLE second ALTER COLUMN m TYPE mood2 USING m::text::mood2;
COMMIT;
