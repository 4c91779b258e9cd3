-- given
CREATE DOMAIN short_text AS varchar(30);
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN whole AS integer;
CREATE TYPE mood AS ENUM ('low', 'high');
CREATE COLLATION plain (provider = libc, locale = 'C');
CREATE TABLE k (id integer PRIMARY KEY, code varchar(20) UNIQUE);
CREATE TABLE t (
  id integer PRIMARY KEY,
  si smallint,
  i integer,
  bi bigint,
  nm numeric(10,2),
  nu numeric,
  re real,
  dp double precision,
  bo boolean,
  tx text,
  vc varchar(20),
  vn varchar,
  ch char(10),
  js json,
  jb jsonb,
  uu uuid,
  da date,
  ts timestamp,
  t3 timestamp(3),
  tz timestamptz,
  ti time,
  iv interval,
  ip inet,
  ci cidr,
  xm xml,
  by bytea,
  b8 bit(8),
  vb bit varying(16),
  oi oid,
  md mood,
  ds short_text,
  dp2 positive,
  ar integer[],
  ta varchar(10)[],
  mo money,
  ser serial,
  idn integer GENERATED ALWAYS AS IDENTITY,
  k_id integer REFERENCES k (id),
  k_code varchar(20) REFERENCES k (code)
);
CREATE TABLE ix (
  id integer PRIMARY KEY,
  a varchar(20),
  b varchar(20) UNIQUE,
  c varchar(20),
  d varchar(20),
  e integer,
  f timestamp,
  g cidr,
  h varchar(20),
  j varchar(10)[],
  k bit(8),
  l varchar(20) CHECK (l <> ''),
  m integer CHECK (m > 0),
  n varchar(20) DEFAULT 'x',
  o integer DEFAULT 5,
  p varchar(20)
);
CREATE INDEX ix_a ON ix (a);
CREATE INDEX ix_c_lower ON ix (lower(c));
CREATE INDEX ix_d_part ON ix (id) WHERE d <> '';
CREATE INDEX ix_e ON ix (e);
CREATE INDEX ix_e2 ON ix (e, a);
CREATE INDEX ix_f ON ix (f);
CREATE INDEX ix_g ON ix (g);
CREATE INDEX ix_h_pattern ON ix (h varchar_pattern_ops);
CREATE INDEX ix_h_hash ON ix USING hash (h);
CREATE INDEX ix_j ON ix USING gin (j);
CREATE INDEX ix_k ON ix (k);
CREATE INDEX ix_p_include ON ix (id) INCLUDE (p);
CREATE TABLE viewed (id integer PRIMARY KEY, a varchar(10), b varchar(10), c varchar(10));
CREATE VIEW v_a AS SELECT id, a FROM viewed;
CREATE MATERIALIZED VIEW m_b AS SELECT id, b FROM viewed;
CREATE TABLE made (id integer PRIMARY KEY, a varchar(10), g text GENERATED ALWAYS AS (upper(a)) STORED, c varchar(10));
CREATE TABLE guarded (id integer PRIMARY KEY, owner varchar(10), note varchar(10));
CREATE POLICY own ON guarded USING (owner = CURRENT_USER);
CREATE TABLE watched (id integer PRIMARY KEY, a varchar(10), b varchar(10), c varchar(10));
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER on_a BEFORE UPDATE OF a ON watched FOR EACH ROW EXECUTE FUNCTION noted();
CREATE TRIGGER when_b BEFORE UPDATE ON watched FOR EACH ROW WHEN (NEW.b <> OLD.b) EXECUTE FUNCTION noted();
CREATE TABLE tree (id integer PRIMARY KEY, up integer REFERENCES tree (id));
CREATE TABLE parent (id integer, v varchar(10));
CREATE TABLE child (extra text) INHERITS (parent);
CREATE TABLE parted (id integer NOT NULL, v varchar(10), n integer) PARTITION BY RANGE (id);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (100) TO (200);
CREATE INDEX parted_n ON parted (n);
CREATE TABLE excl (id integer PRIMARY KEY, r int4range, EXCLUDE USING gist (r WITH &&));
INSERT INTO k SELECT g, 'c' || g FROM generate_series(1, 20) g;
INSERT INTO t (id, si, i, bi, nm, nu, re, dp, bo, tx, vc, vn, ch, js, jb, uu, da, ts, t3, tz, ti, iv, ip, ci, xm, by, b8, vb, oi, md, ds, dp2, ar, ta, mo, k_id, k_code)
SELECT g, g, 16777216 + g, 1152921504606846976 + g, g * 0.01, g * 0.00001, g, 1 + g * 3e-16, g % 2 = 0, g::text, g::text, g::text, g::text, '{}', '{}', md5(g::text)::uuid, date '2024-01-01' + g,
  timestamp '2024-01-01' + g * interval '1 microsecond', timestamp '2024-01-01' + g * interval '1 millisecond', timestamptz '2024-01-01 06:00Z' + g * interval '1 microsecond',
  time '01:00' + g * interval '1 microsecond', (g / 2) * interval '1 day' + (g % 2) * interval '1 microsecond', ('10.0.0.' || g || '/8')::inet, '10.0.0.0/8', '<a/>', 'ab', B'10101010', B'1010', g, 'low', 'd' || g, g,
  ARRAY[g], ARRAY['a' || g], g, g, 'c' || g FROM generate_series(1, 20) g;
