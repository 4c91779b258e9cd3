-- given
CREATE SCHEMA app;
CREATE TABLE t (id integer PRIMARY KEY, a integer, b text, total integer DEFAULT 0);
CREATE TABLE u (id integer PRIMARY KEY, t_id integer REFERENCES t (id));
CREATE TABLE app.x (id integer PRIMARY KEY, v text);
CREATE SEQUENCE counter;
CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
CREATE FUNCTION unused() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.b := 'x'; RETURN NEW; END $$;
CREATE TABLE f (id integer PRIMARY KEY, n integer DEFAULT twice(2));
CREATE INDEX f_twice ON f (twice(n));
CREATE TRIGGER stamped BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE VIEW v AS SELECT id, a FROM t;
CREATE POLICY see_all ON t FOR SELECT USING (true);
CREATE RULE no_delete AS ON DELETE TO app.x DO INSTEAD NOTHING;
CREATE STATISTICS t_stats ON a, b FROM t;
CREATE ROLE visitor;
CREATE PUBLICATION pub FOR TABLE u;
INSERT INTO t SELECT g, g, 'b' || g FROM generate_series(1, 10) g;
INSERT INTO u SELECT g, g FROM generate_series(1, 10) g;
INSERT INTO app.x SELECT g, 'v' FROM generate_series(1, 10) g;
INSERT INTO f (id) SELECT g FROM generate_series(1, 10) g;

-- case: create function
CREATE FUNCTION thrice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n * 3';
-- case: replace function
CREATE OR REPLACE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n + n';
-- case: function whose body has ddl
CREATE FUNCTION danger() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE t DROP COLUMN a; END $$;
-- case: alter function
ALTER FUNCTION twice(integer) OWNER TO CURRENT_USER;
-- case: drop unused function
-- unseen: danger
DROP FUNCTION unused();
-- case: drop function if exists
DROP FUNCTION IF EXISTS nothing();
-- case: procedure
CREATE PROCEDURE work() LANGUAGE sql AS 'SELECT 1';
-- case: create trigger
CREATE TRIGGER stamped2 BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION stamp();
-- case: create constraint trigger
CREATE CONSTRAINT TRIGGER stamped2 AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION stamp();
-- case: replace trigger
CREATE OR REPLACE TRIGGER stamped BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION stamp();
-- case: create trigger that is there
CREATE TRIGGER stamped BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION stamp();
-- case: drop trigger
DROP TRIGGER stamped ON t;
-- case: drop missing trigger
DROP TRIGGER nothing ON t;
-- case: drop missing trigger if exists
DROP TRIGGER IF EXISTS nothing ON t;
-- case: rename trigger
ALTER TRIGGER stamped ON t RENAME TO marked;
-- case: create policy
CREATE POLICY own ON t FOR UPDATE USING (a > 0);
-- case: alter policy
ALTER POLICY see_all ON t USING (a > 0);
-- case: drop policy
DROP POLICY see_all ON t;
-- case: create rule
CREATE RULE nothing_else AS ON DELETE TO t WHERE OLD.id < 0 DO INSTEAD NOTHING;
-- case: drop rule
DROP RULE no_delete ON app.x;
-- case: create statistics
CREATE STATISTICS t_more (dependencies) ON id, a FROM t;
-- case: alter statistics
ALTER STATISTICS t_stats SET STATISTICS 100;
-- case: comments
COMMENT ON TABLE t IS 'x';
-- case: comment on a column
COMMENT ON COLUMN t.a IS 'x';
-- case: comment on a constraint
COMMENT ON CONSTRAINT t_pkey ON t IS 'x';
-- case: comment on an index
COMMENT ON INDEX f_twice IS 'x';
-- case: comment on a view
COMMENT ON VIEW v IS 'x';
-- case: comment on a function
COMMENT ON FUNCTION twice(integer) IS 'x';
-- case: comment on a schema
COMMENT ON SCHEMA app IS 'x';
-- case: comment on a missing table
COMMENT ON TABLE nothing IS 'x';
-- case: grant
GRANT SELECT ON t TO visitor;
-- case: grant on all
GRANT SELECT ON ALL TABLES IN SCHEMA public TO visitor;
-- case: revoke
REVOKE ALL ON t FROM PUBLIC;
-- case: default privileges
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO visitor;
-- case: owner of a table
ALTER TABLE t OWNER TO CURRENT_USER;
-- case: create schema
CREATE SCHEMA more;
-- case: create schema if not exists
CREATE SCHEMA IF NOT EXISTS app;
-- case: create schema that is there
CREATE SCHEMA app;
-- case: drop schema with tables
DROP SCHEMA app;
-- case: drop schema with everything
DROP SCHEMA app CASCADE;
-- case: create extension
CREATE EXTENSION IF NOT EXISTS plpgsql;
-- case: create publication
CREATE PUBLICATION pub2 FOR TABLE t;
-- case: create publication for all
CREATE PUBLICATION pub3 FOR ALL TABLES;
-- case: publication gets a table
ALTER PUBLICATION pub ADD TABLE t;
-- case: publication loses a table
ALTER PUBLICATION pub DROP TABLE u;
-- case: drop publication
DROP PUBLICATION pub;
-- case: create sequence
CREATE SEQUENCE counter2 START 10;
-- case: create sequence owned
CREATE SEQUENCE counter2 OWNED BY t.a;
-- case: alter sequence
ALTER SEQUENCE counter INCREMENT BY 5;
-- case: restart sequence
ALTER SEQUENCE counter RESTART WITH 100;
-- case: rename sequence
-- unseen: breaks, danger
ALTER SEQUENCE counter RENAME TO numbers;
-- case: drop sequence
-- unseen: loses, breaks, danger
DROP SEQUENCE counter;
-- case: drop missing sequence
DROP SEQUENCE nothing;
-- case: next value
SELECT nextval('counter');
-- case: set value
SELECT setval('counter', 50);
-- case: do with literal ddl
DO $$ BEGIN ALTER TABLE t ADD COLUMN n integer; END $$;
-- case: do with a scan
DO $$ BEGIN ALTER TABLE t ADD CONSTRAINT a_positive CHECK (a > 0); END $$;
-- case: do with an index
DO $body$ BEGIN CREATE INDEX t_a ON t (a); END $body$;
-- case: do with execute of a literal
DO $$ BEGIN EXECUTE 'ALTER TABLE t DROP COLUMN a CASCADE'; END $$;
-- case: do with execute of format of literals
DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN %I integer', 't', 'n'); END $$;
-- case: do with execute of concatenated literals
DO $$ BEGIN EXECUTE 'ALTER TABLE ' || 't' || ' ADD COLUMN n integer'; END $$;
-- case: do with two statements
-- unseen: danger
DO $$ BEGIN
  ALTER TABLE t ADD COLUMN n integer;
  UPDATE t SET n = 1;
