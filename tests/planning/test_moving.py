"""What triggers between two tables keep, row by row: where it is exact, and what the plan says is not kept."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from random import Random

import psycopg
import pytest

from migration_ls.planning.plan import Phase, Plan
from migration_ls.planning.planner import plan
from migration_ls.planning.situation import Situation
from migration_ls.postgres.types import ColumnType
from migration_ls.rendering.sql.versions import Version, versions
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Column
from migration_ls.verification.database import Database, Server
from tests.planning.expanding import KINDS
from tests.planning.judge import Case, requests_of, run_text, schema_of_sql

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("plans")]


OWN = "CREATE TABLE b (a_id int PRIMARY KEY REFERENCES a (id) ON DELETE CASCADE, x text);"


QUICK_DEADLOCKS = """
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = %L', current_database(), '100ms'); END $$;
"""


def planned(case: Case) -> Plan:
    return plan(Situation(current=schema_of_sql(case.before), wanted=schema_of_sql(case.after)), requests_of(case))


def first_version(name: str) -> tuple[Case, Version]:
    case = next(kind.case for kind in KINDS if kind.name == name)
    return case, versions(planned(case))[0]


@contextmanager
def moving(server: Server, name: str, rows: str, *, filled: bool = True) -> Generator[Database]:
    """A database with rows, once the first version of the move has run."""
    case, version = first_version(name)
    with server.database() as database:
        run_text(database, "before", f"{QUICK_DEADLOCKS}\n{case.before}\n{rows}")
        run_text(database, "move", version.forward or "")
        if filled:
            run_text(database, "move", version.backfill or "")
            run_text(database, "move", version.validate)
        yield database


def said(database: Database, query: str) -> list[tuple[object, ...]]:
    with database.connect() as connection:
        return connection.execute(query.encode()).fetchall()


def test_a_value_goes_back_from_the_only_row_and_from_no_other(server: Server) -> None:
    rows = (
        "INSERT INTO orders (id, shipping_note) VALUES (1, 'a'), (2, 'b'), (3, 'c'); "
        "INSERT INTO shipments (id, order_id) VALUES (10, 1), (20, 2), (21, 2);"
    )
    notes = "SELECT id, shipping_note FROM orders ORDER BY id"
    with moving(server, "move a column to another table", rows) as database:
        shipped = "SELECT id, note FROM shipments ORDER BY id"
        assert said(database, shipped) == [(10, "a"), (20, "b"), (21, "b")]
        run_text(database, "new", "UPDATE shipments SET note = note || '!' WHERE id IN (10, 20);")
        assert said(database, notes) == [(1, "a!"), (2, "b"), (3, "c")]
        run_text(database, "new", "DELETE FROM shipments WHERE id = 21;")
        assert said(database, notes) == [(1, "a!"), (2, "b!"), (3, "c")]
        run_text(database, "old", "INSERT INTO shipments (id, order_id) VALUES (30, 3);")
        run_text(database, "old", "UPDATE shipments SET order_id = 1 WHERE id = 30;")
        assert said(database, shipped) == [(10, "a!"), (20, "b!"), (30, "a!")]
        run_text(database, "old", "UPDATE orders SET shipping_note = 'z' WHERE id = 1;")
        assert said(database, shipped) == [(10, "z"), (20, "b!"), (30, "z")]


def test_who_comes_second_sees_what_the_first_has_written(server: Server) -> None:
    rows = "INSERT INTO orders (id, shipping_note) VALUES (1, 'a');"
    with moving(server, "move a column to another table", rows) as database, database.connect() as connection:
        connection.execute("BEGIN; UPDATE orders SET shipping_note = 'later' WHERE id = 1")
        insert = "INSERT INTO shipments (id, order_id) VALUES (10, 1);"
        second = threading.Thread(target=run_text, args=(database, "second", insert))
        second.start()
        second.join(0.5)
        assert second.is_alive()
        connection.execute("COMMIT")
        second.join(20)
        assert said(database, "SELECT note FROM shipments") == [("later",)]


def test_a_row_of_its_own_comes_and_goes_with_the_values(server: Server) -> None:
    rows = "INSERT INTO members (id, bio, avatar_url) VALUES (1, 'a', NULL), (2, 'b', 'x');"
    with moving(server, "split a table", rows) as database:
        profiles = "SELECT member_id, bio, avatar_url FROM member_profiles ORDER BY 1"
        assert said(database, profiles) == [(1, "a", None), (2, "b", "x")]
        run_text(database, "new", "DELETE FROM member_profiles WHERE member_id = 1;")
        assert said(database, "SELECT bio FROM members WHERE id = 1") == [(None,)]
        run_text(database, "new", "INSERT INTO members (id) VALUES (3);")
        assert said(database, profiles) == [(2, "b", "x")]
        run_text(database, "new", "INSERT INTO member_profiles (member_id, bio) VALUES (3, 'c');")
        run_text(
            database,
            "old",
            "UPDATE members SET avatar_url = 'y' WHERE id = 3; UPDATE members SET bio = 'd' WHERE id = 1;",
        )
        assert said(database, profiles) == [(1, "d", None), (2, "b", "x"), (3, "c", "y")]
        run_text(
            database, "new", "UPDATE member_profiles SET member_id = 3 WHERE false; DELETE FROM members WHERE id = 2;"
        )
        assert said(database, profiles) == [(1, "d", None), (3, "c", "y")]


def test_one_of_several_links_is_kept_where_there_was_one(server: Server) -> None:
    rows = "INSERT INTO authors (id) VALUES (1), (2), (3); INSERT INTO books (id, author_id) VALUES (10, 1), (20, 2);"
    with moving(server, "one to many becomes many to many", rows) as database:
        links = "SELECT book_id, author_id FROM book_authors ORDER BY 1, 2"
        books = "SELECT id, author_id FROM books ORDER BY 1"
        assert said(database, links) == [(10, 1), (20, 2)]
        run_text(database, "new", "INSERT INTO book_authors VALUES (20, 1), (20, 3);")
        assert said(database, books) == [(10, 1), (20, 2)]
        run_text(database, "old", "UPDATE books SET author_id = 3 WHERE id = 10;")
        assert said(database, links) == [(10, 3), (20, 1), (20, 2), (20, 3)]
        run_text(database, "new", "DELETE FROM book_authors WHERE book_id = 20 AND author_id IN (1, 2);")
        assert said(database, books) == [(10, 3), (20, 3)]
        run_text(database, "new", "DELETE FROM book_authors WHERE book_id = 20;")
        assert said(database, books) == [(10, 3), (20, None)]
        run_text(database, "new", "INSERT INTO book_authors VALUES (20, 2), (20, 1);")
        assert said(database, "SELECT author_id IN (1, 2) FROM books WHERE id = 20") == [(True,)]


MANY = {
    "move a column to another table": (
        "INSERT INTO orders SELECT i, 'note ' || i FROM generate_series(1, 300) AS i; INSERT INTO shipments (id, order_id) SELECT id, id FROM orders;",
        ("UPDATE orders SET shipping_note = 'old' WHERE id = {0}",),
        ("INSERT INTO shipments (order_id, id, note) SELECT {0}, max(id) + 1, 'new' FROM shipments",),
        ("UPDATE shipments SET note = 'n' WHERE id = {0}", "DELETE FROM shipments WHERE id = {0}"),
        "UPDATE shipments SET sent = '2026-01-01' WHERE id = 250",
        "UPDATE orders SET shipping_note = 'x' WHERE id = 20",
    ),
    "split a table": (
        "INSERT INTO members SELECT i, 'm', 'bio ' || i FROM generate_series(1, 300) AS i;",
        ("UPDATE members SET bio = 'old' WHERE id = {0}", "DELETE FROM members WHERE id = 2 * {0}"),
        ("INSERT INTO member_profiles (member_id, bio) SELECT id, 'n' FROM members WHERE id = {0} ON CONFLICT DO NOTHING",),
        ("UPDATE member_profiles SET bio = 'n' WHERE member_id = {0}", "DELETE FROM member_profiles WHERE member_id = {0}"),
        "UPDATE members SET email = 'x' WHERE id = 250",
        "UPDATE members SET bio = 'x' WHERE id = 20",
    ),
    "one to many becomes many to many": (
        "INSERT INTO authors SELECT i FROM generate_series(1, 20) AS i; INSERT INTO books SELECT i, 'b', 1 + i % 20 FROM generate_series(1, 300) AS i;",
        ("UPDATE books SET author_id = 1 + {0} % 20 WHERE id = {0}", "UPDATE books SET author_id = 3 WHERE id = {0}"),
        ("INSERT INTO book_authors VALUES ({0}, 1 + {0} % 7) ON CONFLICT DO NOTHING",),
        ("DELETE FROM book_authors WHERE book_id = {0}", "UPDATE book_authors SET author_id = 5 WHERE book_id = {0} AND author_id = 3"),
        "UPDATE books SET title = 'x' WHERE id = 250",
        "UPDATE books SET author_id = 7 WHERE id = 20",
    ),
}  # fmt: skip
"""Per kind: rows, statements of the old release, inserts and changes of the new one, one that holds a row, another."""


@pytest.mark.parametrize("name", MANY)
def test_a_backfill_holds_nothing_that_it_does_not_give_back_while_it_waits(server: Server, name: str) -> None:
    rows, *_, holds, wants = MANY[name]
    with moving(server, name, rows, filled=False) as database, database.connect() as writer:
        _, version = first_version(name)
        writer.execute(f"BEGIN; {holds}".encode())
        backfill = threading.Thread(target=run_text, args=(database, "backfill", version.backfill or ""))
        backfill.start()
        backfill.join(0.6)
        assert backfill.is_alive()
        begun = time.monotonic()
        writer.execute(wants.encode())
        assert time.monotonic() - begun < 0.5
        writer.execute(b"COMMIT")
        backfill.join(20)
        assert not backfill.is_alive()
        run_text(database, "validate", version.validate)


@pytest.mark.parametrize("name", MANY)
def test_only_changes_of_what_is_the_same_row_meet_in_a_deadlock(server: Server, name: str) -> None:
    """Writers of both releases at random rows while the backfill runs again and again."""
    rows, old, inserts, changes, *_ = MANY[name]
    with moving(server, name, rows, filled=False) as database:
        _, version = first_version(name)
        stop = threading.Event()
        ended: list[str] = []

        def write(number: int, statements: tuple[str, ...]) -> None:
            rng = Random(number)
            with database.connect() as connection:
                while not stop.is_set():
                    statement = rng.choice(statements).format(rng.randrange(1, 12))
                    try:
                        connection.execute(statement.encode())
                    except psycopg.Error as error:
                        if error.sqlstate not in {"23505", "23503"}:
                            ended.append(f"{error.sqlstate} {statement}")

        def written(*releases: tuple[str, ...]) -> list[str]:
            stop.clear()
            ended.clear()
            threads = [threading.Thread(target=write, args=(number, item)) for number, item in enumerate(releases)]
            for thread in threads:
                thread.start()
            for _ in range(6):
                run_text(database, "backfill", version.backfill or "")
                time.sleep(0.05)
            stop.set()
            for thread in threads:
                thread.join()
            run_text(database, "validate", version.validate)
            return list(ended)

        updates = tuple(statement for statement in old if statement.startswith("UPDATE"))
        assert written(updates, inserts, updates, inserts) == []
        assert {problem[:5] for problem in written(old, (*inserts, *changes), old, changes)} <= {"40P01"}


def test_a_deadlock_of_two_releases_is_over_when_one_of_them_tries_again(server: Server) -> None:
    rows = "INSERT INTO orders VALUES (1, 'a'); INSERT INTO shipments (id, order_id) VALUES (10, 1);"
    name = "move a column to another table"
    old, new = "UPDATE orders SET shipping_note = 'old' WHERE id = 1", "UPDATE shipments SET note = 'new' WHERE id = 10"
    with moving(server, name, rows) as database, database.connect() as connection:
        states: list[str | None] = []

        def write_old() -> None:
            with database.connect() as other:
                for pause in range(10):
                    time.sleep(0.1 * pause)
                    try:
                        other.execute(old.encode())
                    except psycopg.Error as error:
                        states.append(error.sqlstate)
                    else:
                        return

        connection.execute(b"BEGIN; UPDATE shipments SET sent = '2026-01-01' WHERE id = 10")
        thread = threading.Thread(target=write_old)
        thread.start()
        thread.join(0.3)
        try:
            connection.execute(new.encode())
            connection.execute(b"COMMIT")
        except psycopg.Error as error:
            states.append(error.sqlstate)
            connection.execute(b"ROLLBACK")
            connection.execute(new.encode())
        thread.join(20)
        assert set(states) == {"40P01"}
        assert not thread.is_alive()
        ((note,),) = said(database, "SELECT note FROM shipments")
        assert said(database, "SELECT shipping_note FROM orders") == [(note,)]
        assert note in {"old", "new"}
    case, _ = first_version(name)
    assert any("40P01" in (step.advice or "") for step in planned(case).steps)


@pytest.mark.parametrize(
    ("before", "after", "change", "why"),
    [
        (
            "CREATE TABLE a (id int PRIMARY KEY, x text); CREATE TABLE b (id int PRIMARY KEY);",
            "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, x text);",
            ("x",),
            "no foreign key that refers to `a`",
        ),
        (
            "CREATE TABLE a (id int PRIMARY KEY, x text DEFAULT 'none');",
            "CREATE TABLE a (id int PRIMARY KEY);" + OWN,
            ("x",),
            "has a default",
        ),
        (
            "CREATE TABLE a (id int PRIMARY KEY, x text);",
            "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a_id int PRIMARY KEY REFERENCES a (id), x text);",
            ("x",),
            "could not delete rows",
        ),
        (
            "CREATE TABLE a (id int PRIMARY KEY, x text); CREATE VIEW v AS SELECT x FROM a;",
            "CREATE TABLE a (id int PRIMARY KEY);" + OWN + "CREATE VIEW v AS SELECT x FROM a;",
            ("x",),
            "the view `v` reads",
        ),
        (
            "CREATE TABLE a (id int PRIMARY KEY, x text);",
            "CREATE TABLE a (id int PRIMARY KEY);" + OWN.replace("a_id int PRIMARY KEY", "id serial PRIMARY KEY, a_id int"),
            ("x",),
            "nothing says how many rows",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_not_planned(before: str, after: str, change: tuple[str, ...], why: str) -> None:
    into = tuple(Column(name=name, type=ColumnType("text")) for name in change)
    move = asked.MoveColumns(table=Name("a"), columns=change, to=Name("b"), into=into)
    made = planned(Case(before=before, after=after, asked=[move]))
    assert [why in item.why for item in made.unplanned] == [True]
    assert made.unplanned[0].request is not None
    assert made.in_phase(Phase.CONTRACT) == ()
