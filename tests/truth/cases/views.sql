-- given
CREATE SCHEMA app;
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL, age int, city varchar(20));
CREATE TABLE orders (id serial PRIMARY KEY, user_id int REFERENCES users, total numeric(10,2), note text);
CREATE TABLE big (id int, body text);
CREATE TABLE parts (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (100);
CREATE VIEW adults AS SELECT id, email FROM users WHERE age > 17;
CREATE VIEW adult_emails AS SELECT email FROM adults;
CREATE VIEW totals (user_id, amount) AS SELECT user_id, sum(total) FROM orders GROUP BY 1;
CREATE VIEW everything AS SELECT * FROM big;
CREATE VIEW "User Names" AS SELECT id AS "Id", city AS "City" FROM users;
CREATE VIEW app.people AS SELECT id, city FROM public.users;
CREATE VIEW joined AS SELECT o.id, u.email FROM orders o JOIN users u ON u.id = o.user_id;
CREATE MATERIALIZED VIEW sums AS SELECT user_id, sum(total) AS amount FROM orders GROUP BY user_id;
CREATE UNIQUE INDEX sums_user ON sums (user_id);
CREATE MATERIALIZED VIEW plain AS SELECT id, body FROM big;
CREATE MATERIALIZED VIEW empty_one AS SELECT id FROM big WITH NO DATA;
CREATE VIEW over_sums AS SELECT user_id FROM sums;
CREATE MATERIALIZED VIEW twice AS SELECT a.user_id FROM over_sums a JOIN adults b ON b.id = a.user_id;
INSERT INTO users (email, age, city) SELECT 'u' || g, g, 'c' FROM generate_series(1, 40) g;
INSERT INTO orders (user_id, total) SELECT g, g FROM generate_series(1, 40) g;
INSERT INTO big SELECT g, 'b' FROM generate_series(1, 40) g;
INSERT INTO parts SELECT generate_series(1, 40);
REFRESH MATERIALIZED VIEW sums;
REFRESH MATERIALIZED VIEW plain;
REFRESH MATERIALIZED VIEW twice;

-- case: create a view
CREATE VIEW young AS SELECT id FROM users WHERE age < 18;
-- case: create a view over two tables
CREATE VIEW o AS SELECT o.id, u.email FROM orders o LEFT JOIN users u ON u.id = o.user_id;
-- case: create a view over a view
CREATE VIEW young AS SELECT email FROM adult_emails;
-- case: create a view over a partitioned table
CREATE VIEW p AS SELECT id FROM parts;
-- case: create a view with a common table expression
CREATE VIEW p AS WITH a AS (SELECT id FROM users) SELECT id FROM a;
-- case: create a recursive view
CREATE RECURSIVE VIEW numbers (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < 10;
-- case: create a view with a subquery
CREATE VIEW p AS SELECT id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) AS n FROM users u WHERE EXISTS (SELECT FROM big b WHERE b.id = u.id);
-- case: create a view over what is not there
CREATE VIEW p AS SELECT * FROM nothing;
-- case: create a view over a column that is not there
CREATE VIEW p AS SELECT id, nothing FROM users;
-- case: create a view with a column twice
CREATE VIEW p AS SELECT u.id, o.id FROM users u, orders o;
-- case: create a view that is there
CREATE VIEW adults AS SELECT id FROM users;
-- case: create a view with the name of a table
CREATE VIEW orders AS SELECT id FROM users;
-- case: create a temporary view
CREATE TEMP VIEW p AS SELECT id FROM users;
-- case: create a view in a namespace
CREATE VIEW app.o AS SELECT p.id FROM app.people p;
-- case: create a view with a check option
CREATE VIEW p AS SELECT id, age, email FROM users WHERE age > 20 WITH CASCADED CHECK OPTION;
-- case: create a view over a view of the same file
CREATE VIEW a AS SELECT id FROM users;
CREATE VIEW b AS SELECT id FROM a;
-- case: replace a view that is not there
CREATE OR REPLACE VIEW p AS SELECT id FROM users;
-- case: replace a view by the same
CREATE OR REPLACE VIEW adults AS SELECT id, email FROM users WHERE age > 20;
-- case: replace a view with a column more
CREATE OR REPLACE VIEW adults AS SELECT id, email, age FROM users WHERE age > 17;
-- case: replace a view with a column less
CREATE OR REPLACE VIEW adults AS SELECT id FROM users WHERE age > 17;
-- case: replace a view with columns in another order
CREATE OR REPLACE VIEW adults AS SELECT email, id FROM users WHERE age > 17;
-- case: replace a view with a column called otherwise
CREATE OR REPLACE VIEW adults AS SELECT id, email AS mail FROM users WHERE age > 17;
-- case: replace a view with a column of another type
CREATE OR REPLACE VIEW adults AS SELECT id::bigint AS id, email FROM users WHERE age > 17;
-- case: replace a view with another table's column of that type
CREATE OR REPLACE VIEW adults AS SELECT o.id, u.email FROM users u JOIN orders o ON o.user_id = u.id;
-- case: replace a view with a column of another column's type
CREATE OR REPLACE VIEW adults AS SELECT age AS id, city AS email FROM users;
-- case: replace a view whose columns are named apart
CREATE OR REPLACE VIEW totals (user_id, amount) AS SELECT user_id, sum(total) FROM orders WHERE total > 5 GROUP BY 1;
-- case: replace a view of all columns
CREATE OR REPLACE VIEW everything AS SELECT * FROM big;
-- case: replace a view of all columns by one less
CREATE OR REPLACE VIEW everything AS SELECT id FROM big;
-- case: replace a table by a view
CREATE OR REPLACE VIEW orders AS SELECT id FROM users;
-- case: replace a materialized view by a view
CREATE OR REPLACE VIEW sums AS SELECT id FROM users;
-- case: drop a view
DROP VIEW adult_emails;
-- case: drop a view others read
DROP VIEW adults;
-- case: drop a view others read, with them
DROP VIEW adults CASCADE;
-- case: drop a view with those that read it
DROP VIEW adult_emails, totals;
-- case: drop a view and the one that reads it
DROP MATERIALIZED VIEW twice;
-- run
DROP VIEW adults, adult_emails;
-- case: drop a view that is not there
DROP VIEW nothing;
-- case: drop a view that is not there, if it is
DROP VIEW IF EXISTS nothing, adult_emails;
-- case: drop a view by its quoted name
DROP VIEW "User Names";
-- case: drop a view in a namespace
DROP VIEW app.people;
-- case: drop a materialized view as a view
DROP VIEW plain;
-- case: drop a view as a materialized view
DROP MATERIALIZED VIEW adults;
-- case: drop a materialized view
DROP MATERIALIZED VIEW plain;
-- case: drop a materialized view others read
DROP MATERIALIZED VIEW sums;
-- case: drop a materialized view with those that read it
DROP MATERIALIZED VIEW sums CASCADE;
-- case: drop a view and make it again
-- unseen: breaks
BEGIN;
DROP VIEW adult_emails;
CREATE VIEW adult_emails AS SELECT email, id FROM adults;
COMMIT;
-- case: drop a view and make it again with a column less
BEGIN;
DROP VIEW "User Names";
CREATE VIEW "User Names" AS SELECT id AS "Id" FROM users;
COMMIT;
-- case: drop a view and make it again without a transaction
-- unseen: danger breaks
DROP VIEW adult_emails;
CREATE VIEW adult_emails AS SELECT email FROM adults;
-- case: rename a view
ALTER VIEW adult_emails RENAME TO emails;
-- case: rename a column of a view
ALTER VIEW adult_emails RENAME COLUMN email TO mail;
-- case: rename a column of a view, as of a table
ALTER TABLE adult_emails RENAME COLUMN email TO mail;
-- case: move a view
ALTER VIEW adult_emails SET SCHEMA app;
-- case: default of a view's column
ALTER VIEW adults ALTER COLUMN email SET DEFAULT 'x';
-- case: options of a view
ALTER VIEW adults SET (security_barrier = true);
-- case: owner of a view
ALTER VIEW adults OWNER TO CURRENT_USER;
-- case: alter a view that is not there, if it is
ALTER VIEW IF EXISTS nothing RENAME TO something;
-- case: comment on a view
COMMENT ON VIEW adults IS 'x';
-- case: comment on a materialized view
COMMENT ON MATERIALIZED VIEW sums IS 'x';
-- case: create a materialized view
CREATE MATERIALIZED VIEW m AS SELECT user_id, count(*) AS n FROM orders GROUP BY 1;
-- case: create a materialized view over views
CREATE MATERIALIZED VIEW m AS SELECT email FROM adult_emails;
-- case: create a materialized view over a partitioned table
CREATE MATERIALIZED VIEW m AS SELECT id FROM parts;
-- case: create a materialized view without data
CREATE MATERIALIZED VIEW m AS SELECT user_id, count(*) AS n FROM orders GROUP BY 1 WITH NO DATA;
-- case: create a materialized view that is there
CREATE MATERIALIZED VIEW sums AS SELECT id FROM orders;
-- case: create a materialized view that is there, if not
CREATE MATERIALIZED VIEW IF NOT EXISTS sums AS SELECT id FROM orders;
-- case: create a materialized view and its index
CREATE MATERIALIZED VIEW m AS SELECT user_id, count(*) AS n FROM orders GROUP BY 1;
CREATE UNIQUE INDEX ON m (user_id);
-- case: refresh
REFRESH MATERIALIZED VIEW plain;
-- case: refresh without data
REFRESH MATERIALIZED VIEW plain WITH NO DATA;
-- case: refresh concurrently
REFRESH MATERIALIZED VIEW CONCURRENTLY sums;
-- case: refresh concurrently in a transaction
BEGIN;
REFRESH MATERIALIZED VIEW CONCURRENTLY sums;
COMMIT;
-- case: refresh concurrently without an index
REFRESH MATERIALIZED VIEW CONCURRENTLY plain;
-- case: refresh concurrently with a partial index
CREATE UNIQUE INDEX ON plain (id) WHERE id > 0;
-- run
REFRESH MATERIALIZED VIEW CONCURRENTLY plain;
-- case: refresh concurrently what has no data
CREATE UNIQUE INDEX ON empty_one (id);
-- run
REFRESH MATERIALIZED VIEW CONCURRENTLY empty_one;
-- case: refresh what has no data
REFRESH MATERIALIZED VIEW empty_one;
-- case: refresh concurrently without data
REFRESH MATERIALIZED VIEW CONCURRENTLY sums WITH NO DATA;
-- case: refresh over views
REFRESH MATERIALIZED VIEW twice;
-- case: refresh what is not there
REFRESH MATERIALIZED VIEW nothing;
-- case: refresh a view
REFRESH MATERIALIZED VIEW adults;
-- case: rename a materialized view
ALTER MATERIALIZED VIEW plain RENAME TO simple;
-- case: rename a column of a materialized view
ALTER MATERIALIZED VIEW plain RENAME COLUMN body TO words;
-- case: options of a materialized view
ALTER MATERIALIZED VIEW plain SET (autovacuum_enabled = false);
-- case: cluster a materialized view
ALTER MATERIALIZED VIEW sums CLUSTER ON sums_user;
-- case: swap materialized views
-- unseen: breaks
BEGIN;
CREATE MATERIALIZED VIEW plain_new AS SELECT id, body FROM big WHERE id > 1;
ALTER MATERIALIZED VIEW plain RENAME TO plain_old;
ALTER MATERIALIZED VIEW plain_new RENAME TO plain;
COMMIT;
-- case: drop a column a view reads
ALTER TABLE users DROP COLUMN email;
-- case: drop a column no view reads
-- unseen: loses
ALTER TABLE orders DROP COLUMN note;
-- case: drop a column a view's condition reads
ALTER TABLE users DROP COLUMN age;
-- case: drop a column of all columns
ALTER TABLE big DROP COLUMN body;
-- case: drop a column views read, with them
ALTER TABLE users DROP COLUMN age CASCADE;
-- case: type of a column a view reads
ALTER TABLE users ALTER COLUMN city TYPE text;
-- case: type of a column no view reads
ALTER TABLE orders ALTER COLUMN note TYPE varchar(500);
-- case: rename a column a view reads
ALTER TABLE users RENAME COLUMN email TO mail;
-- case: rename a table views read
ALTER TABLE users RENAME TO people;
-- case: drop a table views read
DROP TABLE big;
-- case: drop a table views read, with them
DROP TABLE big CASCADE;
-- case: drop a table and the views that read it
DROP VIEW joined, totals;
DROP MATERIALIZED VIEW sums CASCADE;
DROP TABLE orders;
-- case: rename a table and put a view in its place
-- unseen: breaks
BEGIN;
ALTER TABLE big RENAME TO large;
CREATE VIEW big AS SELECT id, body FROM large;
COMMIT;
-- case: rename a table and put a narrower view in its place
BEGIN;
ALTER TABLE big RENAME TO large;
CREATE VIEW big AS SELECT id FROM large;
COMMIT;
-- case: rename a column and put it into a view of the old name
-- unseen: breaks
BEGIN;
ALTER TABLE big RENAME TO large;
ALTER TABLE large RENAME COLUMN body TO words;
CREATE VIEW big AS SELECT id, words AS body FROM large;
COMMIT;
-- case: lock a view
BEGIN;
LOCK TABLE adults IN SHARE MODE;
COMMIT;
-- case: lock a view over a view
BEGIN;
LOCK TABLE adult_emails IN EXCLUSIVE MODE;
COMMIT;
-- case: lock a materialized view
BEGIN;
LOCK TABLE plain IN SHARE MODE;
COMMIT;
-- case: select from a view
SELECT * FROM joined;
-- case: insert into a view
-- unseen: breaks
INSERT INTO everything VALUES (100, 'x');
-- case: update a view
UPDATE adults SET email = 'x' WHERE id = 5;
-- case: delete from a view
-- unseen: loses danger
DELETE FROM everything WHERE id = 5;
-- case: insert into a view that cannot be written
INSERT INTO totals VALUES (1, 1);
-- case: insert into a materialized view
INSERT INTO plain VALUES (1, 'x');
-- case: trigger on a view
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
-- run
CREATE TRIGGER t INSTEAD OF INSERT ON totals FOR EACH ROW EXECUTE FUNCTION f();
-- case: rule on a view
CREATE RULE r AS ON INSERT TO totals DO INSTEAD NOTHING;
-- case: rights on a view
GRANT SELECT ON adults TO PUBLIC;
-- case: analyze a view
ANALYZE adults;
-- case: analyze a materialized view
ANALYZE plain;
-- case: truncate a materialized view
TRUNCATE plain;
-- case: vacuum a materialized view
-- unseen: locks
VACUUM plain;
