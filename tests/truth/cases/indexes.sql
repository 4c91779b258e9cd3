-- given
CREATE SCHEMA app;
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL CONSTRAINT users_email_key UNIQUE, age int, tags text[], data jsonb, name text);
CREATE INDEX users_age ON users (age);
CREATE UNIQUE INDEX users_name ON users (name);
CREATE TABLE tasks (id serial PRIMARY KEY, user_id int REFERENCES users, title text, kind text, due daterange);
CREATE INDEX tasks_title ON tasks (lower(title));
ALTER TABLE tasks ADD CONSTRAINT tasks_due EXCLUDE USING gist (due WITH &&);
CREATE TABLE app.items (id int PRIMARY KEY, name text);
CREATE INDEX items_name ON app.items (name);
CREATE TABLE "Order Lines" ("Id" int PRIMARY KEY, "unit price" numeric);
CREATE INDEX "Idx Price" ON "Order Lines" ("unit price");
CREATE TABLE events (at date NOT NULL, kind text, n int) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (kind);
CREATE TABLE events_2_k PARTITION OF events_2 FOR VALUES IN ('k');
CREATE INDEX events_at ON events (at);
CREATE MATERIALIZED VIEW sizes AS SELECT id, length(email) AS size FROM users;
CREATE UNIQUE INDEX sizes_id ON sizes (id);
CREATE VIEW adults AS SELECT id, email FROM users WHERE age > 17;
CREATE TABLE lonely (id int, body text);
INSERT INTO users (email, age, tags, data, name) SELECT 'u' || g, g % 7, ARRAY['a'], '{}', 'n' || g FROM generate_series(1, 20) g;
INSERT INTO tasks (user_id, title, kind, due) SELECT g, 't' || g, 'k', daterange(date '2024-01-01' + g, date '2024-01-01' + g + 1) FROM generate_series(1, 20) g;
INSERT INTO app.items SELECT g, 'i' || g FROM generate_series(1, 20) g;
INSERT INTO "Order Lines" SELECT g, g FROM generate_series(1, 20) g;
INSERT INTO events SELECT date '2024-06-01' + g * 20, 'k', g FROM generate_series(1, 20) g;
INSERT INTO lonely SELECT g, 'b' FROM generate_series(1, 20) g;
REFRESH MATERIALIZED VIEW sizes;

