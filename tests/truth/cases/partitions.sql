-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE TABLE events (at date NOT NULL, kind text, user_id int, PRIMARY KEY (at, kind), CONSTRAINT events_user FOREIGN KEY (user_id) REFERENCES users) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX events_kind ON events (kind);
CREATE TABLE logs (id int NOT NULL, level text, note text) PARTITION BY LIST (level);
CREATE TABLE logs_info PARTITION OF logs FOR VALUES IN ('info');
CREATE TABLE logs_rest PARTITION OF logs DEFAULT;
CREATE TABLE marks (event_at date, event_kind text, FOREIGN KEY (event_at, event_kind) REFERENCES events (at, kind));
CREATE TABLE parts (id int NOT NULL) PARTITION BY HASH (id);
CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE deep (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE deep_1 PARTITION OF deep FOR VALUES FROM (1) TO (100) PARTITION BY RANGE (b);
CREATE TABLE deep_1_1 PARTITION OF deep_1 FOR VALUES FROM (1) TO (100);
CREATE TABLE loose_2026 (at date NOT NULL, kind text NOT NULL, user_id int);
CREATE TABLE ready_2026 (at date NOT NULL, kind text NOT NULL, user_id int, CONSTRAINT in_2026 CHECK (at >= date '2026-01-01' AND at < date '2027-01-01'));
CREATE TABLE loose_error (id int NOT NULL, level text, note text);
CREATE TABLE ready_error (id int NOT NULL, level text NOT NULL, note text, CONSTRAINT only_errors CHECK (level = 'error'));
CREATE TABLE loose_deep (a int NOT NULL, b int NOT NULL);
INSERT INTO users SELECT g, 'u' FROM generate_series(1, 20) g;
INSERT INTO events SELECT date '2024-06-01' + g * 20, 'k', g FROM generate_series(1, 20) g;
INSERT INTO marks SELECT at, kind FROM events;
INSERT INTO logs SELECT g, CASE WHEN g > 15 THEN 'debug' ELSE 'info' END, 'n' FROM generate_series(1, 20) g;
INSERT INTO parts SELECT generate_series(1, 20);
INSERT INTO deep SELECT g, g FROM generate_series(1, 20) g;
INSERT INTO loose_2026 SELECT date '2026-01-01' + g, 'k', g FROM generate_series(1, 20) g;
INSERT INTO ready_2026 SELECT date '2026-01-01' + g, 'k', g FROM generate_series(1, 20) g;
INSERT INTO loose_error SELECT g, 'error', 'n' FROM generate_series(1, 20) g;
INSERT INTO ready_error SELECT g, 'error', 'n' FROM generate_series(1, 20) g;
INSERT INTO loose_deep SELECT 100 + g, g FROM generate_series(1, 20) g;

-- case: make a partition
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: make a partition that overlaps
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2025-06-01') TO ('2027-01-01');
-- case: make a partition beside a default
CREATE TABLE logs_error PARTITION OF logs FOR VALUES IN ('error');
-- case: make a partition beside a default that has its rows
CREATE TABLE logs_debug PARTITION OF logs FOR VALUES IN ('debug');
-- case: make a partition beside a default that is proven to have none
ALTER TABLE logs_rest ADD CONSTRAINT none CHECK (level IS NOT NULL AND level <> 'error');
-- run
CREATE TABLE logs_error PARTITION OF logs FOR VALUES IN ('error');
-- case: make a partition beside a default with another check
ALTER TABLE logs_rest ADD CONSTRAINT other CHECK (id > 0);
-- run
CREATE TABLE logs_error PARTITION OF logs FOR VALUES IN ('error');
-- case: make a default partition
CREATE TABLE events_rest PARTITION OF events DEFAULT;
-- case: make a second default partition
CREATE TABLE logs_rest_2 PARTITION OF logs DEFAULT;
-- case: make a partition of a table that is not partitioned
CREATE TABLE u1 PARTITION OF users FOR VALUES FROM (1) TO (2);
-- case: make a partition of a table that is not there
CREATE TABLE n1 PARTITION OF nothing DEFAULT;
-- case: make a partition that is there, if not
CREATE TABLE IF NOT EXISTS events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- case: make a partition of a new table
CREATE TABLE fresh (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE fresh_1 PARTITION OF fresh FOR VALUES FROM (1) TO (10);
-- case: make a partition with a check of its own
CREATE TABLE events_2026 PARTITION OF events (CHECK (kind <> '')) FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: make a partition by hash of one too many
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES WITH (MODULUS 3, REMAINDER 2);
-- case: make a partition of a partition
CREATE TABLE deep_1_2 PARTITION OF deep_1 FOR VALUES FROM (100) TO (200);
-- case: attach
ALTER TABLE events ATTACH PARTITION loose_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: attach a table with a check that proves it
ALTER TABLE events ATTACH PARTITION ready_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: attach a table with a check that proves another
ALTER TABLE ready_2026 DROP CONSTRAINT in_2026, ADD CONSTRAINT has_kind CHECK (kind <> '');
-- run
ALTER TABLE events ATTACH PARTITION ready_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: attach a table with a check that proves more
ALTER TABLE ready_2026 ADD CONSTRAINT in_half CHECK (at >= date '2026-01-01' AND at < date '2026-07-01');
ALTER TABLE ready_2026 DROP CONSTRAINT in_2026;
-- run
ALTER TABLE events ATTACH PARTITION ready_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: attach a table with a check that is not valid
ALTER TABLE loose_2026 ADD CONSTRAINT in_2026 CHECK (at >= date '2026-01-01' AND at < date '2027-01-01') NOT VALID;
-- run
ALTER TABLE events ATTACH PARTITION loose_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: attach the safe way
ALTER TABLE loose_2026 ADD PRIMARY KEY (at, kind);
CREATE INDEX ON loose_2026 (kind);
ALTER TABLE loose_2026 ADD CONSTRAINT events_user FOREIGN KEY (user_id) REFERENCES users;
-- run
ALTER TABLE loose_2026 ADD CONSTRAINT in_2026 CHECK (at >= date '2026-01-01' AND at < date '2027-01-01') NOT VALID;
ALTER TABLE loose_2026 VALIDATE CONSTRAINT in_2026;
ALTER TABLE events ATTACH PARTITION loose_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE loose_2026 DROP CONSTRAINT in_2026;
-- case: attach with rows that do not belong
INSERT INTO loose_2026 VALUES ('2020-01-01', 'k', 1);
-- run
ALTER TABLE events ATTACH PARTITION loose_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: attach that overlaps
ALTER TABLE events ATTACH PARTITION loose_2026 FOR VALUES FROM ('2025-01-01') TO ('2027-01-01');
-- case: attach beside a default
ALTER TABLE logs ATTACH PARTITION loose_error FOR VALUES IN ('error');
-- case: attach a proven table beside a default
ALTER TABLE logs ATTACH PARTITION ready_error FOR VALUES IN ('error');
-- case: attach a proven table beside a default that is proven
ALTER TABLE logs_rest ADD CONSTRAINT no_errors CHECK (level IS NOT NULL AND level <> 'error');
-- run
ALTER TABLE logs ATTACH PARTITION ready_error FOR VALUES IN ('error');
-- case: attach beside a default whose check says something else
ALTER TABLE logs_rest ADD CONSTRAINT other CHECK (id > 0);
-- run
ALTER TABLE logs ATTACH PARTITION ready_error FOR VALUES IN ('error');
-- case: attach a default
ALTER TABLE events ATTACH PARTITION loose_2026 DEFAULT;
-- case: attach a table of other columns
ALTER TABLE events ATTACH PARTITION users FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: attach a table that may be null where the parent may not
ALTER TABLE loose_2026 ALTER COLUMN at DROP NOT NULL;
-- run
ALTER TABLE events ATTACH PARTITION loose_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: attach what is a partition already
ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: attach a table that is not there
ALTER TABLE events ATTACH PARTITION nothing FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: attach to a table that is not partitioned
ALTER TABLE users ATTACH PARTITION loose_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: attach to a deeper one
ALTER TABLE deep ATTACH PARTITION loose_deep FOR VALUES FROM (100) TO (200);
-- case: attach a table of the same file
CREATE TABLE events_2026 (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- case: attach a table of the same file beside a default
CREATE TABLE logs_error (LIKE logs);
ALTER TABLE logs ATTACH PARTITION logs_error FOR VALUES IN ('error');
-- case: attach in a transaction
BEGIN;
ALTER TABLE events ATTACH PARTITION ready_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
COMMIT;
-- case: detach
ALTER TABLE parts DETACH PARTITION parts_1;
-- case: detach beside a default
ALTER TABLE logs DETACH PARTITION logs_info;
-- case: detach the default
ALTER TABLE logs DETACH PARTITION logs_rest;
-- case: detach with keys in both directions
ALTER TABLE events DETACH PARTITION events_2024;
-- case: detach with keys in both directions, and no rows that refer
DELETE FROM marks;
-- run
ALTER TABLE events DETACH PARTITION events_2024;
-- case: detach with a key
-- unseen: danger
DROP TABLE marks;
-- run
ALTER TABLE events DETACH PARTITION events_2024;
-- case: detach a partition that has partitions
-- unseen: danger
ALTER TABLE deep DETACH PARTITION deep_1;
-- case: detach concurrently
-- majors: 14-18
ALTER TABLE parts DETACH PARTITION parts_1 CONCURRENTLY;
-- case: detach concurrently, with a key
-- unseen: danger
-- majors: 14-18
DROP TABLE marks;
-- run
ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY;
-- case: detach concurrently beside a default
-- majors: 14-18
ALTER TABLE logs DETACH PARTITION logs_info CONCURRENTLY;
-- case: detach concurrently in a transaction
-- majors: 14-18
BEGIN;
ALTER TABLE parts DETACH PARTITION parts_1 CONCURRENTLY;
COMMIT;
-- case: detach concurrently before 14
-- majors: 13-13
ALTER TABLE parts DETACH PARTITION parts_1 CONCURRENTLY;
-- case: finalize what is not pending
-- majors: 14-18
ALTER TABLE parts DETACH PARTITION parts_1 FINALIZE;
-- case: detach what is no partition
ALTER TABLE events DETACH PARTITION loose_2026;
-- case: detach from another parent
ALTER TABLE events DETACH PARTITION logs_info;
-- case: detach and drop
BEGIN;
ALTER TABLE parts DETACH PARTITION parts_1;
DROP TABLE parts_1;
COMMIT;
-- case: drop a partition
DROP TABLE parts_1;
-- case: drop a partition beside a default
DROP TABLE logs_info;
-- case: drop the default partition
DROP TABLE logs_rest;
-- case: drop a partition with keys in both directions
DROP TABLE events_2024;
-- case: drop a partition that has partitions
DROP TABLE deep_1;
-- case: drop a table of partitions of partitions
DROP TABLE deep;
-- case: drop a partitioned table with keys
DROP TABLE events CASCADE;
-- case: drop a partitioned table and the one that refers to it
DROP TABLE marks, events;
-- case: column of a partitioned table
ALTER TABLE events ADD COLUMN note text;
-- case: column of a partitioned table only
ALTER TABLE ONLY events ADD COLUMN note text;
-- case: column of a partition
ALTER TABLE events_2024 ADD COLUMN note text;
-- case: column with a default that is computed
ALTER TABLE deep ADD COLUMN token uuid DEFAULT gen_random_uuid();
-- case: column of a partitioned table goes
ALTER TABLE logs DROP COLUMN note;
-- case: column it is partitioned by goes
ALTER TABLE logs DROP COLUMN level;
-- case: column of a partition goes
ALTER TABLE logs_info DROP COLUMN note;
-- case: type of a partitioned table's column
ALTER TABLE logs ALTER COLUMN id TYPE bigint;
-- case: type of the column it is partitioned by
ALTER TABLE deep ALTER COLUMN a TYPE bigint;
-- case: not null of a partitioned table
ALTER TABLE logs ALTER COLUMN note SET NOT NULL;
-- case: may be null of a partitioned table
ALTER TABLE logs ALTER COLUMN id DROP NOT NULL;
-- case: may be null of a partition
ALTER TABLE logs_info ALTER COLUMN id DROP NOT NULL;
-- case: default of a partitioned table
ALTER TABLE logs ALTER COLUMN note SET DEFAULT 'x';
-- case: check of a partitioned table
ALTER TABLE logs ADD CONSTRAINT sane CHECK (id > 0);
-- case: check of a partitioned table, not valid
ALTER TABLE logs ADD CONSTRAINT sane CHECK (id > 0) NOT VALID;
-- case: check of a partitioned table, validated
ALTER TABLE logs ADD CONSTRAINT sane CHECK (id > 0) NOT VALID;
-- run
ALTER TABLE logs VALIDATE CONSTRAINT sane;
-- case: check of a partitioned table goes
ALTER TABLE logs ADD CONSTRAINT sane CHECK (id > 0);
-- run
ALTER TABLE logs DROP CONSTRAINT sane;
-- case: check of a partition goes that is its parent's
ALTER TABLE logs ADD CONSTRAINT sane CHECK (id > 0);
-- run
ALTER TABLE logs_info DROP CONSTRAINT sane;
-- case: primary key of a partitioned table
ALTER TABLE deep ADD PRIMARY KEY (a, b);
-- case: primary key of a partitioned table without its key
ALTER TABLE logs ADD PRIMARY KEY (id);
-- case: unique of a partitioned table without its key
ALTER TABLE parts ADD COLUMN n int;
-- run
ALTER TABLE parts ADD CONSTRAINT parts_n UNIQUE (n);
-- case: foreign key of a partitioned table
ALTER TABLE parts ADD CONSTRAINT parts_user FOREIGN KEY (id) REFERENCES users;
-- case: foreign key of a partitioned table, not valid
ALTER TABLE parts ADD CONSTRAINT parts_user FOREIGN KEY (id) REFERENCES users NOT VALID;
-- case: foreign key to a partitioned table
ALTER TABLE loose_2026 ADD CONSTRAINT to_events FOREIGN KEY (at, kind) REFERENCES events (at, kind);
-- case: foreign key to a partitioned table, not valid
-- unseen: breaks danger
ALTER TABLE loose_2026 ADD CONSTRAINT to_events FOREIGN KEY (at, kind) REFERENCES events (at, kind) NOT VALID;
-- case: foreign key of a partitioned table goes
ALTER TABLE events DROP CONSTRAINT events_user;
-- case: foreign key to a partitioned table goes
ALTER TABLE marks DROP CONSTRAINT marks_event_at_event_kind_fkey;
-- case: rename a column of a partitioned table
ALTER TABLE logs RENAME COLUMN note TO remark;
-- case: rename a column of a partition
ALTER TABLE logs_info RENAME COLUMN note TO remark;
-- case: rename a constraint of a partitioned table
ALTER TABLE events RENAME CONSTRAINT events_user TO events_user_fk;
-- case: rename a partition
-- unseen: breaks danger
ALTER TABLE logs_info RENAME TO logs_information;
-- case: storage of a partitioned table
ALTER TABLE logs SET (fillfactor = 70);
-- case: storage of a partition
ALTER TABLE logs_info SET (fillfactor = 70);
-- case: partitioned table unlogged
-- majors: 18-18
ALTER TABLE logs SET UNLOGGED;
-- case: trigger on a partitioned table
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
-- run
CREATE TRIGGER t BEFORE INSERT ON logs FOR EACH ROW EXECUTE FUNCTION f();
-- case: statement trigger on a partitioned table
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
-- run
CREATE TRIGGER t AFTER INSERT ON logs FOR EACH STATEMENT EXECUTE FUNCTION f();
-- case: drop a trigger of a partitioned table
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t AFTER INSERT ON logs FOR EACH ROW EXECUTE FUNCTION f();
-- run
DROP TRIGGER t ON logs;
-- case: owner of a partitioned table
ALTER TABLE logs OWNER TO CURRENT_USER;
-- case: comment on a partitioned table
COMMENT ON TABLE logs IS 'x';
-- case: lock a partitioned table
BEGIN;
LOCK TABLE deep IN ACCESS SHARE MODE;
COMMIT;
-- case: lock only a partitioned table
BEGIN;
LOCK TABLE ONLY deep IN ACCESS SHARE MODE;
COMMIT;
-- case: insert into a partitioned table
-- unseen: breaks
INSERT INTO logs VALUES (100, 'info', 'n');
-- case: insert where no partition is
INSERT INTO deep VALUES (1000, 1);
-- case: update a partitioned table
UPDATE logs SET note = 'x' WHERE id = 5;
-- case: delete from a partitioned table by its key
-- unseen: loses danger
DELETE FROM logs WHERE level = 'info' AND id = 5;
-- case: select from a partitioned table
SELECT count(*) FROM deep;
-- case: move a namespace
CREATE SCHEMA archive;
-- run
-- unseen: breaks danger
ALTER TABLE logs_info SET SCHEMA archive;
