"""What triggers between two tables keep, row by row: where it is exact, and what the plan says is not kept."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from migration_ls.planning.plan import Phase, Plan
from migration_ls.planning.planner import plan
from migration_ls.planning.situation import Situation
from migration_ls.postgres.types import ColumnType
from migration_ls.rendering.sql.versions import versions
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Column
from migration_ls.verification.database import Database, Server
from tests.planning.expanding import KINDS
from tests.planning.judge import Case, requests_of, run_text, schema_of_sql

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("plans")]


OWN = "CREATE TABLE b (a_id int PRIMARY KEY REFERENCES a (id) ON DELETE CASCADE, x text);"


def planned(case: Case) -> Plan:
    return plan(Situation(current=schema_of_sql(case.before), wanted=schema_of_sql(case.after)), requests_of(case))


@contextmanager
def moving(server: Server, name: str, rows: str) -> Generator[Database]:
    """A database with rows, once the first version of the move has run."""
    case = next(kind.case for kind in KINDS if kind.name == name)
    version = versions(planned(case))[0]
    with server.database() as database:
        run_text(database, "before", f"{case.before}\n{rows}")
        for text in (version.forward, version.backfill, version.validate):
            run_text(database, "move", text or "")
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
