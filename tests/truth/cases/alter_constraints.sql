-- given
CREATE SCHEMA app;
CREATE TABLE u (id integer PRIMARY KEY, code text, n integer);
CREATE TABLE app.u2 (id integer PRIMARY KEY);
CREATE TABLE t (
  id integer PRIMARY KEY,
  a integer NOT NULL,
  b integer,
  c text,
  u_id integer,
  r int4range,
  CONSTRAINT a_unique UNIQUE (a),
  CONSTRAINT b_small CHECK (b < 1000),
  CONSTRAINT t_u FOREIGN KEY (u_id) REFERENCES u (id)
);
ALTER TABLE t ADD CONSTRAINT late_check CHECK (b > -1000) NOT VALID;
ALTER TABLE t ADD CONSTRAINT late_key FOREIGN KEY (b) REFERENCES u (id) NOT VALID;
CREATE UNIQUE INDEX t_c_key ON t (c);
CREATE UNIQUE INDEX t_b_key ON t (b);
CREATE INDEX t_plain ON t (b);
CREATE UNIQUE INDEX t_partial ON t (b) WHERE b > 0;
CREATE UNIQUE INDEX t_expression ON t ((b + 1));
CREATE TABLE no_key (x integer NOT NULL, y integer, z text);
CREATE UNIQUE INDEX no_key_x ON no_key (x);
CREATE UNIQUE INDEX no_key_y ON no_key (y);
CREATE TABLE tree (id integer PRIMARY KEY, up integer);
CREATE TABLE parent (id integer, v integer);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE parted (id integer NOT NULL, v integer, u_id integer) PARTITION BY RANGE (id);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (100) TO (200);
INSERT INTO u SELECT g, 'c' || g, g FROM generate_series(1, 30) g;
INSERT INTO app.u2 SELECT g FROM generate_series(1, 30) g;
INSERT INTO t SELECT g, g, g, 'c' || g, g, int4range(g * 10, g * 10 + 5) FROM generate_series(1, 20) g;
INSERT INTO no_key SELECT g, g, 'z' FROM generate_series(1, 20) g;
INSERT INTO tree SELECT g, nullif(g - 1, 0) FROM generate_series(1, 10) g;
INSERT INTO parent SELECT g, g FROM generate_series(1, 5) g;
INSERT INTO child SELECT g, g FROM generate_series(1, 5) g;
INSERT INTO parted SELECT g * 10, g, g FROM generate_series(1, 15) g;

