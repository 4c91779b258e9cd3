"""Projects of several services: one database, a folder of migrations and a document for each."""

import pytest

from migration_ls.operations.replay import final_schema
from migration_ls.schema.schema import Schema
from migration_ls.sources.sql.reader import read_sql
from migration_ls.workspace.folders import by_need

USERS = "CREATE SCHEMA who; CREATE TABLE who.users (id integer PRIMARY KEY);"
ORDERS = "CREATE TABLE orders (id integer PRIMARY KEY, user_id integer REFERENCES who.users);"


def ordered(*files: tuple[str, str]) -> list[str]:
    statements = {path: read_sql(text).statements for path, text in files}
    return by_need([path for path, _ in files], {path: path.partition("/")[0] for path, _ in files}, statements)


def test_what_makes_a_table_comes_before_what_refers_to_it():
    assert ordered(("a/001.sql", ORDERS), ("b/001.sql", USERS)) == ["b/001.sql", "a/001.sql"]


def test_versions_keep_their_order_within_a_folder():
    found = ordered(
        ("a/001.sql", "CREATE TABLE first (id integer);"),
        ("a/002.sql", ORDERS),
        ("b/001.sql", "CREATE TABLE other (id integer);"),
        ("b/002.sql", USERS),
    )
    assert found == ["a/001.sql", "b/001.sql", "b/002.sql", "a/002.sql"]
    schema = Schema()
    for path in found:
        schema = final_schema(schema, read_sql({"a/002.sql": ORDERS, "b/002.sql": USERS}.get(path, "")).statements)
    assert len(schema.tables) == 2


@pytest.mark.parametrize("one_folder", [True, False])
def test_folders_that_need_each_other_keep_their_order(one_folder):
    first = ("a/001.sql", "ALTER TABLE made_by_b ADD COLUMN x integer; CREATE TABLE made_by_a (id integer);")
    second = (
        "a/002.sql" if one_folder else "b/001.sql",
        "ALTER TABLE made_by_a ADD COLUMN y integer; CREATE TABLE made_by_b (id integer);",
    )
    assert ordered(first, second) == [first[0], second[0]]
