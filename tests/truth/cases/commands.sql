-- given
CREATE SCHEMA app;
DROP ROLE IF EXISTS clerk, boss;
CREATE ROLE clerk;
CREATE ROLE boss;
CREATE TYPE point3 AS (x integer, y integer, z integer);
CREATE TYPE mood AS ENUM ('low', 'high');
CREATE DOMAIN short AS text CHECK (length(VALUE) < 20);
CREATE TABLE t (id serial PRIMARY KEY, a integer, b text, at timestamptz DEFAULT now());
CREATE INDEX t_a ON t (a);
CREATE UNIQUE INDEX t_b ON t (b);
CREATE TABLE u (id integer PRIMARY KEY, t_id integer REFERENCES t (id) DEFERRABLE, v text);
CREATE TABLE app.x (id integer PRIMARY KEY, v text);
CREATE TABLE parted (id integer NOT NULL, v text) PARTITION BY RANGE (id);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (100) TO (200);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE MATERIALIZED VIEW m AS SELECT id, b FROM t;
CREATE UNIQUE INDEX m_id ON m (id);
CREATE STATISTICS t_stats ON a, b FROM t;
CREATE STATISTICS x_stats ON id, v FROM app.x;
CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION noticed() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE PROCEDURE work() LANGUAGE plpgsql AS $$ BEGIN UPDATE u SET v = 'w' WHERE id = 1; END $$;
CREATE FOREIGN DATA WRAPPER nothing;
CREATE SERVER far FOREIGN DATA WRAPPER nothing;
CREATE FOREIGN TABLE far_t (id integer, v text) SERVER far;
CREATE PUBLICATION pub FOR TABLE u;
CREATE COLLATION plain FROM "C";
CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);
CREATE TEXT SEARCH DICTIONARY stems (TEMPLATE = simple);
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq);
CREATE FUNCTION mood_number(mood) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE CAST (mood AS integer) WITH FUNCTION mood_number(mood);
CREATE EVENT TRIGGER watcher ON ddl_command_end EXECUTE FUNCTION noticed();
CREATE RULE keep AS ON DELETE TO app.x WHERE OLD.id < 0 DO INSTEAD NOTHING;
CREATE POLICY all_rows ON u USING (true);
INSERT INTO t (a, b) SELECT g, 'b' || g FROM generate_series(1, 20) g;
INSERT INTO u SELECT g, g, 'v' FROM generate_series(1, 20) g;
INSERT INTO app.x SELECT g, 'v' FROM generate_series(1, 20) g;
INSERT INTO parted SELECT g * 9, 'v' FROM generate_series(1, 20) g;
REFRESH MATERIALIZED VIEW m;

