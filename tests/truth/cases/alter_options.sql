-- given
CREATE SCHEMA app;
CREATE ROLE nobody_here;
CREATE TABLE owners (id integer PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE t (
  id serial PRIMARY KEY,
  a integer NOT NULL,
  b text,
  c numeric(10,2),
  n bigint GENERATED ALWAYS AS IDENTITY,
  owner_id integer REFERENCES owners (id),
  CONSTRAINT a_positive CHECK (a > 0)
);
CREATE UNIQUE INDEX t_a ON t (a);
CREATE UNIQUE INDEX t_b ON t (b);
CREATE INDEX t_c ON t (c);
CREATE TABLE bare (x integer, y text);
CREATE UNLOGGED TABLE quick (id serial PRIMARY KEY, v text);
CREATE TABLE app.t (id integer PRIMARY KEY, a integer);
CREATE TABLE "Mixed Case" ("Id" integer PRIMARY KEY, "Some Value" text);
CREATE TABLE parent (id integer, v text);
CREATE TABLE child (extra text) INHERITS (parent);
CREATE TABLE lone (id integer, v text, extra text);
CREATE TABLE narrow (id integer);
CREATE TABLE other_types (id bigint, v text);
CREATE TABLE checked_parent (id integer, CONSTRAINT id_positive CHECK (id > 0));
CREATE TABLE parted (id integer NOT NULL, v text) PARTITION BY RANGE (id);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (100) TO (200);
CREATE TABLE tree (id integer PRIMARY KEY, up integer REFERENCES tree (id));
CREATE TABLE watched (id integer PRIMARY KEY, a integer, b integer, c integer);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER on_watched BEFORE UPDATE ON watched FOR EACH ROW EXECUTE FUNCTION noted();
CREATE RULE keep AS ON DELETE TO watched WHERE OLD.id < 0 DO INSTEAD NOTHING;
CREATE TYPE shape AS (id integer, v text);
CREATE TABLE typed OF shape;
CREATE TABLE shaped (id integer, v text);
CREATE VIEW v_t AS SELECT id, a FROM t;
CREATE MATERIALIZED VIEW m_t AS SELECT id, b FROM t;
CREATE UNIQUE INDEX m_t_id ON m_t (id);
CREATE SEQUENCE seq;
CREATE TABLE guarded (id integer PRIMARY KEY, owner text, note text, kind text);
CREATE POLICY own ON guarded USING (owner = CURRENT_USER) WITH CHECK (kind <> 'x');
CREATE TABLE partly (id integer PRIMARY KEY, a integer, b integer, c integer, d integer);
CREATE TRIGGER of_a BEFORE UPDATE OF a ON partly FOR EACH ROW EXECUTE FUNCTION noted();
CREATE TRIGGER when_b BEFORE UPDATE ON partly FOR EACH ROW WHEN (NEW.b <> OLD.b) EXECUTE FUNCTION noted();
INSERT INTO owners SELECT g, 'o' || g FROM generate_series(1, 20) g;
INSERT INTO t (a, b, c, owner_id) SELECT g, 'b' || g, g, g FROM generate_series(1, 20) g;
INSERT INTO bare SELECT g, 'y' || g FROM generate_series(1, 20) g;
INSERT INTO quick (v) SELECT 'v' || g FROM generate_series(1, 20) g;
INSERT INTO app.t SELECT g, g FROM generate_series(1, 5) g;
INSERT INTO "Mixed Case" SELECT g, 'v' || g FROM generate_series(1, 5) g;
INSERT INTO parent SELECT g, 'v' || g FROM generate_series(1, 5) g;
INSERT INTO child SELECT g, 'v' || g, 'x' FROM generate_series(1, 5) g;
INSERT INTO lone SELECT g, 'v' || g, 'x' FROM generate_series(1, 5) g;
INSERT INTO narrow SELECT g FROM generate_series(1, 5) g;
INSERT INTO parted SELECT g * 10, 'v' || g FROM generate_series(1, 15) g;
INSERT INTO tree SELECT g, nullif(g - 1, 0) FROM generate_series(1, 5) g;
INSERT INTO watched SELECT g, g, g, g FROM generate_series(1, 5) g;
INSERT INTO typed SELECT g, 'v' || g FROM generate_series(1, 5) g;
INSERT INTO shaped SELECT g, 'v' || g FROM generate_series(1, 5) g;
INSERT INTO guarded SELECT g, 'postgres', 'n' || g, 'k' FROM generate_series(1, 5) g;
INSERT INTO partly SELECT g, g, g, g, g FROM generate_series(1, 5) g;
REFRESH MATERIALIZED VIEW m_t;

-- case: fillfactor
ALTER TABLE t SET (fillfactor = 70);
-- case: reset fillfactor
ALTER TABLE t RESET (fillfactor);
-- case: autovacuum
ALTER TABLE t SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_enabled = false);
-- case: toast option
ALTER TABLE t SET (toast.autovacuum_enabled = false);
-- case: reset toast option
ALTER TABLE t RESET (toast.autovacuum_enabled);
-- case: toast tuple target
ALTER TABLE t SET (toast_tuple_target = 256);
-- case: parallel workers
ALTER TABLE t SET (parallel_workers = 4);
-- case: reset parallel workers
ALTER TABLE t RESET (parallel_workers);
-- case: log min duration
ALTER TABLE t SET (log_autovacuum_min_duration = 0);
-- case: vacuum truncate
ALTER TABLE t SET (vacuum_truncate = off);
-- case: vacuum index cleanup
ALTER TABLE t SET (vacuum_index_cleanup = auto);
-- case: user catalog table
ALTER TABLE t SET (user_catalog_table = true);
-- case: reset user catalog table
ALTER TABLE t RESET (user_catalog_table);
-- case: unknown option
ALTER TABLE t SET (no_such_option = 1);
-- case: fillfactor out of range
ALTER TABLE t SET (fillfactor = 5);
-- case: several options
ALTER TABLE t SET (fillfactor = 70, parallel_workers = 4);
-- case: owner
ALTER TABLE t OWNER TO CURRENT_USER;
-- case: owner another
ALTER TABLE t OWNER TO nobody_here;
-- case: owner session user
ALTER TABLE t OWNER TO SESSION_USER;
-- case: rename
ALTER TABLE t RENAME TO t2;
-- case: rename a check
ALTER TABLE t RENAME CONSTRAINT a_positive TO a_above_zero;
-- case: rename a primary key
ALTER TABLE t RENAME CONSTRAINT t_pkey TO t_key;
-- case: rename a foreign key
ALTER TABLE t RENAME CONSTRAINT t_owner_id_fkey TO t_owner;
-- case: rename a missing constraint
ALTER TABLE t RENAME CONSTRAINT nothing TO something;
-- case: rename a constraint to a name that is there
ALTER TABLE t RENAME CONSTRAINT a_positive TO t_pkey;
-- case: logged
ALTER TABLE t SET LOGGED;
-- case: unlogged
ALTER TABLE t SET UNLOGGED;
-- case: cluster on
ALTER TABLE t CLUSTER ON t_a;
-- case: cluster on the key
ALTER TABLE t CLUSTER ON t_pkey;
-- case: cluster on a missing index
ALTER TABLE t CLUSTER ON nothing;
-- case: without cluster
ALTER TABLE t SET WITHOUT CLUSTER;
-- case: without oids
ALTER TABLE t SET WITHOUT OIDS;
-- case: replica identity full
ALTER TABLE t REPLICA IDENTITY FULL;
-- case: replica identity nothing
ALTER TABLE t REPLICA IDENTITY NOTHING;
-- case: replica identity default
ALTER TABLE t REPLICA IDENTITY DEFAULT;
-- case: replica identity index
ALTER TABLE t REPLICA IDENTITY USING INDEX t_a;
-- case: replica identity index on nullable
ALTER TABLE t REPLICA IDENTITY USING INDEX t_b;
-- case: replica identity index not unique
ALTER TABLE t REPLICA IDENTITY USING INDEX t_c;
-- case: replica identity missing index
ALTER TABLE t REPLICA IDENTITY USING INDEX nothing;
-- case: row level security on
-- unseen: danger
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
-- case: row level security off
ALTER TABLE t DISABLE ROW LEVEL SECURITY;
-- case: row level security forced
-- unseen: danger
ALTER TABLE t FORCE ROW LEVEL SECURITY;
-- case: row level security not forced
ALTER TABLE t NO FORCE ROW LEVEL SECURITY;
-- case: statistics
ALTER TABLE t ALTER COLUMN a SET STATISTICS 500;
-- case: statistics by number
ALTER TABLE t ALTER COLUMN 2 SET STATISTICS 500;
-- case: statistics of a missing column
ALTER TABLE t ALTER COLUMN nothing SET STATISTICS 500;
-- case: storage plain
ALTER TABLE t ALTER COLUMN b SET STORAGE PLAIN;
-- case: storage main
ALTER TABLE t ALTER COLUMN b SET STORAGE MAIN;
-- case: storage of a number
ALTER TABLE t ALTER COLUMN a SET STORAGE EXTENDED;
-- case: storage of a missing column
ALTER TABLE t ALTER COLUMN nothing SET STORAGE PLAIN;
-- case: n distinct
ALTER TABLE t ALTER COLUMN a SET (n_distinct = -0.5, n_distinct_inherited = 3);
-- case: n distinct reset
ALTER TABLE t ALTER COLUMN a RESET (n_distinct);
-- case: missing column option
ALTER TABLE t ALTER COLUMN nothing SET (n_distinct = 5);
-- case: storage default
-- majors: 16-18
ALTER TABLE t ALTER COLUMN b SET STORAGE DEFAULT;
-- case: compression
-- majors: 14-18
ALTER TABLE t ALTER COLUMN b SET COMPRESSION pglz;
-- case: compression default
-- majors: 14-18
ALTER TABLE t ALTER COLUMN b SET COMPRESSION DEFAULT;
-- case: compression of a number
-- majors: 14-18
ALTER TABLE t ALTER COLUMN a SET COMPRESSION pglz;
-- case: statistics default
-- majors: 17-18
ALTER TABLE t ALTER COLUMN a SET STATISTICS DEFAULT;
-- case: access method of a partitioned table
-- majors: 15-18
ALTER TABLE parted SET ACCESS METHOD heap;
-- case: logged again
ALTER TABLE quick SET LOGGED;
-- case: unlogged again
ALTER TABLE quick SET UNLOGGED;
-- case: unlogged that is referenced
ALTER TABLE owners SET UNLOGGED;
-- case: unlogged plain
ALTER TABLE bare SET UNLOGGED;
-- case: unlogged partition
ALTER TABLE parted_1 SET UNLOGGED;
-- case: logged partitioned
ALTER TABLE parted SET LOGGED;
-- case: unlogged and an option
ALTER TABLE bare SET UNLOGGED, SET (fillfactor = 50);
-- case: logged with a column
ALTER TABLE quick SET LOGGED, ADD COLUMN n integer;
-- case: disable trigger
ALTER TABLE watched DISABLE TRIGGER on_watched;
-- case: enable trigger
ALTER TABLE watched ENABLE TRIGGER on_watched;
-- case: enable replica trigger
ALTER TABLE watched ENABLE REPLICA TRIGGER on_watched;
-- case: enable always trigger
ALTER TABLE watched ENABLE ALWAYS TRIGGER on_watched;
-- case: disable trigger all
ALTER TABLE watched DISABLE TRIGGER ALL;
-- case: disable trigger user
ALTER TABLE watched DISABLE TRIGGER USER;
-- case: enable trigger all
ALTER TABLE watched ENABLE TRIGGER ALL;
-- case: disable a missing trigger
ALTER TABLE watched DISABLE TRIGGER nothing;
-- case: disable rule
ALTER TABLE watched DISABLE RULE keep;
-- case: enable rule
ALTER TABLE watched ENABLE RULE keep;
-- case: enable replica rule
ALTER TABLE watched ENABLE REPLICA RULE keep;
-- case: enable always rule
ALTER TABLE watched ENABLE ALWAYS RULE keep;
-- case: disable a missing rule
ALTER TABLE watched DISABLE RULE nothing;
-- case: disable trigger all with keys
ALTER TABLE t DISABLE TRIGGER ALL;
-- case: disable trigger on a partitioned table
ALTER TABLE parted DISABLE TRIGGER ALL;
-- case: inherit
ALTER TABLE lone INHERIT parent;
-- case: inherit without the columns
ALTER TABLE narrow INHERIT parent;
-- case: inherit with other types
ALTER TABLE other_types INHERIT parent;
-- case: inherit without the check
ALTER TABLE narrow INHERIT checked_parent;
-- case: inherit twice
ALTER TABLE child INHERIT parent;
-- case: inherit itself
ALTER TABLE parent INHERIT parent;
-- case: inherit a missing table
ALTER TABLE lone INHERIT nothing;
-- case: no inherit
ALTER TABLE child NO INHERIT parent;
-- case: no inherit of a stranger
ALTER TABLE lone NO INHERIT parent;
-- case: no inherit of a partition
ALTER TABLE parted_1 NO INHERIT parted;
-- case: inherit and drop the column
ALTER TABLE child NO INHERIT parent;
ALTER TABLE child DROP COLUMN v;
-- case: inherit and add
ALTER TABLE lone INHERIT parent;
ALTER TABLE parent ADD COLUMN w integer;
-- case: of
ALTER TABLE shaped OF shape;
-- case: not of
ALTER TABLE typed NOT OF;
-- case: drop of a typed table
ALTER TABLE typed DROP COLUMN v;
-- case: type of a typed table
ALTER TABLE typed ALTER COLUMN id TYPE bigint;
-- case: rename in a typed table
ALTER TABLE typed RENAME COLUMN v TO w;
-- case: add after not of
ALTER TABLE typed NOT OF;
ALTER TABLE typed ADD COLUMN n integer;
-- case: missing table: SET (fillfactor = 70)
ALTER TABLE nowhere SET (fillfactor = 70);
-- case: missing table if exists: SET (fillfactor = 70)
ALTER TABLE IF EXISTS nowhere SET (fillfactor = 70);
-- case: missing table: OWNER TO nobody_here
ALTER TABLE nowhere OWNER TO nobody_here;
-- case: missing table if exists: OWNER TO nobody_here
ALTER TABLE IF EXISTS nowhere OWNER TO nobody_here;
-- case: missing table: RENAME TO x
ALTER TABLE nowhere RENAME TO x;
-- case: missing table if exists: RENAME TO x
ALTER TABLE IF EXISTS nowhere RENAME TO x;
-- case: missing table: RENAME COLUMN a TO b
ALTER TABLE nowhere RENAME COLUMN a TO b;
-- case: missing table if exists: RENAME COLUMN a TO b
ALTER TABLE IF EXISTS nowhere RENAME COLUMN a TO b;
-- case: missing table: RENAME CONSTRAINT a TO b
ALTER TABLE nowhere RENAME CONSTRAINT a TO b;
-- case: missing table if exists: RENAME CONSTRAINT a TO b
ALTER TABLE IF EXISTS nowhere RENAME CONSTRAINT a TO b;
-- case: missing table: SET SCHEMA app
ALTER TABLE nowhere SET SCHEMA app;
-- case: missing table if exists: SET SCHEMA app
ALTER TABLE IF EXISTS nowhere SET SCHEMA app;
-- case: missing table: ENABLE ROW LEVEL SECURITY
ALTER TABLE nowhere ENABLE ROW LEVEL SECURITY;
-- case: missing table if exists: ENABLE ROW LEVEL SECURITY
ALTER TABLE IF EXISTS nowhere ENABLE ROW LEVEL SECURITY;
-- case: missing table: SET LOGGED
ALTER TABLE nowhere SET LOGGED;
-- case: missing table if exists: SET LOGGED
ALTER TABLE IF EXISTS nowhere SET LOGGED;
-- case: missing table: CLUSTER ON a
ALTER TABLE nowhere CLUSTER ON a;
-- case: missing table if exists: CLUSTER ON a
ALTER TABLE IF EXISTS nowhere CLUSTER ON a;
-- case: missing table: ADD COLUMN z integer
ALTER TABLE nowhere ADD COLUMN z integer;
-- case: missing table if exists: ADD COLUMN z integer
ALTER TABLE IF EXISTS nowhere ADD COLUMN z integer;
-- case: missing table: ALTER COLUMN z TYPE text
ALTER TABLE nowhere ALTER COLUMN z TYPE text;
-- case: missing table if exists: ALTER COLUMN z TYPE text
ALTER TABLE IF EXISTS nowhere ALTER COLUMN z TYPE text;
-- case: if exists that is there
ALTER TABLE IF EXISTS t SET (fillfactor = 60);
-- case: only
ALTER TABLE ONLY t SET (fillfactor = 60);
-- case: only a parent
ALTER TABLE ONLY parent SET (autovacuum_enabled = off);
-- case: option of a parent
ALTER TABLE parent SET (autovacuum_enabled = off);
-- case: star
ALTER TABLE parent * SET (autovacuum_enabled = off);
-- case: statistics of a parent
ALTER TABLE parent ALTER COLUMN id SET STATISTICS 10;
-- case: storage of a parent
ALTER TABLE parent ALTER COLUMN v SET STORAGE PLAIN;
-- case: statistics of a partitioned table
ALTER TABLE parted ALTER COLUMN id SET STATISTICS 10;
-- case: n distinct of a parent
ALTER TABLE parent ALTER COLUMN id SET (n_distinct = 5);
-- case: option of a partitioned table
ALTER TABLE parted SET (fillfactor = 60);
-- case: owner of a partitioned table
ALTER TABLE parted OWNER TO nobody_here;
-- case: owner of a parent
ALTER TABLE parent OWNER TO nobody_here;
-- case: owner of a partition
ALTER TABLE parted_1 OWNER TO nobody_here;
-- case: row level security of a partitioned table
-- unseen: danger
ALTER TABLE parted ENABLE ROW LEVEL SECURITY;
-- case: replica identity of a partitioned table
ALTER TABLE parted REPLICA IDENTITY FULL;
-- case: cluster of a partitioned table
ALTER TABLE parted SET WITHOUT CLUSTER;
-- case: rename a parent
ALTER TABLE parent RENAME TO parent2;
-- case: rename a partitioned table
ALTER TABLE parted RENAME TO parted_old;
-- case: rename a partition
ALTER TABLE parted_1 RENAME TO parted_old;
-- case: schema of a partitioned table
ALTER TABLE parted SET SCHEMA app;
-- case: schema of a parent
ALTER TABLE parent SET SCHEMA app;
-- case: schema of a partition
ALTER TABLE parted_1 SET SCHEMA app;
-- case: rename a referenced table
ALTER TABLE owners RENAME TO owners2;
-- case: rename a self referencing table
ALTER TABLE tree RENAME TO tree2;
-- case: schema of a referenced table
ALTER TABLE owners SET SCHEMA app;
-- case: owner of a table with sequences
ALTER TABLE quick OWNER TO nobody_here;
-- case: rename quoted
ALTER TABLE "Mixed Case" RENAME TO "Other; Case";
-- case: rename in a namespace
ALTER TABLE app.t RENAME TO t2;
-- case: option in a namespace
ALTER TABLE app.t SET (fillfactor = 50);
-- case: option quoted
ALTER TABLE "Mixed Case" SET (fillfactor = 50);
-- case: rename constraint of a parent
ALTER TABLE checked_parent RENAME CONSTRAINT id_positive TO idp;
-- case: rename a unique constraint
ALTER TABLE owners RENAME CONSTRAINT owners_name_key TO owners_name;
-- case: alter table on a view: owner
ALTER TABLE v_t OWNER TO nobody_here;
-- case: alter table on a view: rename
ALTER TABLE v_t RENAME TO v2;
-- case: alter table on a view: rename column
ALTER TABLE v_t RENAME COLUMN a TO z;
-- case: alter view rename column
ALTER VIEW v_t RENAME COLUMN a TO z;
-- case: alter view set
ALTER VIEW v_t SET (security_barrier = true);
-- case: alter view default
ALTER VIEW v_t ALTER COLUMN a SET DEFAULT 5;
-- case: alter view owner
ALTER VIEW v_t OWNER TO nobody_here;
-- case: alter view if exists missing
ALTER VIEW IF EXISTS nothing RENAME TO x;
-- case: alter view add column
ALTER TABLE v_t ADD COLUMN n integer;
-- case: alter materialized view option
ALTER MATERIALIZED VIEW m_t SET (fillfactor = 50);
-- case: alter materialized view cluster
ALTER MATERIALIZED VIEW m_t CLUSTER ON m_t_id;
-- case: alter materialized view rename column
ALTER MATERIALIZED VIEW m_t RENAME COLUMN b TO z;
-- case: alter materialized view statistics
ALTER MATERIALIZED VIEW m_t ALTER COLUMN id SET STATISTICS 5;
-- case: alter table on a sequence: rename
-- unseen: breaks danger
ALTER TABLE seq RENAME TO seq2;
-- case: alter table on a sequence: owner
ALTER TABLE seq OWNER TO nobody_here;
-- case: alter index option
ALTER INDEX t_a SET (fillfactor = 50);
-- case: alter index tablespace
ALTER INDEX t_a SET TABLESPACE pg_default;
-- case: alter index statistics
CREATE INDEX t_expr ON t ((a + 1));
ALTER INDEX t_expr ALTER COLUMN 1 SET STATISTICS 500;
-- case: drop under a policy
ALTER TABLE guarded DROP COLUMN owner;
-- case: drop under a policy's check
ALTER TABLE guarded DROP COLUMN kind;
-- case: drop under a policy with everything
ALTER TABLE guarded DROP COLUMN owner CASCADE;
-- case: drop beside a policy
ALTER TABLE guarded DROP COLUMN note;
-- case: rename under a policy
ALTER TABLE guarded RENAME COLUMN owner TO owned_by;
-- case: drop the policy, then the column
BEGIN;
DROP POLICY own ON guarded;
ALTER TABLE guarded DROP COLUMN owner;
COMMIT;
-- case: type under a policy
ALTER TABLE guarded ALTER COLUMN owner TYPE varchar;
-- case: type beside a policy
ALTER TABLE guarded ALTER COLUMN note TYPE varchar;
-- case: policy altered, then the type
-- unseen: danger
ALTER POLICY own ON guarded USING (true) WITH CHECK (true);
ALTER TABLE guarded ALTER COLUMN owner TYPE varchar;
-- case: drop under a trigger's columns
ALTER TABLE partly DROP COLUMN a;
-- case: drop under a trigger's condition
ALTER TABLE partly DROP COLUMN b;
-- case: drop under a trigger's columns with everything
ALTER TABLE partly DROP COLUMN a CASCADE;
-- case: drop beside triggers
ALTER TABLE partly DROP COLUMN c;
-- case: drop the trigger, then the column
DROP TRIGGER of_a ON partly;
ALTER TABLE partly DROP COLUMN a;
-- case: type under a trigger's columns
ALTER TABLE partly ALTER COLUMN a TYPE bigint;
-- case: type under a trigger's condition
ALTER TABLE partly ALTER COLUMN b TYPE bigint;
-- case: rename under a trigger
ALTER TABLE partly RENAME COLUMN a TO z;
-- case: rename, then drop under a trigger
ALTER TABLE partly RENAME COLUMN b TO z;
ALTER TABLE partly DROP COLUMN z;
-- case: drop under a materialized view
ALTER TABLE t DROP COLUMN b;
-- case: drop under a view and a materialized view with everything
ALTER TABLE t DROP COLUMN b CASCADE;
-- case: type under a materialized view
ALTER TABLE t ALTER COLUMN b TYPE varchar;
-- case: several options at once
ALTER TABLE t SET (fillfactor = 80), ALTER COLUMN a SET STATISTICS 10, ALTER COLUMN b SET STORAGE MAIN;
-- case: light actions only
ALTER TABLE t SET (fillfactor = 80), ALTER COLUMN a SET STATISTICS 10, CLUSTER ON t_a;
-- case: owner and column
ALTER TABLE t OWNER TO nobody_here, ADD COLUMN n integer;
-- case: validate and option
ALTER TABLE t ADD CONSTRAINT later CHECK (c > 0) NOT VALID;
-- run
ALTER TABLE t VALIDATE CONSTRAINT later, SET (fillfactor = 80);
-- case: options in one transaction
BEGIN;
ALTER TABLE t SET (fillfactor = 80);
ALTER TABLE owners SET (fillfactor = 80);
COMMIT;
-- case: rename with a view of the old name
-- unseen: breaks
BEGIN;
ALTER TABLE bare RENAME TO bare2;
CREATE VIEW bare AS SELECT x, y FROM bare2;
COMMIT;
-- case: swap two tables
BEGIN;
ALTER TABLE bare RENAME TO old;
ALTER TABLE lone RENAME TO bare;
COMMIT;
-- case: rename in one transaction with a lock timeout
SET lock_timeout = '2s';
BEGIN;
ALTER TABLE t RENAME CONSTRAINT a_positive TO ap;
COMMIT;
-- case: compression of a parent
-- majors: 14-18
ALTER TABLE parent ALTER COLUMN v SET COMPRESSION pglz;
-- case: compression before there was any
-- majors: 13-13
ALTER TABLE t ALTER COLUMN b SET COMPRESSION pglz;
-- case: access method before there was any
-- majors: 13-14
ALTER TABLE t SET ACCESS METHOD heap;
-- case: storage of only a parent
ALTER TABLE ONLY parent ALTER COLUMN v SET STORAGE PLAIN;
-- case: logged that refers to unlogged
CREATE UNLOGGED TABLE loose (id integer PRIMARY KEY, quick_id integer REFERENCES quick (id));
-- run
ALTER TABLE loose SET LOGGED;
-- case: both unlogged, the other way round
CREATE UNLOGGED TABLE loose (id integer PRIMARY KEY, quick_id integer REFERENCES quick (id));
-- run
ALTER TABLE quick SET LOGGED;
-- case: drop a policy
DROP POLICY own ON guarded;
-- case: drop a missing policy
DROP POLICY nothing ON guarded;
-- case: drop a missing policy if exists
DROP POLICY IF EXISTS nothing ON guarded;
-- case: drop a rule
DROP RULE keep ON watched;
-- case: drop a missing rule
DROP RULE nothing ON watched;
-- case: alter a missing policy
ALTER POLICY nothing ON guarded USING (true);
-- case: drop a policy, then change the type
DROP POLICY own ON guarded;
ALTER TABLE guarded ALTER COLUMN owner TYPE varchar;
-- case: rename the table, then drop under its trigger
ALTER TABLE partly RENAME TO partly2;
ALTER TABLE partly2 DROP COLUMN b;
-- case: cluster on an expression's index
CREATE INDEX bare_lower ON bare (lower(y));
-- run
ALTER TABLE bare CLUSTER ON bare_lower;
-- case: cluster on a partial index
CREATE INDEX bare_part ON bare (x) WHERE x > 3;
-- run
ALTER TABLE bare CLUSTER ON bare_part;
-- case: replica identity by the key
ALTER TABLE t REPLICA IDENTITY USING INDEX t_pkey;
-- case: replica identity by a partial index
CREATE UNIQUE INDEX t_part ON t (a) WHERE a > 3;
-- run
ALTER TABLE t REPLICA IDENTITY USING INDEX t_part;
-- case: replica identity by a deferrable constraint
ALTER TABLE t ADD CONSTRAINT late UNIQUE (a) DEFERRABLE;
-- run
ALTER TABLE t REPLICA IDENTITY USING INDEX late;
-- case: inherit where the parent is stricter
ALTER TABLE parent ALTER COLUMN id SET NOT NULL;
-- run
ALTER TABLE lone INHERIT parent;
-- case: inherit with the check
ALTER TABLE narrow ADD CONSTRAINT id_positive CHECK (id > 0);
-- run
ALTER TABLE narrow INHERIT checked_parent;
-- case: no inherit and inherit again
ALTER TABLE child NO INHERIT parent;
ALTER TABLE child INHERIT parent;
-- case: fillfactor as text
ALTER TABLE t SET (fillfactor = '90');
-- case: vacuum index cleanup as a switch
ALTER TABLE t SET (vacuum_index_cleanup = off);
-- case: an option of 18
-- majors: 18-18
ALTER TABLE t SET (autovacuum_vacuum_max_threshold = 5000);
-- case: an option of 18 before it
-- majors: 13-17
ALTER TABLE t SET (autovacuum_vacuum_max_threshold = 5000);
-- case: an option without a value
ALTER TABLE t SET (autovacuum_enabled);
-- case: an option that is no number
ALTER TABLE t SET (fillfactor = most);
-- case: trigger of a partition
CREATE TRIGGER on_parted AFTER INSERT ON parted FOR EACH ROW EXECUTE FUNCTION noted();
-- run
ALTER TABLE parted_1 DISABLE TRIGGER on_parted;
-- case: trigger of a partitioned table
CREATE TRIGGER on_parted AFTER INSERT ON parted FOR EACH ROW EXECUTE FUNCTION noted();
-- run
ALTER TABLE parted DISABLE TRIGGER on_parted;
-- case: default of another kind
ALTER TABLE t ADD COLUMN z integer DEFAULT '{}';
-- case: default that is no time
ALTER TABLE t ADD COLUMN z timestamptz DEFAULT 5;
-- case: default that is no uuid
ALTER TABLE t ADD COLUMN z uuid DEFAULT 'x';
-- case: default that is no number
ALTER TABLE t ADD COLUMN z integer DEFAULT gen_random_uuid();
-- case: default that is cast
ALTER TABLE t ADD COLUMN z date DEFAULT now();
-- case: default that prints itself
ALTER TABLE t ADD COLUMN z text DEFAULT 5;
-- case: default number as text
ALTER TABLE t ADD COLUMN z integer DEFAULT '5';
-- case: default that is no boolean
ALTER TABLE t ADD COLUMN z boolean DEFAULT 1;
-- case: default boolean as text
ALTER TABLE t ADD COLUMN z boolean NOT NULL DEFAULT 'off';
-- case: default that is no array
ALTER TABLE t ADD COLUMN z text[] DEFAULT 'x';
-- case: set a default that is no number
ALTER TABLE t ALTER COLUMN a SET DEFAULT 'many';
-- case: serial with a default
ALTER TABLE t ADD COLUMN z serial DEFAULT 5;
-- case: a second primary key at a column
ALTER TABLE t ADD COLUMN z integer PRIMARY KEY;
-- case: a reference of another type
ALTER TABLE t ADD COLUMN z text REFERENCES owners (id);
-- case: a reference of a wider type
ALTER TABLE t ADD COLUMN z bigint REFERENCES owners (id);
-- case: a key of another type
ALTER TABLE t ADD CONSTRAINT z FOREIGN KEY (b) REFERENCES owners (id) NOT VALID;
-- case: a key of a decimal to an integer
ALTER TABLE t ADD CONSTRAINT z FOREIGN KEY (c) REFERENCES owners (id) NOT VALID;
-- case: a key of one kind of text to another
ALTER TABLE t ADD COLUMN z varchar(10) REFERENCES owners (name);
-- case: a column twice in a key
ALTER TABLE t ADD UNIQUE (a, a);
-- case: rename a partitioned key
CREATE TABLE keyed (id integer PRIMARY KEY, CONSTRAINT above CHECK (id > 0)) PARTITION BY RANGE (id);
CREATE TABLE keyed_1 PARTITION OF keyed FOR VALUES FROM (0) TO (100);
-- run
ALTER TABLE keyed RENAME CONSTRAINT keyed_pkey TO keyed_key;
ALTER TABLE keyed RENAME CONSTRAINT above TO positive;
-- case: drop the key of a partition
CREATE TABLE keyed (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE keyed_1 PARTITION OF keyed FOR VALUES FROM (0) TO (100);
-- run
ALTER TABLE keyed_1 DROP CONSTRAINT keyed_1_pkey;
-- case: drop identity of a partitioned table if exists
ALTER TABLE parted ALTER COLUMN v DROP IDENTITY IF EXISTS;
-- case: schema
CREATE SCHEMA app2;
-- run
ALTER TABLE t SET SCHEMA app2;
-- case: schema with that name in it
ALTER TABLE t SET SCHEMA app;
-- case: schema the same
ALTER TABLE t SET SCHEMA public;
-- case: rename to a name that is there
ALTER TABLE t RENAME TO owners;
-- case: rename to itself
ALTER TABLE t RENAME TO t;
-- case: schema of a table with a sequence
CREATE SCHEMA app2;
-- run
ALTER TABLE quick SET SCHEMA app2;
-- case: schema of a viewed table
CREATE SCHEMA app2;
-- run
ALTER TABLE t SET SCHEMA app2;
-- case: move back
ALTER TABLE app.t SET SCHEMA public;
