-- given
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE tenants (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), slug varchar(40) NOT NULL UNIQUE, plan text NOT NULL DEFAULT 'free');
CREATE TABLE accounts (
  id bigserial PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants (id),
  login text NOT NULL,
  password_hash bytea,
  locale varchar(5) DEFAULT 'en',
  balance integer NOT NULL DEFAULT 0,
  last_seen timestamptz
);
CREATE INDEX accounts_tenant ON accounts (tenant_id);
CREATE TABLE invoices (
  id bigserial PRIMARY KEY,
  account_id bigint NOT NULL,
  number varchar(20) NOT NULL,
  amount numeric(9,2) NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'paid', 'void')),
  issued date NOT NULL DEFAULT CURRENT_DATE
);
ALTER TABLE invoices ADD CONSTRAINT invoices_account FOREIGN KEY (account_id) REFERENCES accounts (id);
CREATE TABLE logs (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL DEFAULT now(), line text) PARTITION BY RANGE (at);
CREATE TABLE logs_old PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2024-01-01');
CREATE TABLE logs_new PARTITION OF logs FOR VALUES FROM ('2024-01-01') TO ('2030-01-01');
CREATE VIEW debts AS SELECT account_id, sum(amount) AS owed FROM invoices WHERE status = 'open' GROUP BY account_id;
INSERT INTO tenants (slug) SELECT 't' || g FROM generate_series(1, 20) g;
INSERT INTO accounts (tenant_id, login) SELECT id, slug FROM tenants;
INSERT INTO invoices (account_id, number, amount) SELECT id, 'N' || id, 10 FROM accounts;
INSERT INTO logs (at, line) SELECT '2023-01-01'::timestamptz + g * interval '40 days', 'l' FROM generate_series(1, 30) g;

