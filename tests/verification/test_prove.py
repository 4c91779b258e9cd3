"""Whole proofs: a good migration passes, and each sabotaged one fails at the right item."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema, schema_of
from migration_ls.schema.tables import Column, ForeignKey, PrimaryKey, Table
from migration_ls.verification.database import Server
from migration_ls.verification.proof import STEPS, Migration, Proof, as_json
from migration_ls.verification.prove import ProofCancelled, Prover, prover_at
from migration_ls.verification.script import SqlFile

pytestmark = pytest.mark.postgres

BEFORE = """
CREATE TABLE users (id serial PRIMARY KEY, email varchar(254) NOT NULL UNIQUE);
CREATE TABLE tasks (
  id serial PRIMARY KEY, title varchar(200) NOT NULL, done boolean NOT NULL DEFAULT false, note text,
  user_id int NOT NULL REFERENCES users);
CREATE INDEX ix_tasks_user_id ON tasks (user_id);
"""
FORWARD = """\
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE tasks ADD COLUMN priority varchar(20) NOT NULL DEFAULT 'medium';
ALTER TABLE tasks ADD CONSTRAINT chk_tasks_priority CHECK (priority IN ('high', 'medium', 'low')) NOT VALID;
COMMIT;
ALTER TABLE tasks VALIDATE CONSTRAINT chk_tasks_priority;
CREATE INDEX CONCURRENTLY idx_tasks_priority ON tasks (priority);
"""
VALIDATE = """\
-- each check raises by its own name
DO $$ BEGIN IF EXISTS (SELECT FROM tasks WHERE (priority IN ('high', 'medium', 'low')) IS NOT TRUE) THEN
  RAISE EXCEPTION 'check tasks_priority_allowed: rows with another value'; END IF; END $$;
DO $$ BEGIN IF NOT EXISTS (
  SELECT FROM pg_index WHERE indexrelid = to_regclass('idx_tasks_priority') AND indisvalid) THEN
  RAISE EXCEPTION 'check idx_tasks_priority: missing or not valid'; END IF; END $$;
