-- given
CREATE SCHEMA billing;
CREATE DOMAIN iso_code AS varchar(3) CHECK (VALUE ~ '^[A-Z]{2,3}$');
CREATE DOMAIN billing.money_amount AS numeric(12,2);
CREATE TYPE room_kind AS ENUM ('single', 'double', 'suite');
CREATE TYPE geo AS (lat double precision, lon double precision);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE FUNCTION norm(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(trim(t)) $$;
CREATE TABLE hotels (
  id serial PRIMARY KEY,
  code iso_code,
  name varchar(80) NOT NULL,
  place geo,
  stars smallint,
  updated_at timestamp
);
CREATE TABLE rooms (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hotel_id integer NOT NULL REFERENCES hotels (id),
  number varchar(10) NOT NULL,
  kind room_kind NOT NULL DEFAULT 'single',
  price numeric(8,2) NOT NULL,
  floor integer,
  area_sqft integer,
  area_m2 numeric GENERATED ALWAYS AS (area_sqft * 0.0929) STORED,
  UNIQUE (hotel_id, number)
);
CREATE TABLE "Guests" (
  "Id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  "Email" varchar(255),
  "FullName" text NOT NULL,
  "Phone" varchar(30),
  "BornOn" date
);
CREATE INDEX "IX_Guests_Email" ON "Guests" ("Email");
CREATE TABLE bookings (
  id bigserial PRIMARY KEY,
  room_id integer NOT NULL REFERENCES rooms (id) ON DELETE RESTRICT,
  guest_id uuid REFERENCES "Guests" ("Id") DEFERRABLE INITIALLY DEFERRED,
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  state varchar(20) NOT NULL DEFAULT 'open',
  total numeric(10,2),
  payload json,
  created_at timestamp NOT NULL DEFAULT now(),
  CONSTRAINT stay_not_empty CHECK (ends_on > starts_on)
);
CREATE INDEX bookings_room_idx ON bookings (room_id);
CREATE INDEX bookings_open_idx ON bookings (starts_on) WHERE state = 'open';
CREATE TABLE billing.invoices (
  id bigint PRIMARY KEY,
  booking_id bigint REFERENCES bookings (id) ON DELETE CASCADE,
  amount billing.money_amount NOT NULL,
  number text NOT NULL,
  paid boolean,
  issued_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE audit_log (
  at timestamptz NOT NULL,
  what text NOT NULL,
  who varchar(40)
) PARTITION BY RANGE (at);
CREATE TABLE audit_log_2023 PARTITION OF audit_log FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE audit_log_2024 PARTITION OF audit_log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE settings (key text PRIMARY KEY, value text);
CREATE VIEW room_list AS SELECT r.id, r.number, h.name AS hotel FROM rooms r JOIN hotels h ON h.id = r.hotel_id;
CREATE MATERIALIZED VIEW occupancy AS SELECT room_id, count(*) AS n FROM bookings GROUP BY room_id;
CREATE UNIQUE INDEX occupancy_room ON occupancy (room_id);
CREATE TRIGGER hotels_touch BEFORE UPDATE ON hotels FOR EACH ROW EXECUTE FUNCTION touch();
INSERT INTO hotels (code, name, stars) SELECT 'DE', 'Hotel ' || g, 3 FROM generate_series(1, 50) g;
INSERT INTO rooms (hotel_id, number, price, floor, area_sqft) SELECT g, 'R' || g, 80 + g, g % 5, 200 + g FROM generate_series(1, 50) g;
INSERT INTO "Guests" ("Email", "FullName", "Phone") SELECT 'g' || g || '@example.org', 'Guest ' || g, '+49 ' || g FROM generate_series(1, 50) g;
INSERT INTO bookings (room_id, starts_on, ends_on, total, payload) SELECT g, date '2024-01-01' + g, date '2024-01-03' + g, 200 + g, '{"a": 1}' FROM generate_series(1, 50) g;
INSERT INTO billing.invoices (id, booking_id, amount, number, paid) SELECT g, g, 99.5, 'INV-' || g, g % 2 = 0 FROM generate_series(1, 50) g;
INSERT INTO audit_log SELECT '2023-05-01'::timestamptz + g * interval '5 days', 'login', 'u' || g FROM generate_series(1, 60) g;
INSERT INTO settings SELECT 'k' || g, 'v' || g FROM generate_series(1, 50) g;
REFRESH MATERIALIZED VIEW occupancy;
-- case: knex adds two columns and an index in one transaction
BEGIN;
alter table "bookings" add column "channel" varchar(255), add column "source_ref" varchar(255);
create index "bookings_channel_index" on "bookings" ("channel");
COMMIT;
-- case: rails add_reference with concurrent index
ALTER TABLE "bookings" ADD "agent_id" bigint;
CREATE INDEX CONCURRENTLY "index_bookings_on_agent_id" ON "bookings" ("agent_id");
-- case: django alter field to not null with default fill
BEGIN;
ALTER TABLE "bookings" ALTER COLUMN "total" SET DEFAULT 0;
UPDATE "bookings" SET "total" = 0 WHERE "total" IS NULL;
ALTER TABLE "bookings" ALTER COLUMN "total" SET NOT NULL;
ALTER TABLE "bookings" ALTER COLUMN "total" DROP DEFAULT;
COMMIT;
-- case: ef core script with do block
DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM settings WHERE "key" = 'mig42') THEN
    ALTER TABLE "Guests" ADD "LoyaltyTier" text NOT NULL DEFAULT 'none';
    END IF;
END $EF$;
-- case: ef core script drops a column in a do block
DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM settings WHERE "key" = 'mig42') THEN
    ALTER TABLE "Guests" DROP COLUMN "Phone";
    END IF;