-- case: status gets a value by a new check, at once
ALTER TABLE invoices DROP CONSTRAINT invoices_status_check;
ALTER TABLE invoices ADD CONSTRAINT invoices_status_check CHECK (status IN ('open', 'paid', 'void', 'late'));
-- case: status gets a value by a new check, in steps
ALTER TABLE invoices ADD CONSTRAINT invoices_status_known CHECK (status IN ('open', 'paid', 'void', 'late')) NOT VALID;
ALTER TABLE invoices VALIDATE CONSTRAINT invoices_status_known;
ALTER TABLE invoices DROP CONSTRAINT invoices_status_check;
-- case: unique number per account
CREATE UNIQUE INDEX CONCURRENTLY invoices_number ON invoices (account_id, number);
ALTER TABLE invoices ADD CONSTRAINT invoices_number UNIQUE USING INDEX invoices_number;
-- case: unique number per account at once
ALTER TABLE invoices ADD CONSTRAINT invoices_number UNIQUE (account_id, number);
-- case: trigram search
CREATE INDEX CONCURRENTLY accounts_login_trgm ON accounts USING gin (login gin_trgm_ops);
-- case: trigram search at once
CREATE INDEX accounts_login_trgm ON accounts USING gin (login gin_trgm_ops);
-- case: money in cents gets wide
ALTER TABLE accounts ALTER COLUMN balance TYPE bigint;
-- case: locale gets longer
ALTER TABLE accounts ALTER COLUMN locale TYPE varchar(10);
-- case: locale gets shorter
ALTER TABLE accounts ALTER COLUMN locale TYPE varchar(2);
-- case: login gets a limit
ALTER TABLE accounts ALTER COLUMN login TYPE varchar(80);
-- case: new table for tags
CREATE TABLE tags (id bigserial PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE invoice_tags (
  invoice_id bigint NOT NULL REFERENCES invoices (id) ON DELETE CASCADE,
  tag_id bigint NOT NULL REFERENCES tags (id),
  PRIMARY KEY (invoice_id, tag_id)
);
CREATE INDEX invoice_tags_tag ON invoice_tags (tag_id);
-- case: column with a check of its own
ALTER TABLE accounts ADD COLUMN seats integer NOT NULL DEFAULT 1 CHECK (seats > 0);
-- case: column, then its check not valid
ALTER TABLE accounts ADD COLUMN seats integer NOT NULL DEFAULT 1;
ALTER TABLE accounts ADD CONSTRAINT seats_positive CHECK (seats > 0) NOT VALID;
ALTER TABLE accounts VALIDATE CONSTRAINT seats_positive;
-- case: timeouts first
SET lock_timeout = '3s';
SET statement_timeout = '10s';
ALTER TABLE accounts ADD COLUMN avatar text;
RESET lock_timeout;
RESET statement_timeout;
-- case: drop a column the view reads
ALTER TABLE invoices DROP COLUMN amount;
-- case: view made anew around a type change
-- unseen: breaks
BEGIN;
DROP VIEW debts;
ALTER TABLE invoices ALTER COLUMN amount TYPE numeric(12,2);
CREATE VIEW debts AS SELECT account_id, sum(amount) AS owed FROM invoices WHERE status = 'open' GROUP BY account_id;
COMMIT;
-- case: view made anew around a rewriting type change
-- unseen: breaks
BEGIN;
DROP VIEW debts;
ALTER TABLE invoices ALTER COLUMN amount TYPE double precision;
CREATE VIEW debts AS SELECT account_id, sum(amount) AS owed FROM invoices WHERE status = 'open' GROUP BY account_id;
COMMIT;
-- case: required foreign key in the safe order
ALTER TABLE invoices ADD COLUMN tenant_id uuid;
ALTER TABLE invoices ADD CONSTRAINT invoices_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) NOT VALID;
ALTER TABLE invoices VALIDATE CONSTRAINT invoices_tenant;
CREATE INDEX CONCURRENTLY invoices_tenant_id ON invoices (tenant_id);
-- case: required foreign key at once
ALTER TABLE invoices ADD COLUMN tenant_id uuid NOT NULL REFERENCES tenants (id);
-- case: default by a function of the row
ALTER TABLE accounts ADD COLUMN token text NOT NULL DEFAULT md5(random()::text);
-- case: constant token
ALTER TABLE accounts ADD COLUMN token text NOT NULL DEFAULT md5('x');
-- case: old partition goes
ALTER TABLE logs DETACH PARTITION logs_old;
DROP TABLE logs_old;
-- case: new partition comes
CREATE TABLE logs_far PARTITION OF logs FOR VALUES FROM ('2030-01-01') TO ('2040-01-01');
-- case: partition attached with proof
-- unseen: schema
CREATE TABLE logs_past (LIKE logs INCLUDING ALL);
ALTER TABLE logs_past ADD CONSTRAINT in_past CHECK (at >= '2010-01-01' AND at < '2020-01-01');
ALTER TABLE logs ATTACH PARTITION logs_past FOR VALUES FROM ('2010-01-01') TO ('2020-01-01');
-- case: index on the partitioned table
CREATE INDEX logs_at ON logs (at);
-- case: not null proven before
-- unseen: breaks, danger
ALTER TABLE accounts ADD CONSTRAINT seen CHECK (last_seen IS NOT NULL) NOT VALID;
UPDATE accounts SET last_seen = now() WHERE id BETWEEN 1 AND 20 AND last_seen IS NULL;
ALTER TABLE accounts VALIDATE CONSTRAINT seen;
ALTER TABLE accounts ALTER COLUMN last_seen SET NOT NULL;
ALTER TABLE accounts DROP CONSTRAINT seen;
-- case: not null with nulls
ALTER TABLE accounts ALTER COLUMN last_seen SET NOT NULL;
-- case: key gets another type with everything that refers to it
BEGIN;
ALTER TABLE invoices DROP CONSTRAINT invoices_account;
ALTER TABLE accounts ALTER COLUMN id TYPE numeric;
COMMIT;
-- case: rename in three steps
ALTER TABLE accounts ADD COLUMN username text;
-- case: rename of a constraint and an index
ALTER INDEX accounts_tenant RENAME TO idx_accounts_tenant;
ALTER TABLE invoices RENAME CONSTRAINT invoices_account TO fk_invoices_account;
-- case: grants
GRANT SELECT ON accounts TO PUBLIC;
-- case: vacuum and analyze
-- unseen: locks
VACUUM (ANALYZE) accounts;
-- case: cluster
CLUSTER accounts USING accounts_tenant;
-- case: vacuum full
VACUUM FULL invoices;
-- case: unlogged
ALTER TABLE invoices SET UNLOGGED;
-- case: generated column is dropped and comes back
ALTER TABLE invoices ADD COLUMN gross numeric GENERATED ALWAYS AS (amount * 1.2) STORED;
-- case: everything in one transaction
BEGIN;
ALTER TABLE accounts ADD COLUMN note text;
CREATE INDEX accounts_note ON accounts (note);
ALTER TABLE invoices ADD COLUMN note text;
COMMIT;
-- case: truncate
TRUNCATE invoices;
-- case: delete of everything
DELETE FROM invoices;
-- case: drop a table others refer to
DROP TABLE tenants;
-- case: sequence restarted
ALTER SEQUENCE invoices_id_seq RESTART WITH 1000;
-- case: explicit lock
BEGIN;
LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE;
ALTER TABLE accounts ADD COLUMN n integer;
COMMIT;
-- case: trigger that checks
CREATE FUNCTION no_debts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER accounts_no_debts BEFORE INSERT OR UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION no_debts();
-- case: column made required with a default in one statement
ALTER TABLE accounts ALTER COLUMN locale SET DEFAULT 'en', ALTER COLUMN locale SET NOT NULL;
-- case: foreign key without an index
ALTER TABLE accounts ADD COLUMN invited_by bigint;
ALTER TABLE accounts ADD CONSTRAINT accounts_inviter FOREIGN KEY (invited_by) REFERENCES accounts (id) NOT VALID;
ALTER TABLE accounts VALIDATE CONSTRAINT accounts_inviter;
-- case: index rebuilt
REINDEX TABLE accounts;
-- case: index rebuilt concurrently
REINDEX TABLE CONCURRENTLY accounts;
-- case: concurrently in a transaction
BEGIN;
CREATE INDEX CONCURRENTLY accounts_locale ON accounts (locale);
COMMIT;
-- case: enum in place of text
CREATE TYPE plan AS ENUM ('free', 'paid');
ALTER TABLE tenants ALTER COLUMN plan DROP DEFAULT;
ALTER TABLE tenants ALTER COLUMN plan TYPE plan USING plan::plan;
ALTER TABLE tenants ALTER COLUMN plan SET DEFAULT 'free';