-- case: an index
CREATE INDEX users_tags ON users (tags);
-- case: an index without a name
CREATE INDEX ON users (age, email);
-- case: an index concurrently
CREATE INDEX CONCURRENTLY users_age_2 ON users (age DESC NULLS LAST);
-- case: an index concurrently in a transaction
BEGIN;
CREATE INDEX CONCURRENTLY users_age_2 ON users (age);
COMMIT;
-- case: an index concurrently without a name
CREATE INDEX CONCURRENTLY ON users (age);
-- case: an index of a name that is taken
CREATE INDEX users_age ON users (email);
-- case: an index of a name that is taken on another table
CREATE INDEX users_age ON tasks (kind);
-- case: an index of the name of a table
CREATE INDEX tasks ON users (age);
-- case: an index of the name of a constraint
CREATE INDEX users_email_key ON users (age);
-- case: an index of a name that is taken, if not
CREATE INDEX IF NOT EXISTS users_age ON users (age);
-- case: an index of a name that is taken on another table, if not
CREATE INDEX IF NOT EXISTS users_age ON tasks (kind);
-- case: an index of a name that is taken, if not, concurrently
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_age ON users (age);
-- case: an index of the name of a constraint, if not
CREATE UNIQUE INDEX IF NOT EXISTS users_email_key ON users (email);
-- case: a unique index
CREATE UNIQUE INDEX users_email_2 ON users (email);
-- case: a unique index over duplicates
CREATE UNIQUE INDEX users_age_2 ON users (age);
-- case: a unique index over duplicates concurrently
CREATE UNIQUE INDEX CONCURRENTLY users_age_2 ON users (age);
-- case: a unique index concurrently
-- unseen: danger
CREATE UNIQUE INDEX CONCURRENTLY users_email_2 ON users (lower(email));
-- case: a partial index
CREATE INDEX users_young ON users (email) WHERE age < 3 AND email IS NOT NULL;
-- case: a partial index concurrently
CREATE INDEX CONCURRENTLY users_young ON users (email) WHERE age < 3;
-- case: an index on an expression
CREATE INDEX users_lower ON users (lower(email), (age + 1));
-- case: an index with more columns
CREATE INDEX CONCURRENTLY users_more ON users (email) INCLUDE (age, name);
-- case: an index where nulls are the same
-- majors: 15-18
-- unseen: danger
CREATE UNIQUE INDEX CONCURRENTLY users_n ON users (email, age) NULLS NOT DISTINCT;
-- case: a gin index
CREATE INDEX users_gin ON users USING gin (tags);
-- case: a gin index concurrently
CREATE INDEX CONCURRENTLY users_gin ON users USING gin (data jsonb_path_ops);
-- case: a gist index
CREATE INDEX tasks_gist ON tasks USING gist (due);
-- case: a brin index
CREATE INDEX CONCURRENTLY users_brin ON users USING brin (age) WITH (pages_per_range = 32);
-- case: a hash index
CREATE INDEX CONCURRENTLY users_hash ON users USING hash (email);
-- case: an spgist index
CREATE INDEX users_sp ON users USING spgist (email);
-- case: a unique hash index
CREATE UNIQUE INDEX users_hash ON users USING hash (email);
-- case: an index of a kind that is not there
CREATE INDEX users_x ON users USING nothing (email);
-- case: an index on a column that is not there
CREATE INDEX users_x ON users (nothing);
-- case: an index whose condition names no column
CREATE INDEX users_x ON users (email) WHERE nothing > 1;
-- case: an index that includes no column
CREATE INDEX users_x ON users (email) INCLUDE (nothing);
-- case: an index on an expression of no column
CREATE INDEX users_x ON users (lower(nothing));
-- case: an index with a function that is not immutable
CREATE INDEX users_x ON users ((age + random()));
-- case: an index on a table that is not there
CREATE INDEX x ON nothing (id);
-- case: an index on a table that is not there concurrently
CREATE INDEX CONCURRENTLY IF NOT EXISTS x ON nothing (id);
-- case: an index on a view
CREATE INDEX x ON adults (id);
-- case: an index on a materialized view
CREATE INDEX sizes_size ON sizes (size);
-- case: an index on a materialized view concurrently
-- unseen: locks
CREATE INDEX CONCURRENTLY sizes_size ON sizes (size);
-- case: an index on a partitioned table
CREATE INDEX events_kind ON events (kind);
-- case: an index on a partitioned table, without a name
CREATE INDEX ON events (kind, at);
-- case: an index on a partitioned table concurrently
CREATE INDEX CONCURRENTLY events_kind ON events (kind);
-- case: an index on a partitioned table only
CREATE INDEX events_kind ON ONLY events (kind);
-- case: a unique index on a partitioned table
CREATE UNIQUE INDEX events_key ON events (at, kind, n);
-- case: a unique index on a partitioned table without its key
CREATE UNIQUE INDEX events_key ON events (n);
-- case: an index on a partitioned table whose partitions have it
CREATE INDEX e1 ON events_1 (n);
CREATE INDEX e2 ON events_2_k (n);
-- run
CREATE INDEX events_n ON events (n);
-- case: an index on a partition
CREATE INDEX events_1_n ON events_1 (n);
-- case: an index on a partition that is partitioned
CREATE INDEX events_2_n ON events_2 (n);
-- case: indexes attached one by one
CREATE INDEX CONCURRENTLY events_1_n ON events_1 (n);
CREATE INDEX CONCURRENTLY events_2_k_n ON events_2_k (n);
CREATE INDEX events_n ON ONLY events (n);
ALTER INDEX events_n ATTACH PARTITION events_1_n;
CREATE INDEX events_2_n ON ONLY events_2 (n);
ALTER INDEX events_2_n ATTACH PARTITION events_2_k_n;
ALTER INDEX events_n ATTACH PARTITION events_2_n;
-- case: an index attached that is another table's
CREATE INDEX events_n ON ONLY events (n);
-- run
ALTER INDEX events_n ATTACH PARTITION users_age;
-- case: an index attached to one that is not there
ALTER INDEX nothing ATTACH PARTITION users_age;
-- case: an index attached that is not there
CREATE INDEX events_n ON ONLY events (n);
-- run
ALTER INDEX events_n ATTACH PARTITION nothing;
-- case: an index on a child's parent
CREATE TABLE animals (id int);
CREATE TABLE dogs () INHERITS (animals);
INSERT INTO animals SELECT generate_series(1, 20);
-- run
CREATE INDEX animals_id ON animals (id);
-- case: an index in a namespace
CREATE INDEX CONCURRENTLY items_id_name ON app.items (id, name);
-- case: an index by search path
SET search_path = app;
CREATE INDEX items_id_name ON items (id, name);
-- case: an index with quotes
CREATE INDEX CONCURRENTLY "Idx Id Price" ON "Order Lines" ("Id", "unit price");
-- case: an index on a table of the same file
CREATE TABLE labels (id int, task_id int);
CREATE INDEX labels_task ON labels (task_id);
-- case: an index on a table of the same file, made from rows
CREATE TABLE labels AS SELECT * FROM tasks;
CREATE INDEX labels_task ON labels (user_id);
-- case: two indexes in a transaction
BEGIN;
CREATE INDEX a ON users (age);
CREATE INDEX b ON users (email, age);
COMMIT;
-- case: an index after a column in a transaction
BEGIN;
ALTER TABLE users ADD COLUMN extra int;
CREATE INDEX users_extra ON users (extra);
COMMIT;
-- case: drop an index
DROP INDEX users_age;
-- case: drop an index concurrently
DROP INDEX CONCURRENTLY users_age;
-- case: drop an index concurrently in a transaction
BEGIN;
DROP INDEX CONCURRENTLY users_age;
COMMIT;
-- case: drop two indexes
DROP INDEX users_age, tasks_title;
-- case: drop two indexes concurrently
DROP INDEX CONCURRENTLY users_age, tasks_title;
-- case: drop an index of a namespace
DROP INDEX app.items_name;
-- case: drop an index of a namespace that is not in the search path
DROP INDEX items_name;
-- case: drop an index with quotes
DROP INDEX CONCURRENTLY "Idx Price";
-- case: drop an index that is not there
DROP INDEX nothing;
-- case: drop an index that is not there, if it is
DROP INDEX IF EXISTS nothing;
-- case: drop an index that is not there, if it is, concurrently
DROP INDEX CONCURRENTLY IF EXISTS nothing;
-- case: drop the index of a primary key
DROP INDEX users_pkey;
-- case: drop the index of a unique constraint
DROP INDEX users_email_key;
-- case: drop the index of a unique constraint concurrently
DROP INDEX CONCURRENTLY users_email_key;
-- case: drop the index of a unique constraint with it
DROP INDEX users_email_key CASCADE;
-- case: drop the index of an exclusion constraint
DROP INDEX tasks_due;
-- case: drop a unique index that a key refers to
CREATE TABLE aliases (name text REFERENCES users (name));
-- run
DROP INDEX users_name;
-- case: drop a unique index that a key refers to with it
CREATE TABLE aliases (name text REFERENCES users (name));
-- run
DROP INDEX users_name CASCADE;
-- case: drop an index of a partitioned table
DROP INDEX events_at;
-- case: drop an index of a partitioned table concurrently
DROP INDEX CONCURRENTLY events_at;
-- case: drop the part of a partition
DROP INDEX events_1_at_idx;
-- case: drop the index of a materialized view
DROP INDEX sizes_id;
-- case: drop what is no index
DROP INDEX users;
-- case: rename an index
ALTER INDEX users_age RENAME TO users_by_age;
-- case: rename an index to a name that is taken
ALTER INDEX users_age RENAME TO tasks_title;
-- case: rename an index that is not there
ALTER INDEX nothing RENAME TO something;
-- case: rename an index that is not there, if it is
ALTER INDEX IF EXISTS nothing RENAME TO something;
-- case: rename the index of a key
ALTER INDEX users_pkey RENAME TO pk_users;
-- case: rename an index of a partitioned table
ALTER INDEX events_at RENAME TO events_by_at;
-- case: rename an index as a table
ALTER TABLE users_age RENAME TO users_by_age;
-- case: storage of an index
ALTER INDEX users_age SET (fillfactor = 70);
-- case: storage of an index again
ALTER INDEX users_age RESET (fillfactor);
-- case: statistics of an index
ALTER INDEX tasks_title ALTER COLUMN 1 SET STATISTICS 500;
-- case: statistics of an index that is not there
ALTER INDEX nothing ALTER COLUMN 1 SET STATISTICS 500;
-- case: reindex an index
REINDEX INDEX users_age;
-- case: reindex an index concurrently
REINDEX INDEX CONCURRENTLY users_age;
-- case: reindex an index concurrently in a transaction
BEGIN;
REINDEX INDEX CONCURRENTLY users_age;
COMMIT;
-- case: reindex an index in parentheses
-- majors: 14-18
REINDEX (CONCURRENTLY, VERBOSE) INDEX users_age;
-- case: reindex the index of a key
REINDEX INDEX users_pkey;
-- case: reindex a table
REINDEX TABLE users;
-- case: reindex a table concurrently
REINDEX TABLE CONCURRENTLY users;
-- case: reindex a table with an exclusion constraint concurrently
REINDEX TABLE CONCURRENTLY tasks;
-- case: reindex a table without indexes
REINDEX TABLE lonely;
-- case: reindex a table without indexes concurrently
REINDEX TABLE CONCURRENTLY lonely;
-- case: reindex a materialized view
REINDEX TABLE sizes;
-- case: reindex an index of a partitioned table
-- majors: 14-18
REINDEX INDEX events_at;
-- case: reindex a partitioned table
-- majors: 14-18
REINDEX TABLE events;
-- case: reindex a partitioned table before 14
-- majors: 13-13
REINDEX INDEX events_at;
-- case: reindex a partitioned table concurrently
-- unseen: danger
-- majors: 14-18
REINDEX TABLE CONCURRENTLY events;
-- case: reindex a partition
REINDEX TABLE events_1;
-- case: reindex a namespace
REINDEX SCHEMA app;
-- case: reindex a namespace concurrently
REINDEX SCHEMA CONCURRENTLY app;
-- case: reindex a namespace in a transaction
BEGIN;
REINDEX SCHEMA app;
COMMIT;
-- case: reindex a namespace that is not there
REINDEX SCHEMA nowhere;
-- case: reindex an index that is not there
REINDEX INDEX nothing;
-- case: reindex a table that is not there
REINDEX TABLE nothing;
-- case: reindex a view
REINDEX TABLE adults;
-- case: reindex the database in a transaction
-- majors: 16-18
BEGIN;
REINDEX DATABASE;
COMMIT;
