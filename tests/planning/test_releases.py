"""Which release may run at which point, and what expressions look like over other columns."""

import pytest

from migration_ls.planning.planner import plan
from migration_ls.planning.releases import release_words, stages
from migration_ls.planning.situation import Situation
from migration_ls.postgres.quoting import with_columns
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Change
from tests.planning.judge import Case, requests_of, schema_of_sql

LOGS = "CREATE TYPE kind AS ENUM ('a', 'b'); CREATE TABLE logs (id int PRIMARY KEY, size int, kind text, cents int);"


def told(after: str, *changes: Change) -> list[tuple[str, str, str]]:
    case = Case(before=LOGS, after=LOGS + after, asked=list(changes))
    made = plan(Situation(current=schema_of_sql(case.before), wanted=schema_of_sql(case.after)), requests_of(case))
    assert not made.unplanned
    return [(str(stage.after or "nothing"), release_words(stage), stage.note) for stage in stages(made)]


def test_the_new_release_comes_after_what_it_needs() -> None:
    assert told("ALTER TABLE logs ADD extra int;") == [
        ("nothing", "previous", ""),
        ("expand", "previous and new", "deploy the new release now"),
    ]
    rename = asked.RenameColumn(table=Name("logs"), column="size", to="bytes")
    assert [row[:2] for row in told("ALTER TABLE logs RENAME size TO bytes;", rename)] == [
        ("nothing", "previous"),
        ("expand", "previous"),
        ("backfill", "previous and new"),
        ("contract", "new"),
    ]


def test_both_releases_live_through_a_wider_type() -> None:
    rows = told("ALTER TABLE logs ALTER size TYPE bigint;")
    assert [row[:2] for row in rows[-2:]] == [("switch", "previous and new"), ("contract", "new")]
    assert rows[-2][2].startswith("deploy the new release now; later, no process of the previous release")


def test_the_previous_release_ends_where_it_cannot_write_the_new_type() -> None:
    rows = told("ALTER TABLE logs ALTER kind TYPE kind USING kind::kind;")
    assert [row[:2] for row in rows[-3:]] == [("finish", "previous and new"), ("switch", "new"), ("contract", "new")]
    assert "no process of the previous release may be left before the next step" in rows[-3][2]


def test_neither_release_lives_through_another_meaning() -> None:
    from migration_ls.postgres.types import parse_type
    from migration_ls.sources.sql.expressions import expression

    change = asked.ChangeType(
        table=Name("logs"), column="cents", type=parse_type("numeric"), using=expression("cents / 100.0")
    )
    rows = told("ALTER TABLE logs ALTER cents TYPE numeric;", change)
    assert [row[:2] for row in rows[-3:]] == [("finish", "previous"), ("switch", "new"), ("contract", "new")]
    assert rows[-3][2].startswith("stop the previous release")


def test_nothing_may_be_needed() -> None:
    assert told("") == [("nothing", "previous and new", "deploy the new release now")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("title <> 'title' AND lower(title) = \"title\"", "title <> 'title' AND lower(new) = new"),
        ("title(1) || TITLE || t.title", "title(1) || new || t.new"),
        ("x::title || CAST(y AS title)", "x::title || CAST(y AS title)"),
        ("date '2026-01-01' < title::timestamp with time zone", "date '2026-01-01' < new::timestamp with time zone"),
        ("E'it\\'s title' || $$title$$", "E'it\\'s title' || $$title$$"),
        ("naïve + title", "naïve + new"),
    ],
)
def test_columns_in_an_expression_get_other_sql(text: str, wanted: str) -> None:
    found = with_columns(text, {"title": "new"})
    assert found == wanted.replace("title <> 'title'", "new <> 'title'")
