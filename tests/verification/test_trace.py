"""Traces show the locks, rewrites, scans and builds that a real server makes."""

import pytest

from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.verification.database import Database
from migration_ls.verification.script import Line
from migration_ls.verification.trace import Observed, trace, tracing

pytestmark = pytest.mark.postgres

T, U, P, P1 = Name("t"), Name("u"), Name("p"), Name("p1")
MODE = LockMode


@pytest.fixture
def tables(each_database: Database) -> Database:
    with each_database.connect() as connection:
        connection.execute("CREATE TABLE u (id int PRIMARY KEY)")
        connection.execute("CREATE TABLE t (id serial PRIMARY KEY, a int, b varchar(10), u_id int)")
        connection.execute("INSERT INTO t (a) SELECT g FROM generate_series(1, 50) g")
        connection.execute("CREATE INDEX t_a ON t (a)")
        connection.execute("CREATE TABLE p (at date) PARTITION BY RANGE (at)")
        connection.execute("CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')")
    return each_database


def one(database: Database, sql: str) -> Observed:
    found = trace(database, [sql])[0]
    assert found.error is None, found.error
    return found


@pytest.mark.parametrize(
    ("sql", "mode"),
    [
        ("CREATE INDEX i ON t (b)", MODE.SHARE),
        ("CREATE INDEX CONCURRENTLY i ON t (b)", MODE.SHARE_UPDATE_EXCLUSIVE),
        ("DROP INDEX t_a", MODE.ACCESS_EXCLUSIVE),
        ("DROP INDEX CONCURRENTLY t_a", MODE.SHARE_UPDATE_EXCLUSIVE),
        ("REINDEX TABLE CONCURRENTLY t", MODE.SHARE_UPDATE_EXCLUSIVE),
        ("REINDEX INDEX CONCURRENTLY t_a", MODE.SHARE_UPDATE_EXCLUSIVE),
        ("REINDEX TABLE t", MODE.SHARE),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", MODE.ACCESS_EXCLUSIVE),
        ("ALTER TABLE t ALTER a SET NOT NULL", MODE.ACCESS_EXCLUSIVE),
        ("ALTER TABLE t ADD FOREIGN KEY (u_id) REFERENCES u NOT VALID", MODE.SHARE_ROW_EXCLUSIVE),
        ("UPDATE t SET a = 1", MODE.ROW_EXCLUSIVE),
        ("SELECT * FROM t", MODE.ACCESS_SHARE),
        ("LOCK TABLE t IN EXCLUSIVE MODE", MODE.EXCLUSIVE),
        ("VACUUM FULL t", MODE.ACCESS_EXCLUSIVE),
        ("DO $$ BEGIN UPDATE t SET a = 2; COMMIT; END $$", MODE.ROW_EXCLUSIVE),
        ("DO $$ BEGIN EXECUTE 'ALTER TABLE t ADD z int'; END $$", MODE.ACCESS_EXCLUSIVE),
    ],
)
def test_the_strongest_lock(tables: Database, sql: str, mode: LockMode):
    assert one(tables, sql).strongest(T) is mode


def test_a_foreign_key_locks_both_tables_and_reads_the_rows(tables: Database):
    found = one(tables, "ALTER TABLE t ADD FOREIGN KEY (u_id) REFERENCES u")
    assert (found.strongest(T), found.strongest(U)) == (MODE.SHARE_ROW_EXCLUSIVE, MODE.SHARE_ROW_EXCLUSIVE)
    assert found.scans == (T, U)


def test_a_detached_partition_is_locked_in_the_second_transaction(tables: Database):
    if tables.major < 14:
        pytest.skip("DETACH CONCURRENTLY came with 14")
    found = one(tables, "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY")
    assert found.strongest(P) is MODE.SHARE_UPDATE_EXCLUSIVE
    assert found.strongest(P1) is MODE.ACCESS_EXCLUSIVE
    assert found.transaction == "forbidden"