"""
ROLLBACK = """\
DROP INDEX CONCURRENTLY IF EXISTS idx_tasks_priority;
BEGIN;
ALTER TABLE tasks DROP CONSTRAINT IF EXISTS chk_tasks_priority;
ALTER TABLE tasks DROP COLUMN IF EXISTS priority;
COMMIT;
"""


def text_type(name: str = "text", *modifiers: str) -> ColumnType:
    return ColumnType(name=name, modifiers=modifiers)


def models() -> Schema:
    users = Table(
        name=Name("users"),
        columns=(
            Column(name="id", type=text_type("integer"), nullable=False, autoincrement=True),
            Column(name="email", type=text_type("character varying", "254"), nullable=False),
        ),
        primary_key=PrimaryKey(name=None, columns=("id",)),
    )
    tasks = Table(
        name=Name("tasks"),
        columns=(
            Column(name="id", type=text_type("integer"), nullable=False, autoincrement=True),
            Column(name="title", type=text_type("character varying", "200"), nullable=False),
            Column(
                name="done",
                type=text_type("boolean"),
                nullable=False,
                default=Expression(text="false", canonical="false", value="false"),
            ),
            Column(name="note", type=text_type()),
            Column(name="user_id", type=text_type("integer"), nullable=False),
        ),
        primary_key=PrimaryKey(name=None, columns=("id",)),
        foreign_keys=(ForeignKey(name=None, columns=("user_id",), ref_table=Name("users"), ref_columns=("id",)),),
    )
    return schema_of([users, tasks])


def file(name: str, text: str) -> tuple[SqlFile, ...]:
    return (SqlFile(path=f"002_{name}.sql", text=text),)


GOOD = Migration(
    before=file("before", BEFORE),
    forward=file("forward", FORWARD),
    validate=file("validate", VALIDATE),
    rollback=file("rollback", ROLLBACK),
    previous=models(),
    rows=30,
    timing_rows=0,
)


@pytest.fixture(scope="module")
def prover(each_server: Server) -> Iterator[Prover]:
    made = Prover(server=each_server)
    yield made
    made.forget()


def failed(proof: Proof) -> dict[str, tuple[str, ...]]:
    return {step.name: step.detail for step in proof.steps if not step.passed}


def test_a_good_migration_passes_everything(prover: Prover):
    proof = prover.prove(GOOD)
    assert failed(proof) == {}
    assert proof.passed
    assert tuple(step.name for step in proof.steps) == STEPS
    assert [one.line for one in proof.observed] == [1, 2, 3, 4, 5, 6, 7]
    assert all(one.error is None for one in proof.observed)
    assert proof.major == prover.server.major


def test_a_second_proof_on_the_same_schema_is_the_same(prover: Prover):
    first, second = prover.prove(GOOD), prover.prove(GOOD)
    assert [(step.name, step.passed) for step in first.steps] == [(step.name, step.passed) for step in second.steps]
    assert [one.locks for one in first.observed] == [one.locks for one in second.observed]


SABOTAGED: dict[str, tuple[Migration, str, str]] = {
    "the current schema does not load": (
        replace(GOOD, before=file("before", BEFORE + "CREATE TABLE tasks ();")),
        "current-schema-loads",
        '002_before.sql:7: relation "tasks" already exists',
    ),
    "a check that proves nothing": (
        replace(GOOD, validate=file("validate", VALIDATE + "DO $$ BEGIN PERFORM 1; END $$;")),
        "checks-fail-before",
        "002_validate.sql:7 check without a name passes before the migration",
    ),
    "a forward file with an error": (
        replace(GOOD, forward=file("forward", FORWARD.replace("tasks (priority)", "tasks (prio)"))),
        "forward-applies",
        '002_forward.sql:7: column "prio" does not exist',
    ),
    "concurrently in a transaction": (
        replace(GOOD, forward=file("forward", "BEGIN;\nCREATE INDEX CONCURRENTLY i ON tasks (title);\nCOMMIT;")),
        "forward-applies",
        "002_forward.sql:2: CREATE INDEX CONCURRENTLY cannot run inside a transaction block",
    ),
    "a transaction left open": (
        replace(GOOD, forward=file("forward", FORWARD.replace("COMMIT;", ""))),
        "forward-applies",
        "002_forward.sql:7: CREATE INDEX CONCURRENTLY cannot run inside a transaction block",
    ),
    "a constraint that rows violate": (
        replace(GOOD, forward=file("forward", "ALTER TABLE tasks ADD CHECK (length(title) < 5);")),
        "forward-applies",
        '002_forward.sql:1: check constraint "tasks_title_check" of relation "tasks" is violated by some row',
    ),
    "an index that is missing": (
        replace(GOOD, forward=file("forward", FORWARD.partition("CREATE INDEX")[0])),
        "checks-pass-after",
        "002_validate.sql:4: check idx_tasks_priority: missing or not valid",
    ),
    "a required column without a default": (
        replace(GOOD, forward=file("forward", FORWARD.replace("NOT VALID", "NOT VALID, ALTER priority DROP DEFAULT"))),
        "previous-release-works",
        'insert into tasks: null value in column "priority" of relation "tasks" violates not-null constraint',
    ),
    "a column that is renamed": (
        replace(
            GOOD,
            forward=file("forward", FORWARD + "ALTER TABLE tasks RENAME note TO remark;"),
            rollback=file("rollback", "ALTER TABLE tasks RENAME remark TO note;" + ROLLBACK),
        ),
        "previous-release-works",
        'select from tasks: column "note" does not exist',
    ),
    "a scan under a strong lock": (
        replace(GOOD, forward=file("forward", FORWARD.replace(" NOT VALID", ""))),
        "brief-locks",
        "002_forward.sql:4 reads all rows of `tasks` while its transaction holds ACCESS EXCLUSIVE on `tasks`",
    ),
    "an index that blocks writes": (
        replace(GOOD, forward=file("forward", FORWARD.replace("CONCURRENTLY", ""))),
        "brief-locks",
        "002_forward.sql:7 builds an index on `tasks` while its transaction holds SHARE on `tasks`",
    ),
    "a backfill in the transaction of the DDL": (
        replace(
            GOOD, forward=file("forward", FORWARD.replace("COMMIT;", "UPDATE tasks SET priority = 'low';\nCOMMIT;"))
        ),
        "brief-locks",
        "002_forward.sql:5 changes many rows of `tasks` while its transaction holds ACCESS EXCLUSIVE on `tasks`",
    ),
    "a rollback that leaves the column": (
        replace(
            GOOD, rollback=file("rollback", ROLLBACK.replace("ALTER TABLE tasks DROP COLUMN IF EXISTS priority;", ""))
        ),
        "rollback-restores-catalog",
        "column `public.tasks.priority` was not there",
    ),
    "a rollback that fails": (
        replace(GOOD, rollback=file("rollback", "DROP TABLE nope;")),
        "rollback-restores-catalog",
        '002_rollback.sql:1: table "nope" does not exist',
    ),
    "a rollback that loses rows": (
        replace(GOOD, rollback=file("rollback", ROLLBACK + "DELETE FROM tasks WHERE id = 1;")),
        "rollback-restores-rows",
        "`tasks` had 30 rows and has 29",
    ),
    "a forward that changes what was there": (
        replace(GOOD, forward=file("forward", FORWARD + "UPDATE tasks SET title = upper(title) WHERE id = 2;")),
        "rollback-restores-rows",
        "values in the 30 rows of `tasks` are not what they were",
    ),
    "a forward that works only once": (
        replace(
            GOOD,
            forward=file("forward", FORWARD + "CREATE SCHEMA extra;"),
            rollback=file("rollback", ROLLBACK),
        ),
        "forward-applies-again",
        '002_forward.sql:8: schema "extra" already exists',
    ),
    "a table that nobody can fill": (
        replace(GOOD, before=file("before", "CREATE TABLE tasks (a int NOT NULL CHECK (a > 1 AND a < 0));")),
        "rows-fill",
        "`tasks` has no rows",
    ),
}


@pytest.mark.parametrize("case", SABOTAGED)
def test_sabotage_is_found_at_the_right_item(prover: Prover, case: str):
    migration, item, expected = SABOTAGED[case]
    proof = prover.prove(migration)
    assert not proof.passed
    problems = failed(proof)
    assert item in problems
    assert any(detail.startswith(expected) for detail in problems[item]), problems[item]


LOSING = replace(
    GOOD,
    forward=file("forward", FORWARD + "CREATE INDEX i ON tasks (note); ALTER TABLE tasks DROP note;"),
    rollback=file("rollback", ROLLBACK + "ALTER TABLE tasks ADD note text;"),
    before=file("before", BEFORE + "CREATE INDEX old ON tasks (note); COMMENT ON COLUMN tasks.note IS 'free';"),
    previous=None,
    production_rows={Name("tasks"): 30},
)
NOTE = "what `tasks.note` said, and `users` knew"


@pytest.mark.parametrize(
    ("rollback", "losses", "unsaid"),
    [
        ("", (NOTE,), {}),
        ("", ("tasks.note of some rows", "another thing"), {}),
        ("", (), {"rollback-restores-catalog", "rollback-restores-rows"}),
        ("", ("`tasks.title`", "`tasks.notes`", "`others.note`"), {"rollback-restores-catalog", "rollback-restores-rows"}),
        ("UPDATE tasks SET title = '' WHERE id = 1;", (NOTE,), {"rollback-restores-rows"}),
        ("DELETE FROM tasks WHERE id = 1;", (NOTE,), {"rollback-restores-rows"}),
        ("DELETE FROM tasks WHERE id = 1;", (NOTE, "some rows of `tasks`"), {}),
        ("DELETE FROM tasks; DELETE FROM users WHERE id = 1;", (NOTE, "rows of `tasks`"), {"rollback-restores-rows"}),
        ("DROP INDEX ix_tasks_user_id;", (NOTE,), {"rollback-restores-catalog"}),
        ("CREATE VIEW tasks_note AS SELECT 1;", (NOTE,), {"rollback-restores-catalog"}),
    ],
)  # fmt: skip
def test_what_a_rollback_loses_has_to_be_said(prover: Prover, rollback: str, losses: tuple[str, ...], unsaid: set[str]):
    undone = (*LOSING.rollback, *file("more", rollback))
    proof = prover.prove(replace(LOSING, rollback=undone, losses=losses))
    assert failed(proof).keys() - {"forward-applies-again"} == set(unsaid)
    if not unsaid:
        step = proof.step("rollback-restores-rows")
        assert step is not None
        assert "the rollback says that it cannot bring that back" in step.detail[0]


def test_what_was_not_reached_says_so(prover: Prover):
    proof = prover.prove(SABOTAGED["a forward file with an error"][0])
    step = proof.step("rollback-restores-rows")
    assert step is not None
    assert step.detail == ("not reached: `forward-applies` did not pass",)
    assert proof.observed[-1].error is not None


def test_steps_that_nothing_was_given_for_are_left_out(prover: Prover):
    proof = prover.prove(replace(GOOD, validate=(), rollback=(), previous=None))
    assert [step.name for step in proof.steps] == [
        "current-schema-loads",
        "rows-fill",
        "forward-applies",
        "brief-locks",
    ]
    assert proof.passed


def test_statements_that_never_worked_prove_nothing(prover: Prover):
    proof = prover.prove(
        replace(GOOD, previous=None, previous_statements=("SELECT nope FROM tasks", "SELECT title FROM tasks"))
    )
    assert proof.passed


def test_small_tables_may_be_locked_longer(prover: Prover):
    migration, _, _ = SABOTAGED["an index that blocks writes"]
    proof = prover.prove(replace(migration, production_rows={Name("tasks"): 500}))
    assert proof.passed


def test_several_files_each_have_a_session_of_their_own(prover: Prover):
    expand, _, rest = FORWARD.partition("ALTER TABLE tasks VALIDATE")
    files = (
        SqlFile(path="a.sql", text="SET search_path = ''; " + expand.replace("TABLE tasks", "TABLE public.tasks")),
        SqlFile(path="b.sql", text="ALTER TABLE tasks VALIDATE" + rest),
    )
    proof = prover.prove(replace(GOOD, forward=files))
    assert failed(proof) == {}


def test_a_batched_backfill_is_watched(prover: Prover):
    backfill = """\