-- case: check
ALTER TABLE t ADD CONSTRAINT b_positive CHECK (b > 0);
-- case: check without a name
ALTER TABLE t ADD CHECK (b > 0);
-- case: check not valid
ALTER TABLE t ADD CONSTRAINT b_positive CHECK (b > 0) NOT VALID;
-- case: check that rows violate
ALTER TABLE t ADD CONSTRAINT b_negative CHECK (b < 0);
-- case: check that is there
ALTER TABLE t ADD CONSTRAINT b_small CHECK (b < 10);
-- case: check on a missing column
ALTER TABLE t ADD CONSTRAINT odd CHECK (nothing > 0);
-- case: check on a missing table
ALTER TABLE nowhere ADD CONSTRAINT odd CHECK (x > 0);
-- case: two checks
ALTER TABLE t ADD CONSTRAINT c1 CHECK (b > 0), ADD CONSTRAINT c2 CHECK (a > 0) NOT VALID;
-- case: check on a parent
ALTER TABLE parent ADD CONSTRAINT v_positive CHECK (v > 0);
-- case: check on a parent not valid
ALTER TABLE parent ADD CONSTRAINT v_positive CHECK (v > 0) NOT VALID;
-- case: check on a parent alone
ALTER TABLE parent ADD CONSTRAINT v_positive CHECK (v > 0) NO INHERIT;
-- case: check on only the parent
ALTER TABLE ONLY parent ADD CONSTRAINT v_positive CHECK (v > 0);
-- case: check on a partitioned table
ALTER TABLE parted ADD CONSTRAINT v_positive CHECK (v > 0);
-- case: check on a partitioned table not valid
ALTER TABLE parted ADD CONSTRAINT v_positive CHECK (v > 0) NOT VALID;
-- case: check on a partition
ALTER TABLE parted_1 ADD CONSTRAINT v_positive CHECK (v > 0);
-- case: check not enforced
ALTER TABLE t ADD CONSTRAINT b_positive CHECK (b > 0) NOT ENFORCED;
-- case: foreign key
ALTER TABLE t ADD CONSTRAINT t_u2 FOREIGN KEY (a) REFERENCES u (id);
-- case: foreign key without a name or columns
ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u;
-- case: foreign key not valid
ALTER TABLE t ADD CONSTRAINT t_u2 FOREIGN KEY (a) REFERENCES u (id) NOT VALID;
-- case: foreign key with orphans
ALTER TABLE t ADD CONSTRAINT t_u2 FOREIGN KEY (id) REFERENCES tree (id);
-- case: foreign key to another namespace
ALTER TABLE t ADD CONSTRAINT t_u2 FOREIGN KEY (a) REFERENCES app.u2 (id) ON DELETE SET NULL;
-- case: foreign key to a missing table
ALTER TABLE t ADD CONSTRAINT t_u2 FOREIGN KEY (a) REFERENCES nowhere (id);
-- case: foreign key to a column that is no key
ALTER TABLE t ADD CONSTRAINT t_u2 FOREIGN KEY (a) REFERENCES u (n);
-- case: foreign key to a unique index
-- unseen: breaks, danger
ALTER TABLE no_key ADD CONSTRAINT to_t FOREIGN KEY (z) REFERENCES t (c) NOT VALID;
-- case: foreign key of a missing column
ALTER TABLE t ADD CONSTRAINT t_u2 FOREIGN KEY (nothing) REFERENCES u (id);
-- case: foreign key to itself
ALTER TABLE tree ADD CONSTRAINT up_fk FOREIGN KEY (up) REFERENCES tree (id);
-- case: foreign key to itself not valid
ALTER TABLE tree ADD CONSTRAINT up_fk FOREIGN KEY (up) REFERENCES tree (id) NOT VALID;
-- case: foreign key deferrable
ALTER TABLE t ADD CONSTRAINT t_u2 FOREIGN KEY (a) REFERENCES u (id) DEFERRABLE INITIALLY DEFERRED;
-- case: foreign key of a partitioned table
ALTER TABLE parted ADD CONSTRAINT parted_u FOREIGN KEY (u_id) REFERENCES u (id);
-- case: foreign key of a partitioned table not valid
ALTER TABLE parted ADD CONSTRAINT parted_u FOREIGN KEY (u_id) REFERENCES u (id) NOT VALID;
-- case: foreign key to a partitioned table
ALTER TABLE parted ADD PRIMARY KEY (id);
-- run
ALTER TABLE t ADD CONSTRAINT t_parted FOREIGN KEY (u_id) REFERENCES parted (id) NOT VALID;
-- case: foreign key not enforced
ALTER TABLE t ADD CONSTRAINT t_u2 FOREIGN KEY (a) REFERENCES u (id) NOT ENFORCED;
-- case: two foreign keys in one statement
ALTER TABLE t ADD CONSTRAINT k1 FOREIGN KEY (a) REFERENCES u (id) NOT VALID, ADD CONSTRAINT k2 FOREIGN KEY (b) REFERENCES app.u2 (id) NOT VALID;
-- case: unique
ALTER TABLE t ADD CONSTRAINT c_unique UNIQUE (c);
-- case: unique over two
ALTER TABLE t ADD UNIQUE (a, b);
-- case: unique on duplicates
ALTER TABLE no_key ADD CONSTRAINT z_unique UNIQUE (z);
-- case: unique of a missing column
ALTER TABLE t ADD CONSTRAINT odd UNIQUE (nothing);
-- case: unique nulls not distinct
ALTER TABLE t ADD CONSTRAINT c_unique UNIQUE NULLS NOT DISTINCT (c);
-- case: unique including
ALTER TABLE t ADD CONSTRAINT c_unique UNIQUE (c) INCLUDE (b);
-- case: unique deferrable
ALTER TABLE t ADD CONSTRAINT c_unique UNIQUE (c) DEFERRABLE;
-- case: unique using index
ALTER TABLE t ADD CONSTRAINT c_unique UNIQUE USING INDEX t_c_key;
-- case: unique using index of the same name
ALTER TABLE t ADD CONSTRAINT t_c_key UNIQUE USING INDEX t_c_key;
-- case: unique using a missing index
ALTER TABLE t ADD CONSTRAINT c_unique UNIQUE USING INDEX nothing;
-- case: unique using an index that is not unique
ALTER TABLE t ADD CONSTRAINT c_unique UNIQUE USING INDEX t_plain;
-- case: unique using a partial index
ALTER TABLE t ADD CONSTRAINT c_unique UNIQUE USING INDEX t_partial;
-- case: unique using an index on an expression
ALTER TABLE t ADD CONSTRAINT c_unique UNIQUE USING INDEX t_expression;
-- case: unique using an index of another table
ALTER TABLE t ADD CONSTRAINT c_unique UNIQUE USING INDEX no_key_x;
-- case: unique on a partitioned table
ALTER TABLE parted ADD CONSTRAINT parted_unique UNIQUE (id);
-- case: unique on a partitioned table without its key
ALTER TABLE parted ADD CONSTRAINT parted_unique UNIQUE (v);
-- case: primary key
ALTER TABLE no_key ADD PRIMARY KEY (x);
-- case: primary key on a nullable column
ALTER TABLE no_key ADD CONSTRAINT no_key_pk PRIMARY KEY (y);
-- case: second primary key
ALTER TABLE t ADD PRIMARY KEY (a);
-- case: primary key using index
ALTER TABLE no_key ADD CONSTRAINT no_key_pk PRIMARY KEY USING INDEX no_key_x;
-- case: primary key using index on a nullable column
ALTER TABLE no_key ADD CONSTRAINT no_key_pk PRIMARY KEY USING INDEX no_key_y;
-- case: primary key using index with proof
ALTER TABLE no_key ADD CONSTRAINT y_there CHECK (y IS NOT NULL);
-- run
ALTER TABLE no_key ADD CONSTRAINT no_key_pk PRIMARY KEY USING INDEX no_key_y;
-- case: primary key on a partitioned table
ALTER TABLE parted ADD PRIMARY KEY (id);
-- case: exclusion
ALTER TABLE t ADD CONSTRAINT r_apart EXCLUDE USING gist (r WITH &&);
-- case: validate check
ALTER TABLE t VALIDATE CONSTRAINT late_check;
-- case: validate key
ALTER TABLE t VALIDATE CONSTRAINT late_key;
-- case: validate what is valid
ALTER TABLE t VALIDATE CONSTRAINT b_small;
-- case: validate a unique constraint
ALTER TABLE t VALIDATE CONSTRAINT a_unique;
-- case: validate what is not there
ALTER TABLE t VALIDATE CONSTRAINT nothing;
-- case: validate with violations
-- unseen: danger
ALTER TABLE t ADD CONSTRAINT odd CHECK (b < 0) NOT VALID;
-- run
ALTER TABLE t VALIDATE CONSTRAINT odd;
-- case: validate two
ALTER TABLE t VALIDATE CONSTRAINT late_check, VALIDATE CONSTRAINT late_key;
-- case: validate on a parent
ALTER TABLE parent ADD CONSTRAINT v_positive CHECK (v > 0) NOT VALID;
-- run
ALTER TABLE parent VALIDATE CONSTRAINT v_positive;
-- case: validate on a partitioned table
ALTER TABLE parted ADD CONSTRAINT v_positive CHECK (v > 0) NOT VALID;
-- run
ALTER TABLE parted VALIDATE CONSTRAINT v_positive;
-- case: add not valid and validate in one statement
ALTER TABLE t ADD CONSTRAINT late2 CHECK (b > 0) NOT VALID, VALIDATE CONSTRAINT late2;
-- case: drop check
ALTER TABLE t DROP CONSTRAINT b_small;
-- case: drop foreign key
ALTER TABLE t DROP CONSTRAINT t_u;
-- case: drop a key to itself
ALTER TABLE tree ADD CONSTRAINT up_fk FOREIGN KEY (up) REFERENCES tree (id);
-- run
ALTER TABLE tree DROP CONSTRAINT up_fk;
-- case: drop unique
ALTER TABLE t DROP CONSTRAINT a_unique;
-- case: drop primary key
ALTER TABLE t DROP CONSTRAINT t_pkey;
-- case: drop a primary key that is referred to
ALTER TABLE u DROP CONSTRAINT u_pkey;
-- case: drop a primary key that is referred to with everything
ALTER TABLE u DROP CONSTRAINT u_pkey CASCADE;
-- case: drop what is not there
ALTER TABLE t DROP CONSTRAINT nothing;
-- case: drop what is not there if exists
ALTER TABLE t DROP CONSTRAINT IF EXISTS nothing;
-- case: drop a check of a parent
ALTER TABLE parent ADD CONSTRAINT v_positive CHECK (v > 0);
-- run
ALTER TABLE parent DROP CONSTRAINT v_positive;
-- case: drop an inherited check
ALTER TABLE parent ADD CONSTRAINT v_positive CHECK (v > 0);
-- run
ALTER TABLE child DROP CONSTRAINT v_positive;
-- case: drop a check of a partitioned table
ALTER TABLE parted ADD CONSTRAINT v_positive CHECK (v > 0);
-- run
ALTER TABLE parted DROP CONSTRAINT v_positive;
-- case: drop and add in one statement
ALTER TABLE t DROP CONSTRAINT b_small, ADD CONSTRAINT b_small CHECK (b < 2000) NOT VALID;
-- case: drop and add in one statement with a scan
ALTER TABLE t DROP CONSTRAINT b_small, ADD CONSTRAINT b_small CHECK (b < 2000);
-- case: rename
ALTER TABLE t RENAME CONSTRAINT b_small TO b_limited;
-- case: rename what is not there
ALTER TABLE t RENAME CONSTRAINT nothing TO something;
-- case: rename a key's constraint
ALTER TABLE t RENAME CONSTRAINT t_pkey TO t_key;
-- case: alter constraint
ALTER TABLE t ALTER CONSTRAINT t_u DEFERRABLE INITIALLY DEFERRED;
-- case: alter a constraint that is not there
ALTER TABLE t ALTER CONSTRAINT nothing DEFERRABLE;
-- case: alter a check
ALTER TABLE t ALTER CONSTRAINT b_small DEFERRABLE;
-- case: everything in one block
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE t ADD CONSTRAINT c1 CHECK (b > 0) NOT VALID;
ALTER TABLE t ADD CONSTRAINT k1 FOREIGN KEY (a) REFERENCES u (id) NOT VALID;
COMMIT;