@pytest.mark.parametrize(
    ("sql", "rewrites", "scans", "builds"),
    [
        ("ALTER TABLE t ALTER a TYPE bigint", (T,), (), ("t_pkey", "t_a")),
        ("ALTER TABLE t ADD z timestamptz DEFAULT clock_timestamp()", (T,), (), ("t_pkey", "t_a")),
        ("ALTER TABLE t ADD z timestamptz DEFAULT now()", (), (), ()),
        ("ALTER TABLE t ALTER b TYPE text", (), (), ()),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", (), (T,), ()),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID", (), (), ()),
        ("ALTER TABLE t ALTER a SET NOT NULL", (), (T,), ()),
        ("CREATE INDEX i ON t (b)", (), (), ("i",)),
        ("CREATE INDEX CONCURRENTLY i ON t (b)", (), (), ("i",)),
        ("CLUSTER t USING t_a", (T,), (), ("t_pkey", "t_a")),
        ("CREATE TABLE fresh AS SELECT * FROM t", (), (), ()),
    ],
)
def test_rewrites_scans_and_builds(
    tables: Database, sql: str, rewrites: tuple[Name, ...], scans: tuple[Name, ...], builds: tuple[str, ...]
):
    found = one(tables, sql)
    assert (found.rewrites, found.scans, found.builds) == (rewrites, scans, builds)
    assert set(found.built_on) == ({T} if builds else set())


def test_a_proof_that_stands_saves_the_scan(tables: Database):
    *_, last = trace(
        tables,
        [
            "ALTER TABLE t ADD CONSTRAINT nn CHECK (a IS NOT NULL) NOT VALID",
            "ALTER TABLE t VALIDATE CONSTRAINT nn",
            "ALTER TABLE t ALTER a SET NOT NULL",
        ],
    )
    assert last.error is None
    assert last.scans == ()


def test_what_a_transaction_holds_is_told_apart_from_what_a_statement_takes(tables: Database):
    _, first, second, _ = trace(tables, ["BEGIN", "ALTER TABLE t ADD z int", "UPDATE u SET id = 1", "COMMIT"])
    assert [lock.relation for lock in first.locks] == [T]
    assert [lock.relation for lock in second.locks] == [U]
    assert {lock.relation: lock.mode for lock in second.held} == {T: MODE.ACCESS_EXCLUSIVE, U: MODE.ROW_EXCLUSIVE}


def test_a_renamed_table_goes_by_the_name_it_has(tables: Database):
    _, second = trace(tables, ["ALTER TABLE t RENAME TO tt", "ALTER TABLE tt ADD z int"])
    assert second.strongest(Name("tt")) is MODE.ACCESS_EXCLUSIVE


def test_a_table_made_while_tracing_is_not_listed(tables: Database):
    _, second = trace(tables, ["CREATE TABLE fresh (a int)", "CREATE INDEX ON fresh (a)"])
    assert (second.locks, second.builds) == ((), ())


def test_failures_are_part_of_the_answer(tables: Database):
    bad, good = trace(tables, ["ALTER TABLE t ADD CONSTRAINT c CHECK (a > 10)", "ALTER TABLE t ADD z int"])
    assert bad.error is not None
    assert bad.error.sqlstate == "23514"
    assert good.error is None


def test_a_failure_at_commit_is_the_statements(tables: Database):
    with tables.connect() as connection:
        connection.execute("ALTER TABLE t ADD FOREIGN KEY (u_id) REFERENCES u DEFERRABLE INITIALLY DEFERRED")
    found = trace(tables, ["UPDATE t SET u_id = 5", "SELECT 1"])
    assert found[0].error is not None
    assert found[0].error.sqlstate == "23503"
    assert found[1].error is None


def test_statements_after_a_failed_one_in_a_transaction_are_refused_as_the_server_does(tables: Database):
    states = [
        found.error.sqlstate if found.error else None
        for found in trace(tables, ["BEGIN", "nope", "SELECT 1", "ROLLBACK", "SELECT 1"])
    ]
    assert states == [None, "42601", "25P02", None, None]


def test_settings_last(tables: Database):
    with tracing(tables) as tracer:
        tracer.run(Line(path="", line=1, sql="SET lock_timeout = '7s'"))
        tracer.run(Line(path="", line=1, sql="RESET ALL"))
        tracer.run(Line(path="", line=1, sql="SET lock_timeout = '8s'"))
        found = tracer.run(Line(path="", line=1, sql="ALTER TABLE t ALTER a SET NOT NULL"))
        assert tracer.subject.execute("SHOW lock_timeout").fetchone() == ("8s",)
        assert found.scans == (T,)


def test_changed_rows_are_counted(tables: Database):
    assert one(tables, "UPDATE t SET a = 1 WHERE a <= 5").changed_rows == 5
    assert one(tables, "SELECT * FROM t").changed_rows is None


def test_names_need_quotes_and_namespaces(each_database: Database):
    with each_database.connect() as connection:
        connection.execute('CREATE SCHEMA "My App"; CREATE TABLE "My App"."Order Items" ("Id" int)')
    found = one(each_database, 'CREATE INDEX CONCURRENTLY ON "My App"."Order Items" ("Id")')
    assert found.strongest(Name("Order Items", "My App")) is MODE.SHARE_UPDATE_EXCLUSIVE