INSERT INTO ix (id, a, b, c, d, e, f, g, h, j, k, l, m, p) SELECT g, 'a' || g, 'b' || g, 'c' || g, 'd' || g, g, timestamp '2024-01-01' + g * interval '1 day',
  '10.0.0.0/8', 'h' || g, ARRAY['j' || g], B'10101010', 'l' || g, g, 'p' || g FROM generate_series(1, 20) g;
INSERT INTO viewed SELECT g, 'a' || g, 'b' || g, 'c' || g FROM generate_series(1, 5) g;
INSERT INTO made (id, a, c) SELECT g, 'a' || g, 'c' || g FROM generate_series(1, 5) g;
INSERT INTO guarded SELECT g, 'postgres', 'n' || g FROM generate_series(1, 5) g;
INSERT INTO watched SELECT g, 'a' || g, 'b' || g, 'c' || g FROM generate_series(1, 5) g;
INSERT INTO tree SELECT g, nullif(g - 1, 0) FROM generate_series(1, 5) g;
INSERT INTO parent SELECT g, 'v' || g FROM generate_series(1, 5) g;
INSERT INTO child SELECT g, 'v' || g, 'x' FROM generate_series(1, 5) g;
INSERT INTO parted SELECT g * 10, 'v' || g, g FROM generate_series(1, 15) g;
INSERT INTO excl SELECT g, int4range(g * 10, g * 10 + 5) FROM generate_series(1, 5) g;