DO $$ DECLARE last int := 0; BEGIN
  LOOP
    UPDATE tasks SET priority = 'low' WHERE id IN (SELECT id FROM tasks WHERE id > last ORDER BY id LIMIT 10);
    EXIT WHEN NOT FOUND;
    last := last + 10;
    COMMIT;
  END LOOP;
END $$;
"""
    proof = prover.prove(replace(GOOD, forward=(*GOOD.forward, *file("backfill", backfill))))
    assert failed(proof) == {}
    assert str(proof.observed[-1].strongest(Name("tasks"))) == "ROW EXCLUSIVE"


def test_durations_are_measured_at_two_sizes_and_extrapolated(prover: Prover):
    proof = prover.prove(replace(GOOD, timing_rows=300, production_rows={Name("tasks"): 1_000_000}))
    assert [(one.line, one.rows) for one in proof.estimates] == [(6, (300, 1200)), (7, (300, 1200))]
    for one in proof.estimates:
        assert one.expected_ms is not None
        assert one.expected_ms >= one.measured_ms[0] > 0


def test_a_proof_is_plain_json(prover: Prover):
    other = Prover(server=prover.server, wanted_major=11)
    proof = other.prove(replace(GOOD, timing_rows=50, production_rows={Name("tasks"): 10}))
    data = json.loads(json.dumps(as_json(proof)))
    other.forget()
    assert data["passed"] is True
    assert data["observed"][2]["locks"] == [{"relation": "tasks", "mode": "ACCESS EXCLUSIVE"}]
    assert data["warnings"] == [f"it ran on {proof.engine_label}, while production is PostgreSQL 11"]


def test_a_cancelled_proof_leaves_no_database(each_server: Server):
    def names() -> set[object]:
        return {row[0] for row in each_server.admin.execute("SELECT datname FROM pg_database").fetchall()}

    before = names()
    calls = iter([False] * 8 + [True] * 99)
    made = Prover(server=each_server, cancelled=lambda: next(calls))
    with pytest.raises(ProofCancelled):
        made.prove(GOOD)
    made.forget()
    assert names() == before


def test_a_proof_on_a_named_server_touches_only_its_own_databases(server: Server):
    server.admin.execute("CREATE ROLE prover LOGIN CREATEDB")
    server.admin.execute("CREATE DATABASE precious OWNER prover")
    try:
        dsn = f"host={server.parameters['host']} port={server.parameters['port']} user=prover dbname=precious"
        before = server.admin.execute("SELECT datname FROM pg_database ORDER BY 1").fetchall()
        with prover_at(dsn) as named:
            proof = named.prove(GOOD)
        assert failed(proof) == {}
        assert server.admin.execute("SELECT datname FROM pg_database ORDER BY 1").fetchall() == before
    finally:
        server.admin.execute("DROP DATABASE precious WITH (FORCE)")
        server.admin.execute("DROP ROLE prover")


def test_progress_is_told(each_server: Server):
    told: list[str] = []
    made = Prover(server=each_server, report=told.append)
    made.prove(GOOD)
    made.forget()
    assert told == list(STEPS)
