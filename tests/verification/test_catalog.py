"""Catalog snapshots: what makes two databases differ, and what does not."""

import pytest

from migration_ls.schema.names import Name
from migration_ls.verification.catalog import catalog, difference, rows, rows_difference
from migration_ls.verification.database import Database, Server

pytestmark = pytest.mark.postgres

BASE = """
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE SEQUENCE counter;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE t (
  id serial PRIMARY KEY, a varchar(10) DEFAULT 'x', b int NOT NULL, m mood, p positive, j json,
  g int GENERATED ALWAYS AS (b * 2) STORED, parent_id int REFERENCES parent);
ALTER TABLE t ADD CONSTRAINT positive_b CHECK (b > 0) NOT VALID;
CREATE INDEX t_b ON t (b) WHERE b > 3;
CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE POLICY own ON t USING (b = 1);
INSERT INTO parent VALUES (1);
INSERT INTO t (b, parent_id, j) VALUES (1, 1, '{}'), (2, NULL, NULL);
"""

CHANGES = {
    "ALTER TABLE t ALTER a DROP DEFAULT": ["column `public.t.a`: default was `'x'::character varying`, is none"],
    "ALTER TABLE t ALTER j TYPE jsonb USING j": None,
    "ALTER TABLE t ALTER b DROP NOT NULL": ["column `public.t.b`: not null was `True`, is `False`"],
    "ALTER TABLE t VALIDATE CONSTRAINT positive_b": None,
    "ALTER TABLE t DROP COLUMN g": ["column `public.t.g` is missing"],
    "ALTER TABLE t ADD COLUMN z int": ["column `public.t.z` was not there"],
    "ALTER TABLE t RENAME TO u": None,
    "ALTER TABLE t ENABLE ROW LEVEL SECURITY": ["table `public.t`: row security was `False`, is `True`"],
    "ALTER TABLE t DISABLE TRIGGER tr": ["trigger `public.t.tr`: enabled was `O`, is `D`"],
    "ALTER TYPE mood ADD VALUE 'happy'": ["enum `public.mood`: labels was `'sad', 'ok'`, is `'sad', 'ok', 'happy'`"],
    "ALTER DOMAIN positive DROP CONSTRAINT positive_check": ["constraint `positive.positive_check` is missing"],
    "ALTER SEQUENCE counter INCREMENT 2": ["sequence parameters `public.counter`: increment was `1`, is `2`"],
    "CREATE OR REPLACE VIEW v AS SELECT a, b FROM t": None,
    "DROP POLICY own ON t": ["policy `public.t.own` is missing"],
    "DROP INDEX t_b": ["index `public.t_b` is missing"],
    "DROP INDEX t_b; CREATE INDEX t_b ON t (b)": None,
    "COMMENT ON COLUMN t.a IS 'hi'": ["column `public.t.a`: comment was none, is `hi`"],
    "CREATE SCHEMA app": ["namespace `app` was not there"],
    "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'": None,
    "ALTER TABLE t DROP CONSTRAINT t_parent_id_fkey": ["constraint `public.t.t_parent_id_fkey` is missing"],
    "CREATE MATERIALIZED VIEW mv AS SELECT 1 AS one": None,
    "CREATE STATISTICS s ON a, b FROM t": ["statistics `public.s` was not there"],
    "GRANT SELECT ON t TO public": None,
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't_b'::regclass": [
        "index `public.t_b`: valid was `True`, is `False`"
    ],
}


@pytest.fixture(scope="module")
def base(each_server: Server):
    with each_server.database() as made:
        with made.connect() as connection:
            connection.execute(BASE.encode())
        yield made


def changed(database: Database, sql: str) -> None:
    with database.connect() as connection:
        connection.execute(sql.encode())


@pytest.mark.parametrize("sql", CHANGES)
def test_a_change_is_seen_and_named(each_server: Server, base: Database, sql: str):
    with each_server.database(base) as database:
        before = catalog(database)
        changed(database, sql)
        found = list(difference(before, catalog(database)))
        assert found
        if (expected := CHANGES[sql]) is not None:
            assert found == expected


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "SELECT nextval('counter'); INSERT INTO t (b) VALUES (5); ANALYZE t",
        "ALTER TABLE t ADD COLUMN z int; ALTER TABLE t DROP COLUMN z",
        "ALTER TABLE t DROP a CASCADE; ALTER TABLE t ADD a varchar(10) DEFAULT 'x'; CREATE VIEW v AS SELECT a FROM t",
        "ALTER TABLE t RENAME a TO x; ALTER TABLE t RENAME x TO a",
        "VACUUM FULL t",
        "ALTER TABLE t ALTER b DROP NOT NULL; ALTER TABLE t ALTER b SET NOT NULL",
    ],
)
def test_what_comes_back_is_equal(each_server: Server, base: Database, sql: str):
    with each_server.database(base) as database:
        before = catalog(database)
        with database.connect() as connection:
            for part in sql.split(";"):
                connection.execute(part.encode())
        assert difference(before, catalog(database)) == ()


def test_what_an_extension_brings_is_the_extension_alone(each_database: Database):
    before = catalog(each_database)
    changed(each_database, "CREATE EXTENSION citext")
    assert difference(before, catalog(each_database)) == ("extension `citext` was not there",)


def test_rows_are_equal_in_any_order_of_rows_and_columns(each_server: Server, base: Database):
    with each_server.database(base) as database:
        before = rows(database)
        changed(database, "UPDATE t SET b = b")
        changed(database, "CREATE TABLE copy AS SELECT m, b, a FROM t ORDER BY b DESC; DROP TABLE copy")
        assert rows_difference(before, rows(database)) == ()
        assert before[Name("t")].count == 2


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("UPDATE t SET a = 'y' WHERE b = 1", "values in the 2 rows of `t` are not what they were"),
        ("UPDATE t SET a = NULL WHERE b = 1", "values in the 2 rows of `t` are not what they were"),
        ("UPDATE t SET j = '{\"k\": null}' WHERE b = 1", "values in the 2 rows of `t` are not what they were"),
        ("DELETE FROM t WHERE b = 1", "`t` had 2 rows and has 1"),
        ("INSERT INTO parent VALUES (9)", "`parent` had 1 rows and has 2"),
        ("ALTER TABLE t ADD COLUMN z int", "values in the 2 rows of `t` are not what they were"),
        ("DROP TABLE t CASCADE", "table `t` is missing"),
        ("CREATE TABLE more ()", "table `more` was not there"),
        ("UPDATE t SET b = 3 - b, parent_id = NULL", "values in the 2 rows of `t` are not what they were"),
    ],
)
def test_changed_rows_are_named(each_server: Server, base: Database, sql: str, expected: str):
    with each_server.database(base) as database:
        before = rows(database)
        changed(database, sql)
        assert rows_difference(before, rows(database)) == (expected,)


def test_an_empty_database_has_no_rows(database: Database):
    assert rows(database) == {}
