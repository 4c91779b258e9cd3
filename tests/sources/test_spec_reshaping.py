"""Columns that a spec splits or merges: the expressions are read where they stand, and never guessed."""

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
        "CREATE TABLE users (id bigint PRIMARY KEY, full_name varchar(120) NOT NULL, street text, city text, cents int);"
        "CREATE TABLE bills (id bigint PRIMARY KEY, total int);"
    ).statements,
)
SPLIT = ["split_part(full_name, ' ', 1)", "split_part(full_name, ' ', 2)"]


def reading(text: str) -> RequestReading:
    return read_spec("specs/names.md", f"# Names\n\n## Database changes\n\n{text}\n", SCHEMA)


@pytest.mark.parametrize(
    "text",
    [
        (
            "- Split `users.full_name` into `first_name` and `last_name`:\n"
            "  - `first_name = split_part(full_name, ' ', 1)`\n  - `last_name = split_part(full_name, ' ', 2)`"
        ),
        (
            "Split `full_name` of `users` into `first_name` and `last_name`.\n\n```sql\n"
            "first_name = split_part(full_name, ' ', 1) -- before the blank\nlast_name = split_part(full_name, ' ', 2);\n```"
        ),
        (
            "`users.full_name` is split into `first_name` and `last_name`:\n\n| Column | Type | Expression |\n|---|---|---|\n"
            "| `first_name` | varchar(120) | `split_part(full_name, ' ', 1)` |\n"
            "| `last_name` | varchar(120) | `split_part(full_name, ' ', 2)` |"
        ),
        (
            "Replace `users.full_name` by `first_name` and `last_name`: `first_name = split_part(full_name, ' ', 1)` and "
            "`last_name = split_part(full_name, ' ', 2)`."
        ),
        (
            "Split `full_name` into `first_name` and `last_name`:\n\n- `first_name`: `split_part(full_name, ' ', 1)`\n"
            "- `last_name`: `split_part(full_name, ' ', 2)`"
        ),
    ],
)
def test_a_split_is_one_request_with_the_expressions_given(text: str) -> None:
    (request,) = reading(text).requests
    change = request.change
    assert isinstance(change, asked.ReplaceColumns)
    assert (str(change.table), change.columns) == ("users", ("full_name",))
    assert [(column.name, str(column.type)) for column in change.into] == [
        ("first_name", "character varying(120)"),
        ("last_name", "character varying(120)"),
    ]
    assert [item.text for item in change.forward] == SPLIT
    assert change.backward == (None,)


def test_a_merge_may_say_the_way_back() -> None:
    (request,) = reading(
        "Merge `users.street` and `users.city` into `address` (`varchar(300)`):\n\n```sql\n"
        "address = concat_ws(', ', street, city)\nstreet = split_part(address, ', ', 1)\n```"
    ).requests
    change = request.change
    assert isinstance(change, asked.ReplaceColumns)
    assert (change.columns, str(change.into[0].type)) == (("street", "city"), "character varying(300)")
    assert [made and made.text for made in change.backward] == ["split_part(address, ', ', 1)", None]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Split `users.full_name` into `first_name` and `last_name`.", "first_name = split_part(full_name, ' ', 1)"),
        ("Merge `users.street` and `users.city` into `address`.", "address = concat_ws(' ', street, city)"),
        ("Split `users.full_name` into `first_name` and `last_name`: `first_name = lower(nickname)`.", "first_name = "),
        ("Split `users.cents` into `euros` and `rest_cents`: `euros = cents / 100`, `rest_cents = cents % 100`.", "integer"),
    ],
)  # fmt: skip
def test_what_is_missing_is_asked_for_and_not_guessed(text: str, says: str) -> None:
    read = reading(text)
    assert read.requests == ()
    (problem,) = read.problems
    assert (problem.code, says in problem.help) == ("ambiguous-request", True)


@pytest.mark.parametrize(
    "text",
    [
        "Users can split the total into two parts.",
        "Split `users.nothing` into `first_name` and `last_name`.",
        "Replace `users.city` by `town`.",
        "Split the work into small_steps and big_steps.",
    ],
)
def test_other_splits_ask_for_nothing(text: str) -> None:
    assert not any(isinstance(request.change, asked.ReplaceColumns) for request in reading(text).requests)
    assert not any("expression" in problem.message for problem in reading(text).problems)
