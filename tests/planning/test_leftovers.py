"""What no plan covers is said aloud: two schemas that differ in it alone never give an empty plan without a word."""

import pytest

from migration_ls.planning.planner import plan
from migration_ls.planning.situation import Situation
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.verification.database import Server
from tests.planning.judge import Case, judge, requests_of, schema_of_sql

TABLE = "CREATE TABLE t (id int PRIMARY KEY, a int, b text);"
PARTED = (
    "CREATE TABLE p (id int, at date) PARTITION BY RANGE (at); "
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');"
)
FUNCTION = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;"


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ("CREATE TABLE p (id int, at date);", PARTED, "does not become a partitioned table"),
        (PARTED, PARTED.replace("RANGE (at)", "LIST (at)").replace("FROM ('2024-01-01') TO ('2025-01-01')", "IN ('2024-01-01')"),
         "partition key"),
        (PARTED, PARTED + "ALTER TABLE p DETACH PARTITION p1;", "partition of no table"),
        (PARTED, PARTED.replace("2025", "2026"), "bound of a partition"),
        (PARTED, PARTED + "CREATE INDEX pi ON p (id);", "cannot be built while writers go on"),
        (PARTED + "CREATE INDEX pi ON p (id);", PARTED, "cannot be dropped CONCURRENTLY"),
        (PARTED, PARTED + "ALTER TABLE p ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES t (id);", "cannot be built while"),
        ("", "ALTER TABLE t SET UNLOGGED;", "UNLOGGED"),
        ("", "ALTER TABLE t SET (fillfactor = 70);", "`SET (fillfactor = 70)` is wanted"),
        ("", "ALTER TABLE t ENABLE ROW LEVEL SECURITY;", "is wanted, and is not planned"),
        ("ALTER TABLE t ALTER b SET STATISTICS 500;", "", "shall be taken back"),
        ("", "CREATE POLICY p ON t USING (a > 0);", "the policy `p` is new"),
        ("", "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;", "the rule `r` is new"),
        ("", FUNCTION, "the function is new"),
        (FUNCTION, "", "the function goes"),
        ("", FUNCTION + "CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();", "calls `f`"),
        ("CREATE DOMAIN d AS int;", "CREATE DOMAIN d AS bigint;", "change of a domain"),
        ("", "CREATE TYPE c AS (x int);", "the type is new"),
        ("CREATE TABLE s (id serial PRIMARY KEY);", "CREATE TABLE s (id int PRIMARY KEY);", "SERIAL"),
        ("CREATE TABLE s (id serial PRIMARY KEY);", "CREATE TABLE s (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);", "SERIAL"),
    ],
)  # fmt: skip
def test_what_is_not_planned_is_said(before: str, after: str, word: str) -> None:
    made = plan(Situation(current=schema_of_sql(TABLE + before), wanted=schema_of_sql(TABLE + after)))
    assert any(word in item.why for item in made.unplanned), made.unplanned
    assert all(item.help for item in made.unplanned)
    assert not made.steps or not all(word in item.why for item in made.unplanned)


@pytest.mark.postgres
def test_a_new_view_follows_a_table_that_is_renamed_in_the_same_plan(server: Server) -> None:
    after = "CREATE VIEW seen AS SELECT t.id FROM t; ALTER TABLE t RENAME TO things;"
    case = Case(before=TABLE, after=TABLE + after, asked=[asked.RenameTable(table=Name("t"), to="things")])
    made = plan(Situation(current=schema_of_sql(case.before), wanted=schema_of_sql(case.after)), requests_of(case))
    assert made.unplanned == ()
    assert judge(server, case).problems == []


def test_a_new_view_whose_query_still_calls_a_renamed_table_by_its_old_name_is_no_plan() -> None:
    after = "CREATE VIEW seen AS TABLE t; ALTER TABLE t RENAME TO things;"
    case = Case(before=TABLE, after=TABLE + after, asked=[asked.RenameTable(table=Name("t"), to="things")])
    made = plan(Situation(current=schema_of_sql(case.before), wanted=schema_of_sql(case.after)), requests_of(case))
    assert [item.why for item in made.unplanned] == ["its query calls the table `things` by another name, which goes"]


