"""Columns that a spec moves to another table, tables that it splits, and references that become tables of links."""

import pytest

from migration_ls.operations.replay import final_schema
from migration_ls.schema import request as asked
from migration_ls.schema.schema import Schema
from migration_ls.sources.reading import RequestReading
from migration_ls.sources.spec.reader import read_spec
from migration_ls.sources.sql.reader import read_sql

SCHEMA = final_schema(
    Schema(),
    read_sql(
        "CREATE TABLE orders (id bigserial PRIMARY KEY, shipping_note text NOT NULL, total int); "
        "CREATE TABLE shipments (id bigserial PRIMARY KEY, order_id bigint REFERENCES orders (id)); "
        "CREATE TABLE users (id uuid PRIMARY KEY, email text, bio text, avatar_url varchar(200)); "
        "CREATE TABLE authors (id serial PRIMARY KEY); "
        "CREATE TABLE books (id serial PRIMARY KEY, title text, author_id int NOT NULL REFERENCES authors (id)); "
        "CREATE TABLE staff (id serial PRIMARY KEY, manager_id int REFERENCES staff (id) ON DELETE SET NULL);"
    ).statements,
)


def reading(text: str) -> RequestReading:
    return read_spec("specs/moves.md", f"# Moves\n\n## Database changes\n\n{text}\n", SCHEMA)


def move(text: str) -> asked.MoveColumns:
    (request,) = reading(text).requests
    assert isinstance(request.change, asked.MoveColumns)
    return request.change


@pytest.mark.parametrize(
    "text",
    [
        "Move `shipping_note` from `orders` to `shipments` as `note`.",
        "- Move `orders.shipping_note` to `shipments.note`.",
        "- `orders.shipping_note` moves to `shipments` as `note`.",
        "The column `shipping_note` of `orders` must be moved to the table `shipments` as `note`.",
        "1. We move orders.shipping_note to shipments.note, since a parcel is what is delivered.",
    ],
)
def test_a_column_moves_to_a_table_that_refers_to_its_own(text: str) -> None:
    change = move(text)
    assert (str(change.table), change.columns, str(change.to), change.new) == (
        "orders",
        ("shipping_note",),
        "shipments",
        None,
    )
    assert [(column.name, str(column.type), column.nullable) for column in change.into] == [("note", "text", True)]


@pytest.mark.parametrize(
    "text",
    [
        "Split `bio`, `avatar_url` off `users` into a new table `user_profiles`.",
        "Move the columns `bio` and `avatar_url` of `users` to a new table `user_profiles`.",
        "Split `users`: `bio` and `avatar_url` go to a new table `user_profiles`.",
        "`users.bio` and `users.avatar_url` are moved into their own table `user_profiles`.",
        "Extract `bio`, `avatar_url` from the table `users` into a separate table called `user_profiles`.",
    ],
)
def test_a_table_is_split(text: str) -> None:
    change = move(text)
    assert (str(change.table), change.columns) == ("users", ("bio", "avatar_url"))
    table = change.new
    assert table is not None
    assert table.primary_key is not None
    assert (str(table.name), table.primary_key.columns) == ("user_profiles", ("user_id",))
    assert [(column.name, str(column.type)) for column in table.columns] == [
        ("user_id", "uuid"),
        ("bio", "text"),
        ("avatar_url", "character varying(200)"),
    ]
    assert [(key.columns, str(key.ref_table), key.on_delete) for key in table.foreign_keys] == [
        (("user_id",), "users", "CASCADE")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "A book can have several authors: `books.author_id` becomes many-to-many.",
        "`books.author_id` becomes a link table `book_authors(book_id, author_id)`.",
        "Replace `books.author_id` by a join table `book_authors` (book_id, author_id).",
        "- Make `books.author_id` many-to-many through a link table `book_authors`.",
        "Since books have co-authors, `books.author_id` is replaced by an association table `book_authors`.",
    ],
)
def test_a_reference_becomes_a_table_of_links(text: str) -> None:
    change = move(text)
    table = change.new
    assert table is not None
    assert table.primary_key is not None
    assert (str(change.table), change.columns, str(table.name)) == ("books", ("author_id",), "book_authors")
    assert table.primary_key.columns == ("book_id", "author_id")
    assert [(key.columns, str(key.ref_table), key.on_delete) for key in table.foreign_keys] == [
        (("book_id",), "books", "CASCADE"),
        (("author_id",), "authors", "NO ACTION"),
    ]


def test_a_table_that_is_linked_with_itself_has_two_names_for_its_key() -> None:
    table = move("`staff.manager_id` becomes many-to-many.").new
    assert table is not None
    assert [column.name for column in table.columns] == ["staff_id", "manager_id"]
    assert table.foreign_keys[1].on_delete == "CASCADE"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Move `users.bio` to `shipments`.", "No foreign key of `shipments` refers to `users`"),
        ("Move `orders.total` to `shipments` as `order_id`.", "has a column `order_id` already"),
        ("`users.email` becomes many-to-many.", "has no foreign key"),
    ],
)
def test_what_nothing_joins_is_asked_for(text: str, says: str) -> None:
    read = reading(text)
    assert read.requests == ()
    (problem,) = read.problems
    assert (problem.code, says in problem.message) == ("ambiguous-request", True)


@pytest.mark.parametrize(
    "text",
    [
        "Users can move a task to another list.",
        "Move `orders.status` from `open` to `done`.",
        "Never move `orders.shipping_note` to `shipments`.",
        "Move `users.bio` to `archive`.",
        "Split `orders.total` to the page.",
        "Books and authors are many-to-many.",
    ],
)
def test_other_moves_ask_for_none(text: str) -> None:
    assert not any(isinstance(request.change, asked.MoveColumns) for request in reading(text).requests)


def test_what_follows_a_move_is_read_too() -> None:
    requests = reading("Move `orders.shipping_note` to `shipments.note`. Add `orders.paid_at` (timestamptz).").requests
    assert len(requests) == 2