END $EF$;
-- case: prisma redefines column type
ALTER TABLE "rooms" ALTER COLUMN "floor" SET DATA TYPE BIGINT;
-- case: prisma drops and adds column
/*
  Warnings:
  - You are about to drop the column `state` on the `bookings` table.
*/
-- AlterTable
ALTER TABLE "bookings" DROP COLUMN "state",
ADD COLUMN     "status" TEXT NOT NULL DEFAULT 'open';
-- case: typeorm adds enum column
CREATE TYPE "public"."bookings_board_enum" AS ENUM('none', 'breakfast', 'half', 'full');
ALTER TABLE "bookings" ADD "board" "public"."bookings_board_enum" NOT NULL DEFAULT 'none';
-- case: domain gets a stricter check
ALTER DOMAIN iso_code ADD CONSTRAINT two_letters CHECK (length(VALUE) = 2);
-- case: domain check not valid then validated
ALTER DOMAIN iso_code ADD CONSTRAINT two_letters CHECK (length(VALUE) = 2) NOT VALID;
ALTER DOMAIN iso_code VALIDATE CONSTRAINT two_letters;
-- case: column of a checked domain
ALTER TABLE rooms ADD COLUMN country iso_code;
-- case: column of a checked domain with default
ALTER TABLE rooms ADD COLUMN country iso_code DEFAULT 'DE';
-- case: generated column added
ALTER TABLE bookings ADD COLUMN nights integer GENERATED ALWAYS AS (ends_on - starts_on) STORED;
-- case: identity column added
ALTER TABLE settings ADD COLUMN id bigint GENERATED BY DEFAULT AS IDENTITY;
-- case: uuid default volatile
ALTER TABLE bookings ADD COLUMN public_id uuid NOT NULL DEFAULT gen_random_uuid();
-- case: now as default is stable
ALTER TABLE rooms ADD COLUMN listed_at timestamptz NOT NULL DEFAULT now();
-- case: clock_timestamp is volatile
ALTER TABLE rooms ADD COLUMN listed_at timestamptz NOT NULL DEFAULT clock_timestamp();
-- case: json to jsonb
ALTER TABLE bookings ALTER COLUMN payload TYPE jsonb USING payload::jsonb;
-- case: timestamp to timestamptz in utc
SET TimeZone = 'UTC';
ALTER TABLE bookings ALTER COLUMN created_at TYPE timestamptz;
-- case: timestamp to timestamptz at time zone utc
ALTER TABLE bookings ALTER COLUMN created_at TYPE timestamptz USING created_at AT TIME ZONE 'UTC';
-- case: varchar to text several columns
ALTER TABLE "Guests" ALTER "Email" TYPE text, ALTER "Phone" TYPE text;
-- case: text to varchar narrow that fits
ALTER TABLE billing.invoices ALTER COLUMN number TYPE varchar(20);
-- case: text to varchar narrow that does not fit
ALTER TABLE billing.invoices ALTER COLUMN number TYPE varchar(4);
-- case: domain column to its base type widened
ALTER TABLE billing.invoices ALTER COLUMN amount TYPE numeric(14,2);
-- case: domain column to plain numeric
ALTER TABLE billing.invoices ALTER COLUMN amount TYPE numeric;
-- case: enum value added outside
ALTER TYPE room_kind ADD VALUE IF NOT EXISTS 'family' AFTER 'double';
-- case: enum value added and used in one transaction
BEGIN;
ALTER TYPE room_kind ADD VALUE 'family';
ALTER TABLE rooms ALTER COLUMN kind SET DEFAULT 'family';
COMMIT;
-- case: enum replaced by text with check
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE rooms ALTER COLUMN kind DROP DEFAULT;
ALTER TABLE rooms ALTER COLUMN kind TYPE text USING kind::text;
ALTER TABLE rooms ALTER COLUMN kind SET DEFAULT 'single';
ALTER TABLE rooms ADD CONSTRAINT rooms_kind_check CHECK (kind IN ('single', 'double', 'suite'));
DROP TYPE room_kind;
COMMIT;
-- case: safe not null through a validated check
SET lock_timeout = '2s';
ALTER TABLE rooms ADD CONSTRAINT rooms_floor_nn CHECK (floor IS NOT NULL) NOT VALID;
ALTER TABLE rooms VALIDATE CONSTRAINT rooms_floor_nn;
ALTER TABLE rooms ALTER COLUMN floor SET NOT NULL;
ALTER TABLE rooms DROP CONSTRAINT rooms_floor_nn;
-- case: the same in one transaction
BEGIN;
ALTER TABLE rooms ADD CONSTRAINT rooms_floor_nn CHECK (floor IS NOT NULL) NOT VALID;
ALTER TABLE rooms VALIDATE CONSTRAINT rooms_floor_nn;
ALTER TABLE rooms ALTER COLUMN floor SET NOT NULL;
ALTER TABLE rooms DROP CONSTRAINT rooms_floor_nn;
COMMIT;
-- case: not null where nulls are
ALTER TABLE billing.invoices ALTER COLUMN paid SET NOT NULL;
ALTER TABLE hotels ALTER COLUMN updated_at SET NOT NULL;
-- case: foreign key not valid and validated apart
ALTER TABLE bookings ADD COLUMN hotel_id integer;
ALTER TABLE bookings ADD CONSTRAINT bookings_hotel_fk FOREIGN KEY (hotel_id) REFERENCES hotels (id) NOT VALID;
ALTER TABLE bookings VALIDATE CONSTRAINT bookings_hotel_fk;
-- case: column with inline reference
ALTER TABLE bookings ADD COLUMN hotel_id integer REFERENCES hotels (id);
-- case: new table with references
CREATE TABLE reviews (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  booking_id bigint NOT NULL REFERENCES bookings (id),
  stars smallint CHECK (stars BETWEEN 1 AND 5),
  body text
);
CREATE INDEX reviews_booking_idx ON reviews (booking_id);
INSERT INTO reviews (booking_id, stars) SELECT id, 5 FROM bookings;
-- case: new table filled while references lock
BEGIN;
CREATE TABLE reviews (id bigint PRIMARY KEY, booking_id bigint NOT NULL REFERENCES bookings (id));
INSERT INTO reviews SELECT id, id FROM bookings;
COMMIT;
-- case: create table as and swap
-- unseen: breaks
BEGIN;
CREATE TABLE settings_new (LIKE settings INCLUDING ALL);
INSERT INTO settings_new SELECT * FROM settings;
ALTER TABLE settings RENAME TO settings_old;
ALTER TABLE settings_new RENAME TO settings;
COMMIT;
-- case: unique index first then constraint using index
CREATE UNIQUE INDEX CONCURRENTLY invoices_number_key ON billing.invoices (number);
ALTER TABLE billing.invoices ADD CONSTRAINT invoices_number_key UNIQUE USING INDEX invoices_number_key;
-- case: primary key using index on nullable column
CREATE UNIQUE INDEX CONCURRENTLY guests_email_u ON "Guests" ("Email");
ALTER TABLE "Guests" DROP CONSTRAINT "Guests_pkey" CASCADE;
ALTER TABLE "Guests" ADD CONSTRAINT guests_pk PRIMARY KEY USING INDEX guests_email_u;
-- case: partition added to busy table
CREATE TABLE audit_log_2025 PARTITION OF audit_log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- case: partition attached with a check
-- unseen: schema
CREATE TABLE audit_log_2025 (LIKE audit_log INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
ALTER TABLE audit_log_2025 ADD CONSTRAINT y2025 CHECK (at >= '2025-01-01' AND at < '2026-01-01');
ALTER TABLE audit_log ATTACH PARTITION audit_log_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- case: old partition detached and dropped
ALTER TABLE audit_log DETACH PARTITION audit_log_2023;
DROP TABLE audit_log_2023;
-- case: index on the partitioned parent
CREATE INDEX audit_log_who ON audit_log (who);
-- case: index on only the parent then attached
CREATE INDEX audit_log_who ON ONLY audit_log (who);
CREATE INDEX CONCURRENTLY audit_log_2023_who ON audit_log_2023 (who);
CREATE INDEX CONCURRENTLY audit_log_2024_who ON audit_log_2024 (who);
ALTER INDEX audit_log_who ATTACH PARTITION audit_log_2023_who;
ALTER INDEX audit_log_who ATTACH PARTITION audit_log_2024_who;
-- case: supabase policy
-- unseen: danger
ALTER TABLE bookings ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON bookings FOR SELECT USING (state <> 'hidden');
-- case: view gains a column at its end
CREATE OR REPLACE VIEW room_list AS SELECT r.id, r.number, h.name AS hotel, r.price FROM rooms r JOIN hotels h ON h.id = r.hotel_id;
-- case: view loses a column
DROP VIEW room_list;
CREATE VIEW room_list AS SELECT r.id, r.number FROM rooms r;
-- case: view replaced with column renamed
CREATE OR REPLACE VIEW room_list AS SELECT r.id, r.number, h.name AS hotel_name FROM rooms r JOIN hotels h ON h.id = r.hotel_id;
-- case: materialized view refreshed
REFRESH MATERIALIZED VIEW occupancy;
-- case: materialized view refreshed concurrently
REFRESH MATERIALIZED VIEW CONCURRENTLY occupancy;
-- case: trigger that refuses writes
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'read only'; END $$;
CREATE TRIGGER settings_read_only BEFORE INSERT OR UPDATE OR DELETE ON settings FOR EACH ROW EXECUTE FUNCTION refuse();
-- case: trigger function added for new column
ALTER TABLE "Guests" ADD COLUMN email_norm text;
CREATE FUNCTION set_norm() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.email_norm := lower(NEW."Email"); RETURN NEW; END $$;
CREATE TRIGGER guests_norm BEFORE INSERT OR UPDATE ON "Guests" FOR EACH ROW EXECUTE FUNCTION set_norm();
-- case: backfill in the transaction of the column
BEGIN;
ALTER TABLE rooms ADD COLUMN label text;
UPDATE rooms SET label = number || ' (' || kind || ')';
COMMIT;
-- case: backfill of its own after the column
ALTER TABLE rooms ADD COLUMN label text;
UPDATE rooms SET label = number WHERE id BETWEEN 1 AND 10 AND label IS NULL;
-- case: several actions hide a scan
ALTER TABLE bookings
  ADD COLUMN paid_at timestamptz,
  ALTER COLUMN state SET DEFAULT 'new',
  ADD CONSTRAINT total_positive CHECK (total >= 0),
  DROP CONSTRAINT stay_not_empty;
-- case: several actions all brief
ALTER TABLE bookings
  ADD COLUMN paid_at timestamptz,
  ALTER COLUMN state SET DEFAULT 'new',
  ALTER COLUMN state TYPE varchar(40),
  ADD CONSTRAINT total_positive CHECK (total >= 0) NOT VALID;
-- case: exclusion constraint
-- unseen: breaks
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (room_id WITH =, daterange(starts_on, ends_on) WITH &&);
-- case: serial to identity
-- unseen: loses breaks
BEGIN;
ALTER TABLE hotels ALTER COLUMN id DROP DEFAULT;
DROP SEQUENCE hotels_id_seq;
ALTER TABLE hotels ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;
SELECT setval(pg_get_serial_sequence('hotels', 'id'), (SELECT max(id) FROM hotels));
COMMIT;
-- case: lock taken early and long work later
BEGIN;
ALTER TABLE hotels ADD COLUMN chain text;
CREATE INDEX rooms_price_idx ON rooms (price);
COMMIT;
-- case: text search column and index
ALTER TABLE hotels ADD COLUMN search tsvector;
CREATE INDEX CONCURRENTLY hotels_search ON hotels USING gin (search);
-- case: function index with own function
CREATE INDEX CONCURRENTLY guests_norm_idx ON "Guests" (norm("FullName"));
-- case: function changed under an index
CREATE OR REPLACE FUNCTION norm(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(trim(t)) $$;
-- case: composite type widened
-- unseen: danger
ALTER TYPE geo ADD ATTRIBUTE alt double precision;
-- case: column renamed and view for the old name
-- unseen: breaks
BEGIN;
ALTER TABLE settings RENAME TO app_settings;
CREATE VIEW settings AS SELECT key, value FROM app_settings;
COMMIT;
-- case: seed of settings
INSERT INTO settings (key, value) VALUES ('a', '1'), ('b', '2') ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value;
-- case: delete of old rows
-- unseen: loses
DELETE FROM audit_log WHERE at < now() - interval '1 year';
-- case: truncate of a cache
TRUNCATE settings;
-- case: rename index and constraint
ALTER INDEX bookings_room_idx RENAME TO ix_bookings_room;
ALTER TABLE bookings RENAME CONSTRAINT stay_not_empty TO ck_stay;
-- case: reindex and cluster
REINDEX TABLE rooms;
-- case: vacuum analyze
-- unseen: locks
VACUUM ANALYZE rooms;
-- case: drop unused index concurrently
DROP INDEX CONCURRENTLY IF EXISTS bookings_open_idx;
-- case: set storage parameters and statistics
ALTER TABLE bookings SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE bookings ALTER COLUMN state SET STATISTICS 500;
ANALYZE bookings;
-- case: grant to a role and comments
COMMENT ON TABLE bookings IS 'ALTER TABLE bookings DROP COLUMN total; -- not a statement';
COMMENT ON COLUMN bookings.total IS 'gross; see DROP TABLE rooms';
-- case: move table to schema
ALTER TABLE settings SET SCHEMA billing;
-- case: loop over tables dynamic
-- unseen: analysis
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['rooms', 'bookings'] LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN tenant_id integer', t);
  END LOOP;
END $$;
-- case: drop default and constraint of foreign key
ALTER TABLE bookings DROP CONSTRAINT bookings_room_id_fkey;
-- case: replaced foreign key with cascade
BEGIN;
ALTER TABLE bookings DROP CONSTRAINT bookings_room_id_fkey;
ALTER TABLE bookings ADD CONSTRAINT bookings_room_id_fkey FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE CASCADE;
COMMIT;
-- case: savepoint rolled back
BEGIN;
SAVEPOINT a;
CREATE INDEX rooms_price_idx ON rooms (price);
ROLLBACK TO SAVEPOINT a;
ALTER TABLE rooms ADD COLUMN note text;
COMMIT;
-- case: rolled back whole
-- unseen: loses breaks
BEGIN;
DROP TABLE bookings CASCADE;
ROLLBACK;