@pytest.mark.parametrize(("before", "after"), [("bigint", "int"), ("uuid", "text")])
def test_what_refers_to_a_key_that_keeps_its_type_keeps_its_own(before: str, after: str) -> None:
    """A foreign key between columns whose types have grown apart is the end that nobody asked for."""
    written = "CREATE TABLE u (id {0} PRIMARY KEY, up {0} REFERENCES u); CREATE TABLE v (id int PRIMARY KEY, u_id {0} REFERENCES u);"
    current, wanted = (schema_of_sql(written.format(type_)) for type_ in (before, after))
    made = plan(Situation(current=current, wanted=wanted))
    assert {item.what for item in made.unplanned} == {"`u.id`", "`u.up`", "`v.u_id`"}
    assert made.steps == ()


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("", "ALTER TABLE v ADD CONSTRAINT fk_u FOREIGN KEY (u_id) REFERENCES u (id)", "comes in the same plan"),
        ("ALTER TABLE v ADD CONSTRAINT fk_u FOREIGN KEY (u_id) REFERENCES u (id)", "", "goes in the same plan"),
        (
            "ALTER TABLE u ADD a int REFERENCES w (id); ALTER TABLE w ADD b int REFERENCES u (id)",
            "same",
            "refer to each other",
        ),
        ("CREATE TABLE p (u_id int REFERENCES u (id)) PARTITION BY LIST (u_id)", "same", "of the partitioned `p`"),
    ],
)
def test_keys_that_cannot_grow_gradually_say_why(before: str, after: str, why: str) -> None:
    tables = (
        "CREATE TABLE u (id {0} PRIMARY KEY); CREATE TABLE w (id {0} PRIMARY KEY); CREATE TABLE v (id int, u_id int);"
    )
    current = schema_of_sql(tables.format("int") + before)
    wanted = schema_of_sql(tables.format("bigint") + (before if after == "same" else after))
    made = plan(Situation(current=current, wanted=wanted))
    assert any(why in item.why for item in made.unplanned), made.unplanned


SEEN = "CREATE VIEW seen AS SELECT id, b FROM t WHERE b <> 'x' ORDER BY t.b;"
RENAMED = "ALTER TABLE t RENAME COLUMN b TO words;"


@pytest.mark.postgres
@pytest.mark.parametrize("before", [TABLE, TABLE + SEEN])
@pytest.mark.parametrize("kind", ["VIEW", "MATERIALIZED VIEW"])
def test_views_follow_a_column_that_is_renamed_in_the_same_plan(server: Server, before: str, kind: str) -> None:
    case = Case(
        before=before.replace("VIEW", kind),
        after=TABLE + SEEN.replace("VIEW", kind) + RENAMED,
        asked=[asked.RenameColumn(table=Name("t"), column="b", to="words")],
    )
    made = plan(Situation(current=schema_of_sql(case.before), wanted=schema_of_sql(case.after)), requests_of(case))
    assert made.unplanned == ()
    assert judge(server, case).problems == []


@pytest.mark.parametrize(
    "view",
    ["CREATE VIEW seen AS SELECT b AS c, t.* FROM t;", "CREATE VIEW seen AS SELECT t.b FROM t JOIN u USING (id);"],
)  # fmt: skip
def test_a_new_view_that_cannot_follow_is_not_planned(view: str) -> None:
    other = "CREATE TABLE u (id int PRIMARY KEY);"
    case = Case(
        before=TABLE + other,
        after=TABLE + other + view + RENAMED,
        asked=[asked.RenameColumn(table=Name("t"), column="b", to="words")],
    )
    made = plan(Situation(current=schema_of_sql(case.before), wanted=schema_of_sql(case.after)), requests_of(case))
    assert [(item.what, "reads `t.b` by that name" in item.why) for item in made.unplanned] == [("`seen`", True)]


CHECKED = "CREATE TABLE labels (id int PRIMARY KEY, kind numeric(10,2), CONSTRAINT c CHECK (kind > -1));"


@pytest.mark.postgres
@pytest.mark.parametrize(
    "check", [", CONSTRAINT c CHECK (kind IS NULL OR kind > -1)", "", ", CONSTRAINT d CHECK (kind < 90000000)"]
)
def test_a_check_that_goes_is_not_proven_once_more_when_the_type_changes(server: Server, check: str) -> None:
    after = CHECKED.replace("10,2", "14,2").replace(", CONSTRAINT c CHECK (kind > -1)", check)
    assert judge(server, Case(before=CHECKED, after=after)).problems == []