-- case: t.si to integer
ALTER TABLE t ALTER COLUMN si TYPE integer;
-- case: t.i to bigint
ALTER TABLE t ALTER COLUMN i TYPE bigint;
-- case: t.bi to integer
ALTER TABLE t ALTER COLUMN bi TYPE integer;
-- case: t.i to smallint
ALTER TABLE t ALTER COLUMN i TYPE smallint;
-- case: t.i to numeric
ALTER TABLE t ALTER COLUMN i TYPE numeric;
-- case: t.i to numeric(12,0)
ALTER TABLE t ALTER COLUMN i TYPE numeric(12,0);
-- case: t.nm to numeric(12,2)
ALTER TABLE t ALTER COLUMN nm TYPE numeric(12,2);
-- case: t.nm to numeric(8,2)
ALTER TABLE t ALTER COLUMN nm TYPE numeric(8,2);
-- case: t.nm to numeric(10,4)
ALTER TABLE t ALTER COLUMN nm TYPE numeric(10,4);
-- case: t.nm to numeric(14,4)
ALTER TABLE t ALTER COLUMN nm TYPE numeric(14,4);
-- case: t.nm to numeric(10,1)
ALTER TABLE t ALTER COLUMN nm TYPE numeric(10,1);
-- case: t.nm to numeric
ALTER TABLE t ALTER COLUMN nm TYPE numeric;
-- case: t.nu to numeric(20,4)
ALTER TABLE t ALTER COLUMN nu TYPE numeric(20,4);
-- case: t.nm to integer
ALTER TABLE t ALTER COLUMN nm TYPE integer;
-- case: t.nm to double precision
ALTER TABLE t ALTER COLUMN nm TYPE double precision;
-- case: t.re to double precision
ALTER TABLE t ALTER COLUMN re TYPE double precision;
-- case: t.dp to real
ALTER TABLE t ALTER COLUMN dp TYPE real;
-- case: t.dp to numeric
ALTER TABLE t ALTER COLUMN dp TYPE numeric;
-- case: t.i to double precision
ALTER TABLE t ALTER COLUMN i TYPE double precision;
-- case: t.bi to double precision
ALTER TABLE t ALTER COLUMN bi TYPE double precision;
-- case: t.i to real
ALTER TABLE t ALTER COLUMN i TYPE real;
-- case: t.i to text
ALTER TABLE t ALTER COLUMN i TYPE text;
-- case: t.i to varchar(10)
ALTER TABLE t ALTER COLUMN i TYPE varchar(10);
-- case: t.i to boolean
ALTER TABLE t ALTER COLUMN i TYPE boolean;
-- case: t.bo to integer
ALTER TABLE t ALTER COLUMN bo TYPE integer;
-- case: t.bo to text
ALTER TABLE t ALTER COLUMN bo TYPE text;
-- case: t.tx to integer
ALTER TABLE t ALTER COLUMN tx TYPE integer;
-- case: t.tx to varchar(50)
ALTER TABLE t ALTER COLUMN tx TYPE varchar(50);
-- case: t.tx to varchar
ALTER TABLE t ALTER COLUMN tx TYPE varchar;
-- case: t.vc to varchar(40)
ALTER TABLE t ALTER COLUMN vc TYPE varchar(40);
-- case: t.vc to varchar(10)
ALTER TABLE t ALTER COLUMN vc TYPE varchar(10);
-- case: t.vc to varchar
ALTER TABLE t ALTER COLUMN vc TYPE varchar;
-- case: t.vc to text
ALTER TABLE t ALTER COLUMN vc TYPE text;
-- case: t.vn to text
ALTER TABLE t ALTER COLUMN vn TYPE text;
-- case: t.vn to varchar(50)
ALTER TABLE t ALTER COLUMN vn TYPE varchar(50);
-- case: t.vc to char(20)
ALTER TABLE t ALTER COLUMN vc TYPE char(20);
-- case: t.vc to bpchar
ALTER TABLE t ALTER COLUMN vc TYPE bpchar;
-- case: t.tx to bpchar
ALTER TABLE t ALTER COLUMN tx TYPE bpchar;
-- case: t.ch to char(20)
ALTER TABLE t ALTER COLUMN ch TYPE char(20);
-- case: t.ch to varchar(10)
ALTER TABLE t ALTER COLUMN ch TYPE varchar(10);
-- case: t.ch to text
ALTER TABLE t ALTER COLUMN ch TYPE text;
-- case: t.ch to bpchar
ALTER TABLE t ALTER COLUMN ch TYPE bpchar;
-- case: t.tx to char(30)
ALTER TABLE t ALTER COLUMN tx TYPE char(30);
-- case: t.tx to name
ALTER TABLE t ALTER COLUMN tx TYPE name;
-- case: t.js to jsonb
ALTER TABLE t ALTER COLUMN js TYPE jsonb;
-- case: t.jb to json
ALTER TABLE t ALTER COLUMN jb TYPE json;
-- case: t.js to text
ALTER TABLE t ALTER COLUMN js TYPE text;
-- case: t.tx to jsonb
ALTER TABLE t ALTER COLUMN tx TYPE jsonb;
-- case: t.uu to text
ALTER TABLE t ALTER COLUMN uu TYPE text;
-- case: t.tx to uuid
ALTER TABLE t ALTER COLUMN tx TYPE uuid;
-- case: t.uu to bytea
ALTER TABLE t ALTER COLUMN uu TYPE bytea;
-- case: t.da to timestamp
ALTER TABLE t ALTER COLUMN da TYPE timestamp;
-- case: t.da to timestamptz
ALTER TABLE t ALTER COLUMN da TYPE timestamptz;
-- case: t.da to text
ALTER TABLE t ALTER COLUMN da TYPE text;
-- case: t.ts to date
ALTER TABLE t ALTER COLUMN ts TYPE date;
-- case: t.ts to timestamptz
ALTER TABLE t ALTER COLUMN ts TYPE timestamptz;
-- case: t.tz to timestamp
ALTER TABLE t ALTER COLUMN tz TYPE timestamp;
-- case: t.ts to timestamp(3)
ALTER TABLE t ALTER COLUMN ts TYPE timestamp(3);
-- case: t.t3 to timestamp
ALTER TABLE t ALTER COLUMN t3 TYPE timestamp;
-- case: t.t3 to timestamp(6)
ALTER TABLE t ALTER COLUMN t3 TYPE timestamp(6);
-- case: t.t3 to timestamp(0)
ALTER TABLE t ALTER COLUMN t3 TYPE timestamp(0);
-- case: t.ts to timestamp(6)
ALTER TABLE t ALTER COLUMN ts TYPE timestamp(6);
-- case: t.tz to timestamptz(3)
ALTER TABLE t ALTER COLUMN tz TYPE timestamptz(3);
-- case: t.tz to date
ALTER TABLE t ALTER COLUMN tz TYPE date;
-- case: t.tz to text
ALTER TABLE t ALTER COLUMN tz TYPE text;
-- case: t.ti to time(3)
ALTER TABLE t ALTER COLUMN ti TYPE time(3);
-- case: t.ti to timetz
ALTER TABLE t ALTER COLUMN ti TYPE timetz;
-- case: t.ti to interval
ALTER TABLE t ALTER COLUMN ti TYPE interval;
-- case: t.iv to interval(3)
ALTER TABLE t ALTER COLUMN iv TYPE interval(3);
-- case: t.iv to interval day to second
ALTER TABLE t ALTER COLUMN iv TYPE interval day to second;
-- case: t.iv to time
ALTER TABLE t ALTER COLUMN iv TYPE time;
-- case: t.ip to cidr
ALTER TABLE t ALTER COLUMN ip TYPE cidr;
-- case: t.ci to inet
ALTER TABLE t ALTER COLUMN ci TYPE inet;
-- case: t.ip to text
ALTER TABLE t ALTER COLUMN ip TYPE text;
-- case: t.xm to text
ALTER TABLE t ALTER COLUMN xm TYPE text;
-- case: t.tx to xml
ALTER TABLE t ALTER COLUMN tx TYPE xml;
-- case: t.by to text
ALTER TABLE t ALTER COLUMN by TYPE text;
-- case: t.b8 to bit(16)
ALTER TABLE t ALTER COLUMN b8 TYPE bit(16);
-- case: t.b8 to bit varying
ALTER TABLE t ALTER COLUMN b8 TYPE bit varying;
-- case: t.b8 to bit varying(8)
ALTER TABLE t ALTER COLUMN b8 TYPE bit varying(8);
-- case: t.vb to bit varying(32)
ALTER TABLE t ALTER COLUMN vb TYPE bit varying(32);
-- case: t.vb to bit varying
ALTER TABLE t ALTER COLUMN vb TYPE bit varying;
-- case: t.vb to bit varying(8)
ALTER TABLE t ALTER COLUMN vb TYPE bit varying(8);
-- case: t.vb to bit(16)
ALTER TABLE t ALTER COLUMN vb TYPE bit(16);
-- case: t.oi to integer
ALTER TABLE t ALTER COLUMN oi TYPE integer;
-- case: t.i to oid
ALTER TABLE t ALTER COLUMN i TYPE oid;
-- case: t.oi to bigint
ALTER TABLE t ALTER COLUMN oi TYPE bigint;
-- case: t.i to regclass
ALTER TABLE t ALTER COLUMN i TYPE regclass;
-- case: t.md to text
ALTER TABLE t ALTER COLUMN md TYPE text;
-- case: t.md to varchar(10)
ALTER TABLE t ALTER COLUMN md TYPE varchar(10);
-- case: t.tx to mood
ALTER TABLE t ALTER COLUMN tx TYPE mood;
-- case: t.vc to short_text
ALTER TABLE t ALTER COLUMN vc TYPE short_text;
-- case: t.ds to varchar(30)
ALTER TABLE t ALTER COLUMN ds TYPE varchar(30);
-- case: t.ds to text
ALTER TABLE t ALTER COLUMN ds TYPE text;
-- case: t.ds to varchar(60)
ALTER TABLE t ALTER COLUMN ds TYPE varchar(60);
-- case: t.i to positive
ALTER TABLE t ALTER COLUMN i TYPE positive;
-- case: t.dp2 to integer
ALTER TABLE t ALTER COLUMN dp2 TYPE integer;
-- case: t.i to whole
ALTER TABLE t ALTER COLUMN i TYPE whole;
-- case: t.ar to bigint[]
ALTER TABLE t ALTER COLUMN ar TYPE bigint[];
-- case: t.ta to text[]
ALTER TABLE t ALTER COLUMN ta TYPE text[];
-- case: t.ta to varchar(20)[]
ALTER TABLE t ALTER COLUMN ta TYPE varchar(20)[];
-- case: t.ta to varchar(5)[]
ALTER TABLE t ALTER COLUMN ta TYPE varchar(5)[];
-- case: t.i to integer[]
ALTER TABLE t ALTER COLUMN i TYPE integer[];
-- case: t.ar to text
ALTER TABLE t ALTER COLUMN ar TYPE text;
-- case: t.mo to numeric
ALTER TABLE t ALTER COLUMN mo TYPE numeric;
-- case: t.nm to money
ALTER TABLE t ALTER COLUMN nm TYPE money;
-- case: t.ser to bigint
ALTER TABLE t ALTER COLUMN ser TYPE bigint;
-- case: t.idn to bigint
ALTER TABLE t ALTER COLUMN idn TYPE bigint;
-- case: t.id to bigint
ALTER TABLE t ALTER COLUMN id TYPE bigint;
-- case: t.k_id to bigint
ALTER TABLE t ALTER COLUMN k_id TYPE bigint;
-- case: t.k_code to text
ALTER TABLE t ALTER COLUMN k_code TYPE text;
-- case: t.k_code to varchar(40)
ALTER TABLE t ALTER COLUMN k_code TYPE varchar(40);
-- case: t.vc to varchar(20)
ALTER TABLE t ALTER COLUMN vc TYPE varchar(20);
-- case: t.i to integer
ALTER TABLE t ALTER COLUMN i TYPE integer;
-- case: t.i to int4
ALTER TABLE t ALTER COLUMN i TYPE int4;
-- case: t.nothing to text
ALTER TABLE t ALTER COLUMN nothing TYPE text;
-- case: t.i to no_such_type
ALTER TABLE t ALTER COLUMN i TYPE no_such_type;
-- case: t.tx to integer using tx as as integer
ALTER TABLE t ALTER COLUMN tx TYPE integer USING tx::integer;
-- case: t.tx to integer using NULL
ALTER TABLE t ALTER COLUMN tx TYPE integer USING NULL;
-- case: t.i to bigint using i as as bigint
ALTER TABLE t ALTER COLUMN i TYPE bigint USING i::bigint;
-- case: t.vc to text using vc
ALTER TABLE t ALTER COLUMN vc TYPE text USING vc;
-- case: t.vc to text using vc as as text
ALTER TABLE t ALTER COLUMN vc TYPE text USING vc::text;
-- case: t.vc to text using upper(vc)
-- unseen: loses
ALTER TABLE t ALTER COLUMN vc TYPE text USING upper(vc);
-- case: t.vc to varchar(40) using vc as as varchar(40)
ALTER TABLE t ALTER COLUMN vc TYPE varchar(40) USING vc::varchar(40);
-- case: t.i to text using i as as text
ALTER TABLE t ALTER COLUMN i TYPE text USING i::text;
-- case: t.md to text using md as as text
ALTER TABLE t ALTER COLUMN md TYPE text USING md::text;
-- case: t.tx to mood using tx as as mood
ALTER TABLE t ALTER COLUMN tx TYPE mood USING tx::mood;
-- case: t.bo to integer using CASE WHEN bo THEN 1 ELSE 0 END
ALTER TABLE t ALTER COLUMN bo TYPE integer USING CASE WHEN bo THEN 1 ELSE 0 END;
-- case: t.ts to timestamptz using ts AT TIME ZONE 'UTC'
ALTER TABLE t ALTER COLUMN ts TYPE timestamptz USING ts AT TIME ZONE 'UTC';
-- case: t.tz to timestamp using tz AT TIME ZONE 'UTC'
ALTER TABLE t ALTER COLUMN tz TYPE timestamp USING tz AT TIME ZONE 'UTC';
-- case: t.tx to text[] using ARRAY[tx]
ALTER TABLE t ALTER COLUMN tx TYPE text[] USING ARRAY[tx];
-- case: t.i to integer using i + 1
ALTER TABLE t ALTER COLUMN i TYPE integer USING i + 1;
-- case: t.i to integer using i
ALTER TABLE t ALTER COLUMN i TYPE integer USING i;
-- case: t.vc to varchar(5) using left(vc, 5)
-- unseen: loses
ALTER TABLE t ALTER COLUMN vc TYPE varchar(5) USING left(vc, 5);
-- case: t.vc to varchar(5) using vc as as varchar(5)
-- unseen: loses
ALTER TABLE t ALTER COLUMN vc TYPE varchar(5) USING vc::varchar(5);
-- case: t.i to integer[] using ARRAY[i]
ALTER TABLE t ALTER COLUMN i TYPE integer[] USING ARRAY[i];
-- case: t.i to boolean using i as as boolean
ALTER TABLE t ALTER COLUMN i TYPE boolean USING i::boolean;
-- case: t.i to boolean using i <> 0
ALTER TABLE t ALTER COLUMN i TYPE boolean USING i <> 0;
-- case: t.tx to jsonb using to_jsonb(tx)
ALTER TABLE t ALTER COLUMN tx TYPE jsonb USING to_jsonb(tx);
-- case: t.uu to text using uu
ALTER TABLE t ALTER COLUMN uu TYPE text USING uu;
-- case: t.tx to text using btrim(tx)
-- unseen: loses
ALTER TABLE t ALTER COLUMN tx TYPE text USING btrim(tx);
-- case: t.vc to text using vc || ''
ALTER TABLE t ALTER COLUMN vc TYPE text USING vc || '';
-- case: t.vc to varchar(40) using (vc)
ALTER TABLE t ALTER COLUMN vc TYPE varchar(40) USING (vc);
-- case: t.vc to text using CAST(vc AS text)
ALTER TABLE t ALTER COLUMN vc TYPE text USING CAST(vc AS text);
-- case: timestamp to timestamptz in utc
SET timezone = 'UTC';
ALTER TABLE t ALTER COLUMN ts TYPE timestamptz;
-- case: timestamptz to timestamp in utc
SET TimeZone TO 'UTC';
ALTER TABLE t ALTER COLUMN tz TYPE timestamp;
-- case: timestamp to timestamptz in local utc
BEGIN;
SET LOCAL TIME ZONE 'UTC';
ALTER TABLE t ALTER COLUMN ts TYPE timestamptz;
COMMIT;
-- case: timestamp to timestamptz in another zone
SET timezone = 'Europe/Berlin';
ALTER TABLE t ALTER COLUMN ts TYPE timestamptz;
-- case: timestamp to timestamptz in london
SET timezone = 'Europe/London';
ALTER TABLE t ALTER COLUMN ts TYPE timestamptz;
-- case: timestamp to shorter timestamptz in utc
SET timezone = 'UTC';
ALTER TABLE t ALTER COLUMN ts TYPE timestamptz(3);
-- case: short timestamp to timestamptz in utc
SET timezone = 'UTC';
ALTER TABLE t ALTER COLUMN t3 TYPE timestamptz;
-- case: timestamp to timestamptz using a cast in utc
SET timezone = 'UTC';
ALTER TABLE t ALTER COLUMN ts TYPE timestamptz USING ts::timestamptz;
-- case: timestamp to timestamptz in utc with an index
SET timezone = 'UTC';
ALTER TABLE ix ALTER COLUMN f TYPE timestamptz;
-- case: timestamp to timestamptz at utc in utc
SET timezone = 'UTC';
ALTER TABLE t ALTER COLUMN ts TYPE timestamptz USING ts AT TIME ZONE 'UTC';
-- case: ix.a to varchar(40)
ALTER TABLE ix ALTER COLUMN a TYPE varchar(40);
-- case: ix.a to text
ALTER TABLE ix ALTER COLUMN a TYPE text;
-- case: ix.a to varchar(10)
ALTER TABLE ix ALTER COLUMN a TYPE varchar(10);
-- case: ix.b to text
ALTER TABLE ix ALTER COLUMN b TYPE text;
-- case: ix.b to varchar(30)
ALTER TABLE ix ALTER COLUMN b TYPE varchar(30);
-- case: ix.c to text
ALTER TABLE ix ALTER COLUMN c TYPE text;
-- case: ix.c to varchar(40)
ALTER TABLE ix ALTER COLUMN c TYPE varchar(40);
-- case: ix.d to text
ALTER TABLE ix ALTER COLUMN d TYPE text;
-- case: ix.e to bigint
ALTER TABLE ix ALTER COLUMN e TYPE bigint;
-- case: ix.e to oid
ALTER TABLE ix ALTER COLUMN e TYPE oid;
-- case: ix.g to inet
ALTER TABLE ix ALTER COLUMN g TYPE inet;
-- case: ix.h to text
ALTER TABLE ix ALTER COLUMN h TYPE text;
-- case: ix.h to varchar(40)
ALTER TABLE ix ALTER COLUMN h TYPE varchar(40);
-- case: ix.j to text[]
ALTER TABLE ix ALTER COLUMN j TYPE text[];
-- case: ix.k to bit varying
ALTER TABLE ix ALTER COLUMN k TYPE bit varying;
-- case: ix.l to text
ALTER TABLE ix ALTER COLUMN l TYPE text;
-- case: ix.l to varchar(40)
ALTER TABLE ix ALTER COLUMN l TYPE varchar(40);
-- case: ix.m to bigint
ALTER TABLE ix ALTER COLUMN m TYPE bigint;
-- case: ix.n to text
ALTER TABLE ix ALTER COLUMN n TYPE text;
-- case: ix.n to varchar(40)
ALTER TABLE ix ALTER COLUMN n TYPE varchar(40);
-- case: ix.o to bigint
ALTER TABLE ix ALTER COLUMN o TYPE bigint;
-- case: ix.o to text
ALTER TABLE ix ALTER COLUMN o TYPE text;
-- case: ix.p to text
ALTER TABLE ix ALTER COLUMN p TYPE text;
-- case: ix.p to integer
ALTER TABLE ix ALTER COLUMN p TYPE integer;
-- case: collation of an indexed column
ALTER TABLE ix ALTER COLUMN a TYPE varchar(20) COLLATE "C";
-- case: collation of a column without index
ALTER TABLE t ALTER COLUMN tx TYPE text COLLATE "C";
-- case: collation the default
ALTER TABLE ix ALTER COLUMN a TYPE varchar(20) COLLATE "default";
-- case: collation of an own name
ALTER TABLE t ALTER COLUMN vc TYPE text COLLATE plain;
-- case: collation of a unique column
ALTER TABLE ix ALTER COLUMN b TYPE varchar(30) COLLATE "C";
-- case: collation of an included column
ALTER TABLE ix ALTER COLUMN p TYPE text COLLATE "C";
-- case: collation of a hash index
ALTER TABLE ix ALTER COLUMN h TYPE varchar(20) COLLATE "C";
-- case: collation of a number
ALTER TABLE t ALTER COLUMN i TYPE bigint COLLATE "C";
-- case: viewed.a to text
ALTER TABLE viewed ALTER COLUMN a TYPE text;
-- case: viewed.b to text
ALTER TABLE viewed ALTER COLUMN b TYPE text;
-- case: viewed.c to text
ALTER TABLE viewed ALTER COLUMN c TYPE text;
-- case: viewed.a to varchar(10)
ALTER TABLE viewed ALTER COLUMN a TYPE varchar(10);
-- case: made.a to text
ALTER TABLE made ALTER COLUMN a TYPE text;
-- case: made.g to varchar(40)
ALTER TABLE made ALTER COLUMN g TYPE varchar(40);
-- case: made.c to text
ALTER TABLE made ALTER COLUMN c TYPE text;
-- case: guarded.owner to text
ALTER TABLE guarded ALTER COLUMN owner TYPE text;
-- case: guarded.note to text
ALTER TABLE guarded ALTER COLUMN note TYPE text;
-- case: watched.a to text
ALTER TABLE watched ALTER COLUMN a TYPE text;
-- case: watched.b to text
ALTER TABLE watched ALTER COLUMN b TYPE text;
-- case: watched.c to text
ALTER TABLE watched ALTER COLUMN c TYPE text;
-- case: tree.id to bigint
ALTER TABLE tree ALTER COLUMN id TYPE bigint;
-- case: tree.up to bigint
ALTER TABLE tree ALTER COLUMN up TYPE bigint;
-- case: parent.v to varchar(20)
ALTER TABLE parent ALTER COLUMN v TYPE varchar(20);
-- case: child.v to text
ALTER TABLE child ALTER COLUMN v TYPE text;
-- case: parent.id to bigint
ALTER TABLE parent ALTER COLUMN id TYPE bigint;
-- case: ONLY parent.v to varchar(20)
ALTER TABLE ONLY parent ALTER COLUMN v TYPE varchar(20);
-- case: parted.v to varchar(20)
ALTER TABLE parted ALTER COLUMN v TYPE varchar(20);
-- case: parted.n to bigint
ALTER TABLE parted ALTER COLUMN n TYPE bigint;
-- case: parted.id to bigint
ALTER TABLE parted ALTER COLUMN id TYPE bigint;
-- case: parted_1.v to text
ALTER TABLE parted_1 ALTER COLUMN v TYPE text;
-- case: excl.r to int8range
ALTER TABLE excl ALTER COLUMN r TYPE int8range;
-- case: excl.r to int8range using int8range(lower(r), upper(r))
ALTER TABLE excl ALTER COLUMN r TYPE int8range USING int8range(lower(r), upper(r));
-- case: k.id to bigint
ALTER TABLE k ALTER COLUMN id TYPE bigint;
-- case: k.code to varchar(40)
ALTER TABLE k ALTER COLUMN code TYPE varchar(40);
-- case: k.code to text
ALTER TABLE k ALTER COLUMN code TYPE text;
-- case: excl.id to bigint
ALTER TABLE excl ALTER COLUMN id TYPE bigint;
-- case: two types at once
ALTER TABLE t ALTER COLUMN i TYPE bigint, ALTER COLUMN vc TYPE text;
-- case: two types at once, neither rewrites
ALTER TABLE t ALTER COLUMN vn TYPE text, ALTER COLUMN vc TYPE text;
-- case: type and default
ALTER TABLE ix ALTER COLUMN o DROP DEFAULT, ALTER COLUMN o TYPE text, ALTER COLUMN o SET DEFAULT '5';
-- case: type of a default that has no cast
ALTER TABLE t ALTER COLUMN tx SET DEFAULT 'x';
ALTER TABLE t ALTER COLUMN tx TYPE integer USING 1;
-- case: type and not null
ALTER TABLE t ALTER COLUMN i TYPE bigint, ALTER COLUMN i SET NOT NULL;
-- case: type without rewrite and not null
ALTER TABLE t ALTER COLUMN vc TYPE text, ALTER COLUMN vc SET NOT NULL;
-- case: type and new column
ALTER TABLE t ADD COLUMN n integer, ALTER COLUMN vc TYPE text;
-- case: type and dropped column
ALTER TABLE t DROP COLUMN by, ALTER COLUMN vc TYPE text;
-- case: type of a dropped column
ALTER TABLE t DROP COLUMN vc, ALTER COLUMN vc TYPE text;
-- case: type twice
ALTER TABLE t ALTER COLUMN vc TYPE text, ALTER COLUMN vc TYPE varchar(50);
-- case: type of a missing table
ALTER TABLE nowhere ALTER COLUMN a TYPE text;
-- case: set data type
ALTER TABLE t ALTER vc SET DATA TYPE text;
-- case: type after a rename
ALTER TABLE t RENAME COLUMN vc TO vc2;
ALTER TABLE t ALTER COLUMN vc2 TYPE text;
-- case: type with a check in one transaction
BEGIN;
ALTER TABLE ix DROP CONSTRAINT ix_l_check;
ALTER TABLE ix ALTER COLUMN l TYPE text;
ALTER TABLE ix ADD CONSTRAINT ix_l_check CHECK (l <> '') NOT VALID;
COMMIT;
-- case: type when the table is new
CREATE TABLE fresh (a integer);
ALTER TABLE fresh ALTER COLUMN a TYPE bigint;
-- case: interval with fewer fields
ALTER TABLE t ALTER COLUMN iv TYPE interval day to hour;
-- case: interval with all fields
ALTER TABLE t ALTER COLUMN iv TYPE interval second;
-- case: numeric without limits to double
-- unseen: loses
ALTER TABLE t ALTER COLUMN nu TYPE double precision;
-- case: small numbers to real
ALTER TABLE t ALTER COLUMN si TYPE real;
-- case: unique time stamps in utc
CREATE TABLE stamps (at timestamp UNIQUE);
INSERT INTO stamps SELECT timestamp '2024-01-01' + g * interval '1 day' FROM generate_series(1, 5) g;
-- run
SET timezone = 'UTC';
ALTER TABLE stamps ALTER COLUMN at TYPE timestamptz;
-- case: included oid
CREATE TABLE o (id integer, i integer);
CREATE INDEX o_id ON o (id) INCLUDE (i);
INSERT INTO o SELECT g, g FROM generate_series(1, 5) g;
-- run
ALTER TABLE o ALTER COLUMN i TYPE oid;
-- case: check and rewrite at once
ALTER TABLE t ALTER COLUMN i TYPE bigint, ADD CONSTRAINT i_pos CHECK (i > 0);
-- case: column and rewrite at once
ALTER TABLE t ALTER COLUMN i TYPE bigint, ADD COLUMN n integer NOT NULL DEFAULT 1 CHECK (n > 0);
-- case: unique and rewrite at once
ALTER TABLE t ALTER COLUMN i TYPE bigint, ADD UNIQUE (i);
-- case: foreign key and rewrite at once
ALTER TABLE t ALTER COLUMN i TYPE bigint, ADD FOREIGN KEY (si) REFERENCES k (id);
-- case: not null and a stored column at once
ALTER TABLE t ADD COLUMN g integer GENERATED ALWAYS AS (si * 2) STORED, ALTER COLUMN si SET NOT NULL;
-- case: domain without limit to text
CREATE DOMAIN words AS text;
CREATE TABLE w (id integer, d words);
INSERT INTO w VALUES (1, 'x');
-- run
ALTER TABLE w ALTER COLUMN d TYPE varchar;
-- case: quoted column using itself
CREATE TABLE "Q" ("The Value" varchar(10));
INSERT INTO "Q" VALUES ('x');
-- run
ALTER TABLE "Q" ALTER COLUMN "The Value" TYPE text USING "The Value";
-- case: quoted column using a cast
CREATE TABLE "Q" ("The Value" varchar(10));
INSERT INTO "Q" VALUES ('x');
-- run
ALTER TABLE "Q" ALTER COLUMN "The Value" TYPE text USING "The Value"::text;
-- case: index of a child
CREATE INDEX child_v ON child (v);
-- run
ALTER TABLE parent ALTER COLUMN v TYPE text COLLATE "C";
-- case: collation and type
ALTER TABLE ix ALTER COLUMN a TYPE text COLLATE "C";
-- case: array from text
ALTER TABLE t ALTER COLUMN tx TYPE text[];
-- case: text with an expression's index to itself
ALTER TABLE ix ALTER COLUMN c TYPE varchar(20);
-- case: using a cast of a cast
ALTER TABLE t ALTER COLUMN vc TYPE text USING vc::text::text;
-- case: primary key of what becomes unlogged
CREATE TABLE p (id integer, v text);
INSERT INTO p VALUES (1, 'x');
-- run
ALTER TABLE p ADD PRIMARY KEY (id), SET UNLOGGED;
-- case: cut by a written cast
ALTER TABLE t ALTER COLUMN ts TYPE varchar(5) USING ts::text::varchar(5);