-- case: drop statistics
-- unseen: analysis
DROP STATISTICS t_stats;
-- case: drop two statistics
-- unseen: analysis
DROP STATISTICS t_stats, x_stats;
-- case: drop statistics if they exist
-- unseen: analysis
DROP STATISTICS IF EXISTS t_stats;
-- case: drop statistics that are not there, if they are
-- unseen: analysis
DROP STATISTICS IF EXISTS nothing_stats;
-- case: rename statistics
ALTER STATISTICS t_stats RENAME TO t_figures;
-- case: move statistics
ALTER STATISTICS t_stats SET SCHEMA app;
-- case: statistics of an expression
-- majors: 14-
CREATE STATISTICS more_stats ON (a * 2) FROM t;
-- case: statistics without a name
-- majors: 16-
CREATE STATISTICS ON a, id FROM t;
-- case: explain an update
EXPLAIN UPDATE t SET a = a + 1;
-- case: explain and run an update
-- unseen: loses danger
EXPLAIN ANALYZE UPDATE t SET a = a + 1 WHERE id = 3;
-- case: explain and run a delete
-- unseen: loses danger
EXPLAIN (ANALYZE, BUFFERS) DELETE FROM u WHERE id = 3;
-- case: explain analyze off
EXPLAIN (ANALYZE false) DELETE FROM u;
-- case: explain a table from a query
EXPLAIN CREATE TABLE copy AS SELECT * FROM t;
-- case: prepare an update
PREPARE change AS UPDATE t SET a = $1 WHERE id = $2;
-- case: prepare and execute an update
-- unseen: analysis
PREPARE change AS UPDATE t SET a = $1 WHERE id = $2;
EXECUTE change(3, 4);
-- case: prepare and execute a delete of all
-- unseen: analysis
PREPARE clean AS DELETE FROM u;
EXECUTE clean;
-- case: prepare, execute, deallocate
-- unseen: analysis
PREPARE change AS UPDATE t SET b = 'x' || $1 WHERE id = 1;
EXECUTE change(3);
DEALLOCATE change;
-- case: cluster using an index
CLUSTER t USING t_a;
-- case: cluster by the old words
CLUSTER t_a ON t;
-- case: cluster everything
-- unseen: analysis
CLUSTER;
-- case: cluster a table that was
ALTER TABLE t CLUSTER ON t_a;
-- run
CLUSTER t;
-- case: cluster using what is not there
CLUSTER t USING nothing;
-- case: cluster in verbose
CLUSTER VERBOSE t USING t_b;
-- case: lock several in a transaction
BEGIN;
LOCK TABLE t, app.x IN SHARE ROW EXCLUSIVE MODE;
COMMIT;
-- case: lock only
BEGIN;
LOCK TABLE ONLY parted IN ACCESS EXCLUSIVE MODE;
COMMIT;
-- case: lock a partitioned table
BEGIN;
LOCK TABLE parted IN EXCLUSIVE MODE;
COMMIT;
-- case: lock a view
BEGIN;
LOCK TABLE v IN ACCESS SHARE MODE;
COMMIT;
-- case: lock nowait
BEGIN;
LOCK t NOWAIT;
COMMIT;
-- case: default of only a partitioned table
ALTER TABLE ONLY parted ALTER COLUMN v SET DEFAULT 'n';
-- case: default of a partitioned table goes
ALTER TABLE parted ALTER COLUMN v SET DEFAULT 'n';
-- run
ALTER TABLE ONLY parted ALTER COLUMN v DROP DEFAULT;
-- case: default null
ALTER TABLE t ALTER COLUMN a SET DEFAULT NULL;
-- case: a column of an unknown type
ALTER TABLE t ADD COLUMN z nothing_type;
-- case: a column of a composite type
ALTER TABLE t ADD COLUMN z point3;
-- case: a column of a domain
ALTER TABLE t ADD COLUMN z short;
-- case: a column of an array of an enum
ALTER TABLE t ADD COLUMN z mood[] NOT NULL DEFAULT '{}';
-- case: a column of a range
ALTER TABLE t ADD COLUMN z tstzrange;
-- case: a table of a type
CREATE TABLE corners OF point3 (PRIMARY KEY (x));
-- case: a table with a column of another type's rows
CREATE TABLE copies (id integer, whole t);
-- case: copy in
COPY app.x (id, v) FROM STDIN;
\.
-- case: copy into a table that is not there
COPY nothing FROM STDIN;
\.
-- case: owner of a function
ALTER FUNCTION twice(integer) OWNER TO clerk;
-- case: owner of a schema
ALTER SCHEMA app OWNER TO clerk;
-- case: owner of a type
ALTER TYPE point3 OWNER TO clerk;
-- case: owner of a view
-- unseen: breaks danger
ALTER VIEW v OWNER TO clerk;
-- case: owner of a materialized view
ALTER MATERIALIZED VIEW m OWNER TO clerk;
-- case: owner of an aggregate
ALTER AGGREGATE total(integer) OWNER TO clerk;
-- case: owner of a publication
ALTER PUBLICATION pub OWNER TO CURRENT_USER;
-- case: schema of a function
-- unseen: breaks danger
ALTER FUNCTION twice(integer) SET SCHEMA app;
-- case: schema of a type
-- unseen: breaks danger
ALTER TYPE point3 SET SCHEMA app;
-- case: schema of a domain
-- unseen: breaks danger
ALTER DOMAIN short SET SCHEMA app;
-- case: schema of a collation
ALTER COLLATION plain SET SCHEMA app;
-- case: schema of an operator
ALTER OPERATOR === (integer, integer) SET SCHEMA app;
-- case: schema of a text search configuration
ALTER TEXT SEARCH CONFIGURATION words SET SCHEMA app;
-- case: rename a collation
ALTER COLLATION plain RENAME TO simple_order;
-- case: rename a text search configuration
ALTER TEXT SEARCH CONFIGURATION words RENAME TO terms;
-- case: rename a text search dictionary
ALTER TEXT SEARCH DICTIONARY stems RENAME TO roots;
-- case: rename an aggregate
ALTER AGGREGATE total(integer) RENAME TO summed;
-- case: rename a procedure
-- unseen: breaks danger
ALTER PROCEDURE work() RENAME TO toil;
-- case: rename a role
ALTER ROLE boss RENAME TO chief;
ALTER ROLE chief RENAME TO boss;
-- case: rename a server
ALTER SERVER far RENAME TO away;
-- case: rename an event trigger
ALTER EVENT TRIGGER watcher RENAME TO observer;
-- case: rename a publication
ALTER PUBLICATION pub RENAME TO stream;
-- case: rename a policy
ALTER POLICY all_rows ON u RENAME TO every_row;
-- case: rename a rule
ALTER RULE keep ON app.x RENAME TO retain;
-- case: reassign owned
-- unseen: analysis
REASSIGN OWNED BY boss TO clerk;
-- case: drop owned
-- unseen: analysis
DROP OWNED BY boss;
-- case: alter system
ALTER SYSTEM SET work_mem = '8MB';
-- case: alter system reset
ALTER SYSTEM RESET work_mem;
-- case: alter database set
ALTER DATABASE postgres SET work_mem = '8MB';
-- case: alter role set
ALTER ROLE clerk SET search_path = app, public;
ALTER ROLE clerk RESET ALL;
-- case: alter role in database
ALTER ROLE clerk IN DATABASE postgres SET statement_timeout = '5s';
-- case: create role
CREATE ROLE viewer NOLOGIN;
DROP ROLE viewer;
-- case: create user
CREATE USER somebody PASSWORD 'x';
DROP USER somebody;
-- case: create group
CREATE GROUP people;
DROP GROUP people;
-- case: grant a role
GRANT clerk TO boss;
-- case: revoke a role
REVOKE clerk FROM boss;
-- case: drop role if it exists
DROP ROLE IF EXISTS nobody_at_all;
-- case: create event trigger
CREATE EVENT TRIGGER second ON sql_drop EXECUTE FUNCTION noticed();
-- case: disable event trigger
ALTER EVENT TRIGGER watcher DISABLE;
-- case: drop event trigger
DROP EVENT TRIGGER watcher;
-- case: rule that notifies
CREATE RULE tell AS ON UPDATE TO t DO ALSO NOTIFY changed;
-- case: rule instead of insert
-- unseen: breaks danger
CREATE RULE no_insert AS ON INSERT TO app.x DO INSTEAD NOTHING;
-- case: replace a rule
CREATE OR REPLACE RULE keep AS ON DELETE TO app.x WHERE OLD.id < -1 DO INSTEAD NOTHING;
-- case: rule on a view
CREATE RULE v_insert AS ON INSERT TO v DO INSTEAD INSERT INTO t (a) VALUES (NEW.a);
-- case: publication of a schema
-- majors: 15-
CREATE PUBLICATION of_app FOR TABLES IN SCHEMA app;
-- case: publication with a condition
-- majors: 15-
CREATE PUBLICATION part FOR TABLE u (id, t_id) WHERE (id > 3);
-- case: publication set
ALTER PUBLICATION pub SET (publish = 'insert');
-- case: publication set table
-- unseen: analysis
ALTER PUBLICATION pub SET TABLE t;
-- case: create foreign data wrapper
CREATE FOREIGN DATA WRAPPER other;
-- case: create server
CREATE SERVER near FOREIGN DATA WRAPPER nothing;
-- case: alter server
ALTER SERVER far VERSION '2';
-- case: create user mapping
CREATE USER MAPPING FOR clerk SERVER far;
-- case: drop user mapping
DROP USER MAPPING IF EXISTS FOR clerk SERVER far;
-- case: drop server
-- unseen: analysis
DROP SERVER far;
-- case: drop server with everything
-- unseen: analysis
DROP SERVER far CASCADE;
-- case: drop foreign data wrapper
-- unseen: analysis
DROP FOREIGN DATA WRAPPER IF EXISTS other;
-- case: column of a foreign table
ALTER FOREIGN TABLE far_t ADD COLUMN n integer;
-- case: column of a foreign table goes
-- unseen: loses breaks danger
ALTER FOREIGN TABLE far_t DROP COLUMN v;
-- case: type of a foreign table's column
ALTER FOREIGN TABLE far_t ALTER COLUMN id TYPE bigint;
-- case: create a text search configuration
CREATE TEXT SEARCH CONFIGURATION more (COPY = english);
-- case: alter a text search configuration
ALTER TEXT SEARCH CONFIGURATION words ALTER MAPPING FOR asciiword WITH simple;
-- case: create a text search dictionary
CREATE TEXT SEARCH DICTIONARY more (TEMPLATE = simple);
-- case: create a text search parser's template
CREATE TEXT SEARCH TEMPLATE plain_template (LEXIZE = dsimple_lexize);
-- case: drop a text search configuration
-- unseen: analysis
DROP TEXT SEARCH CONFIGURATION words;
-- case: drop a text search dictionary
-- unseen: analysis
DROP TEXT SEARCH DICTIONARY stems;
-- case: create an aggregate
CREATE AGGREGATE joined(text) (SFUNC = textcat, STYPE = text, INITCOND = '');
-- case: drop an aggregate
-- unseen: analysis danger
DROP AGGREGATE total(integer);
-- case: create an operator
CREATE OPERATOR ==== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq);
-- case: alter an operator
ALTER OPERATOR === (integer, integer) SET (RESTRICT = eqsel);
-- case: drop an operator
-- unseen: analysis
DROP OPERATOR === (integer, integer);
-- case: create an operator class
CREATE OPERATOR CLASS own_ops FOR TYPE integer USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);
-- case: create an operator family
CREATE OPERATOR FAMILY own_family USING btree;
-- case: drop an operator family
-- unseen: analysis
DROP OPERATOR FAMILY IF EXISTS own_family USING btree;
-- case: create a cast
CREATE CAST (point3 AS text) WITH INOUT;
-- case: drop a cast
DROP CAST (mood AS integer);
-- case: drop a cast that is not there, if it is
DROP CAST IF EXISTS (point3 AS integer);
-- case: create a collation
CREATE COLLATION numbers (provider = icu, locale = 'en-u-kn-true');
-- case: drop a collation
-- unseen: analysis
DROP COLLATION plain;
-- case: create a conversion
CREATE CONVERSION own_conversion FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
-- case: drop a conversion
DROP CONVERSION IF EXISTS own_conversion;
-- case: create a language
CREATE OR REPLACE LANGUAGE plpgsql;
-- case: create an access method
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
-- case: drop an access method that is not there, if it is
-- unseen: analysis
DROP ACCESS METHOD IF EXISTS heap2;
-- case: listen, notify, unlisten
LISTEN changes;
NOTIFY changes, 'done';
UNLISTEN *;
-- case: discard all
DISCARD ALL;
-- case: discard plans
DISCARD PLANS;
-- case: reset all
RESET ALL;
-- case: call
-- unseen: analysis
CALL work();
-- case: constraints deferred
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
UPDATE u SET t_id = t_id WHERE id = 1;
COMMIT;
-- case: one constraint immediate
BEGIN;
SET CONSTRAINTS u_t_id_fkey IMMEDIATE;
COMMIT;
-- case: large object
-- unseen: analysis
SELECT lo_create(4242);
-- case: large object goes
-- unseen: analysis
SELECT lo_create(4243);
-- run
SELECT lo_unlink(4243);
-- case: show
SHOW search_path;
-- case: set a role
SET ROLE clerk;
RESET ROLE;
-- case: session authorization
SET SESSION AUTHORIZATION DEFAULT;
-- case: transaction characteristics
BEGIN ISOLATION LEVEL SERIALIZABLE;
SET TRANSACTION READ WRITE;
COMMIT;
-- case: cursor and fetch
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM t;
FETCH 3 FROM c;
MOVE 2 FROM c;
CLOSE c;
COMMIT;
-- case: create a database
-- unseen: danger
CREATE DATABASE another;
DROP DATABASE another;
-- case: create a database in a transaction
BEGIN;
CREATE DATABASE another_one;
COMMIT;
-- case: drop a database that is not there, if it is
-- unseen: danger
DROP DATABASE IF EXISTS nothing_there;
-- case: create a tablespace in a transaction
BEGIN;
CREATE TABLESPACE away LOCATION '/nowhere';
COMMIT;
-- case: alter system in a transaction
BEGIN;
ALTER SYSTEM SET work_mem = '8MB';
COMMIT;
-- case: create an extension
CREATE EXTENSION citext;
-- case: create an extension in a schema
CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA app;
-- case: drop an extension
CREATE EXTENSION citext;
-- run
DROP EXTENSION citext;
-- case: drop an extension that a column needs
CREATE EXTENSION citext;
ALTER TABLE t ADD COLUMN c citext;
-- run
DROP EXTENSION citext;
-- case: update an extension
CREATE EXTENSION citext;
-- run
ALTER EXTENSION citext UPDATE;
-- case: function leaves its extension
ALTER FUNCTION twice(integer) DEPENDS ON EXTENSION plpgsql;
-- case: alter routine
ALTER ROUTINE twice(integer) STABLE;
-- case: drop a function that is used
ALTER TABLE t ADD COLUMN w integer DEFAULT twice(2);
-- run
DROP FUNCTION twice(integer);
-- case: drop a routine
-- unseen: analysis danger
DROP ROUTINE work();
-- case: create a function with a body of SQL
-- majors: 14-
CREATE FUNCTION half(n integer) RETURNS integer LANGUAGE sql RETURN n / 2;
-- case: create a function with begin atomic
-- majors: 14-
CREATE FUNCTION first_t() RETURNS integer LANGUAGE sql BEGIN ATOMIC; SELECT id FROM t LIMIT 1; END;
-- case: instead of trigger on a view
CREATE TRIGGER v_insert INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION noted();
-- case: statement trigger with a transition table
CREATE TRIGGER t_after AFTER UPDATE ON t REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION noted();
-- case: trigger on a partitioned table
CREATE TRIGGER parted_before BEFORE UPDATE ON parted FOR EACH ROW EXECUTE FUNCTION noted();
-- case: trigger depends on an extension
-- unseen: locks
CREATE TRIGGER t_before BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION noted();
-- run
ALTER TRIGGER t_before ON t DEPENDS ON EXTENSION plpgsql;
-- case: import a foreign schema
-- unseen: analysis
IMPORT FOREIGN SCHEMA public FROM SERVER far INTO app;
-- case: refresh
REFRESH MATERIALIZED VIEW m;
-- case: refresh concurrently in a transaction
BEGIN;
REFRESH MATERIALIZED VIEW CONCURRENTLY m;
COMMIT;
-- case: replace a view with a column more
CREATE OR REPLACE VIEW v AS SELECT id, a, b FROM t;
-- case: replace a view with a column less
CREATE OR REPLACE VIEW v AS SELECT id FROM t;
-- case: recursive view
CREATE RECURSIVE VIEW numbers (n) AS SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 5;
-- case: temporary sequence
CREATE TEMPORARY SEQUENCE passing;
-- case: sequence unlogged
-- majors: 15-
CREATE UNLOGGED SEQUENCE careless;
-- case: sequence owner none
ALTER SEQUENCE t_id_seq OWNED BY NONE;
-- case: table moves all in a tablespace
ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE pg_default;
-- case: default privileges
ALTER DEFAULT PRIVILEGES FOR ROLE clerk REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- case: grant on a schema
GRANT USAGE ON SCHEMA app TO clerk;
-- case: grant on columns
GRANT SELECT (id, a), UPDATE (a) ON t TO clerk;
-- case: grant on a sequence
GRANT USAGE ON SEQUENCE t_id_seq TO clerk;
-- case: grant on a function
GRANT EXECUTE ON FUNCTION twice(integer) TO clerk;
-- case: grant on all sequences
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO clerk;
-- case: grant on a type
GRANT USAGE ON TYPE mood TO clerk;
-- case: comment on many
COMMENT ON TYPE mood IS 'm';
COMMENT ON DOMAIN short IS 's';
-- case: comment on an extension
COMMENT ON EXTENSION plpgsql IS 'p';
-- case: comment on a policy and a rule
COMMENT ON POLICY all_rows ON u IS 'p';
COMMENT ON RULE keep ON app.x IS 'r';
-- case: comment on statistics
COMMENT ON STATISTICS t_stats IS 's';
-- case: comment on a materialized view
COMMENT ON MATERIALIZED VIEW m IS 'm';
-- case: comment on a role
COMMENT ON ROLE clerk IS 'c';
-- case: alter type set
ALTER TYPE point3 ADD ATTRIBUTE w integer;
-- case: rename an attribute
ALTER TYPE point3 RENAME ATTRIBUTE x TO first;
-- case: create a range type
CREATE TYPE span_of_floats AS RANGE (subtype = float8, subtype_diff = float8mi);
-- case: create a shell type
CREATE TYPE shell;
-- case: drop a type that a column has
ALTER TABLE t ADD COLUMN z mood;
-- run
DROP TYPE mood;
-- case: drop a type with the column
ALTER TABLE t ADD COLUMN z mood DEFAULT 'low';
-- run
DROP TYPE mood CASCADE;
-- case: merge
-- unseen: danger
-- majors: 15-
MERGE INTO u USING t ON u.id = t.id WHEN MATCHED THEN UPDATE SET v = t.b WHEN NOT MATCHED THEN INSERT VALUES (t.id, t.id, t.b);
-- case: reindex a schema
REINDEX SCHEMA app;
-- case: reindex a table of a schema
REINDEX TABLE app.x;
-- case: reindex a partitioned table
CREATE INDEX parted_v ON parted (v);
-- run
REINDEX TABLE parted;
-- case: vacuum several
VACUUM t, u;
-- case: vacuum with options
-- unseen: locks
VACUUM (ANALYZE, SKIP_LOCKED) t;
-- case: analyze everything of a table with options
ANALYZE VERBOSE t (a, b);
