"""What the fixes make runs on a real server, and gives the catalog that was intended."""

import re
from pathlib import Path

import pytest

from migration_ls.operations.replay import final_schema, replay
from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.fixing import fix_all
from migration_ls.rules.registry import find
from migration_ls.rules.rule import RuleSettings, Script
from migration_ls.schema.schema import Schema
from migration_ls.sources.sql.reader import read_sql
from migration_ls.text.lines import LineIndex
from migration_ls.verification.catalog import catalog, difference
from migration_ls.verification.database import Connection, Server
from migration_ls.verification.script import ScriptError, SqlFile, run_file

CASES = Path(__file__).parent.parent / "cases" / "rules"
BEFORE = (CASES / "schema.sql").read_text(encoding="utf-8")

FORWARD = """\
-- File: migrations/001_add_task_fields.sql

BEGIN;

-- 1. Add columns with safe defaults
ALTER TABLE tasks
  ADD COLUMN priority VARCHAR(20) DEFAULT 'medium',
  ADD COLUMN tags TEXT[] DEFAULT '{}';

-- 2. Create indexes (CONCURRENTLY to avoid locks)
CREATE INDEX CONCURRENTLY idx_tasks_priority
  ON tasks(priority);

-- 3. Add constraints (after data is valid)
ALTER TABLE tasks
  ADD CONSTRAINT chk_priority
  CHECK (priority IN ('high', 'medium', 'low'));

COMMIT;
"""
BACK = """\
-- File: migrations/001_add_task_fields_rollback.sql

BEGIN;

-- Reverse order: drop constraints, indexes, columns
DROP INDEX IF EXISTS idx_tasks_priority;

ALTER TABLE tasks
  DROP COLUMN IF EXISTS priority,
  DROP COLUMN IF EXISTS tags;

COMMIT;
"""
INTENDED = """\
ALTER TABLE tasks ADD COLUMN priority VARCHAR(20) DEFAULT 'medium', ADD COLUMN tags TEXT[] DEFAULT '{}';
CREATE INDEX idx_tasks_priority ON tasks(priority);
ALTER TABLE tasks ADD CONSTRAINT chk_priority CHECK (priority IN ('high', 'medium', 'low'));
"""


def look(text: str, schema: Schema) -> tuple[Finding, ...]:
    statements = replay(schema, read_sql(text).statements)
    return find(Script(path="002.sql", text=text, statements=statements, settings=RuleSettings(), base=schema))


def schema_after(*texts: str) -> Schema:
    schema = Schema()
    for text in texts:
        schema = final_schema(schema, read_sql(text).statements)
    return schema


def test_a_whole_migration_becomes_safe_by_its_fixes() -> None:
    schema = schema_after(BEFORE)
    forward = fix_all(FORWARD, lambda text: look(text, schema))
    assert forward == (CASES.parent / "fixes" / "forward.sql").read_text(encoding="utf-8")
    assert [item.message for item in look(forward, schema) if item.severity.is_danger] == []
    schema = schema_after(BEFORE, forward)
    back = fix_all(BACK, lambda text: look(text, schema))
    assert back == (CASES.parent / "fixes" / "back.sql").read_text(encoding="utf-8")
    assert {item.rule for item in look(back, schema) if item.severity.is_danger} == {"drop-column"}


@pytest.mark.postgres
def test_a_whole_migration_runs_after_its_fixes(server: Server) -> None:
    with server.database() as one, server.database() as other:
        with one.connect() as connection:
            run_file(connection, SqlFile(path="before.sql", text=BEFORE))
            start = catalog(one)
            with pytest.raises(ScriptError):
                run_file(connection, SqlFile(path="forward.sql", text=FORWARD))
            connection.execute("ROLLBACK")
            for name in ("forward", "back", "forward"):
                text = (CASES.parent / "fixes" / f"{name}.sql").read_text(encoding="utf-8")
                run_file(connection, SqlFile(path=f"{name}.sql", text=text))
                if name == "back":
                    assert difference(start, catalog(one)) == ()
        with other.connect() as connection:
            run_file(connection, SqlFile(path="before.sql", text=BEFORE))
            run_file(connection, SqlFile(path="intended.sql", text=INTENDED))
        assert difference(catalog(other), catalog(one)) == ()


@pytest.mark.postgres
@pytest.mark.parametrize(
    "path", sorted(CASES.glob("*/fixed-*.sql")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_a_fixed_file_runs_and_means_the_same(path: Path, server: Server) -> None:
    found = path.with_name(path.name.replace("fixed-", "found-", 1)).read_text(encoding="utf-8")
    headers = re.findall(r"^-- schema: (.*)$", found, re.MULTILINE)
    before = "\n".join([BEFORE, *headers])
    catalogs = []
    for text in (found, path.read_text(encoding="utf-8")):
        with server.database() as database, database.connect() as connection:
            run_file(connection, SqlFile(path="before.sql", text=before))
            try:
                run_file(connection, SqlFile(path=path.name, text=text))
            except ScriptError:
                assert text is found or path.parent.name == "unused-suppression"
                assert path.parent.name in FAILING
                connection.execute("ROLLBACK")
                continue
            catalogs.append(catalog(database))
    if len(catalogs) == 2 and not CHANGING & {path.parent.name, f"{path.parent.name}/{path.stem}"}:
        assert difference(catalogs[0], catalogs[1]) == ()


FAILING = {"begin-without-commit", "concurrently-in-transaction", "unused-suppression"}
"""Rules about files that do not run as they are."""
CHANGING = {"begin-without-commit", "detach-partition-not-concurrent", "check-scans-table/fixed-wrapped"}
"""Fixes that are meant to leave something else: a commit, a check that DETACH CONCURRENTLY makes, a NOT VALID."""


FAILS = {"statement-fails", "concurrently-in-transaction", "enum-value-used-in-transaction", "explicit-lock"}
"""Rules whose errors mean that the server refuses the statement."""


@pytest.mark.postgres
@pytest.mark.parametrize(
    "path", sorted(CASES.glob("*/[fqs]*-*.sql")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_the_server_refuses_what_the_rules_say_and_nothing_else(path: Path, server: Server) -> None:
    text = path.read_text(encoding="utf-8")
    before = "\n".join([BEFORE, *re.findall(r"^-- schema: (.*)$", text, re.MULTILINE)])
    wrapped = re.search(r"^-- wrapped$", text, re.MULTILINE) is not None
    schema = schema_after(before)
    statements = replay(schema, read_sql(text).statements, wrapped=wrapped, postgres=server.major)
    settings = RuleSettings(postgres=server.major)
    script = Script(path="002.sql", text=text, statements=statements, settings=settings, base=schema, wrapped=wrapped)
    lines = LineIndex(text)
    refused = {
        lines.line(statement.statement.span.start) + 1
        for statement in statements
        for item in find(script)
        if item.rule in FAILS and item.severity is Severity.ERROR and statement.statement.span.covers(item.span)
    }
    with server.database() as database, database.connect() as connection:
        run_file(connection, SqlFile(path="before.sql", text=before))
        assert _refused_line(connection, SqlFile(path=path.name, text=text, wrapped=wrapped)) == min(refused, default=0)


def _refused_line(connection: Connection, file: SqlFile) -> int:
    """The line of the statement that the server refuses; 0 when the file runs, or lacks but its COMMIT."""
    try:
        run_file(connection, file)
    except ScriptError as error:
        return 0 if "never committed" in error.failure.message else error.failure.line
    return 0