END $$;
-- case: do that only looks
DO $$ BEGIN
  IF EXISTS (SELECT FROM t WHERE a IS NULL) THEN RAISE EXCEPTION 'nulls'; END IF;
END $$;
-- case: do with perform
DO $$ BEGIN PERFORM count(*) FROM t; END $$;
-- case: do with a loop over a literal table
DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT id FROM t LOOP UPDATE t SET total = 1 WHERE id = r.id; END LOOP;
END $$;
-- case: do with a variable
DO $$ DECLARE n integer; BEGIN SELECT max(id) INTO n FROM t; END $$;
-- case: do with an exception block
DO $$ BEGIN
  ALTER TABLE t ADD COLUMN a integer;
EXCEPTION WHEN duplicate_column THEN NULL;
END $$;
-- case: do with an exception block around what works
DO $$ BEGIN
  ALTER TABLE t ADD COLUMN n integer;
EXCEPTION WHEN duplicate_column THEN NULL;
END $$;
-- case: do creating a type that may be there
DO $$ BEGIN
  CREATE TYPE state AS ENUM ('a', 'b');
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;
ALTER TABLE t ADD COLUMN s state;
-- case: do with strings that look like ddl
DO $$ BEGIN RAISE NOTICE 'ALTER TABLE t DROP COLUMN a'; END $$;
-- case: strings that look like ddl
INSERT INTO app.x VALUES (100, 'DROP TABLE t; -- CREATE INDEX');
-- case: comments that look like ddl
/* DROP TABLE t; /* nested */ ALTER TABLE t DROP COLUMN a; */
ALTER TABLE t ADD COLUMN n integer; -- DROP TABLE t;
-- case: function defined and called
CREATE FUNCTION migrate() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE t ADD COLUMN n integer; END $$;
SELECT migrate();
DROP FUNCTION migrate();
-- case: procedure defined and called
-- unseen: danger
CREATE PROCEDURE migrate() LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET total = 1 WHERE id < 3; END $$;
CALL migrate();
-- case: settings
SET lock_timeout = '2s';
SET statement_timeout TO 30000;
SET SESSION idle_in_transaction_session_timeout = '1min';
RESET statement_timeout;
SHOW lock_timeout;
-- case: settings by function
SELECT set_config('lock_timeout', '3s', false);
ALTER TABLE t ADD COLUMN n integer;
-- case: search path by function
SELECT set_config('search_path', 'app', false);
ALTER TABLE x ADD COLUMN n integer;
-- case: search path of the transaction
BEGIN;
SET LOCAL search_path = app;
ALTER TABLE x ADD COLUMN n integer;
COMMIT;
ALTER TABLE t ADD COLUMN n integer;
-- case: listen and notify
LISTEN something;
NOTIFY something;
UNLISTEN *;
-- case: explain analyze
EXPLAIN (ANALYZE) SELECT * FROM u;
-- case: lock timeout zero
SET lock_timeout = 0;
ALTER TABLE t ADD COLUMN n integer;
-- case: savepoints
BEGIN;
ALTER TABLE t ADD COLUMN n integer;
SAVEPOINT s;
ALTER TABLE u ADD COLUMN n integer;
ROLLBACK TO SAVEPOINT s;
RELEASE SAVEPOINT s;
COMMIT;
-- case: rolled back
BEGIN;
ALTER TABLE t ADD COLUMN n integer;
ROLLBACK;
ALTER TABLE t ADD COLUMN n integer;
-- case: constraints deferred
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
COMMIT;
-- case: discard
DISCARD ALL;
-- case: checkpoint
CHECKPOINT;
