"""The sample projects' migrations, SQL and Alembic, against what a server made of them."""

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from migration_ls.cli.schema import command
from migration_ls.operations.replay import replay
from migration_ls.schema.schema import Schema
from migration_ls.sources.migrations import classify, sorted_migrations
from migration_ls.sources.sql.reader import read_sql
from tests.compare.compare import compare_schema

PROJECTS = Path(__file__).parent.parent / "projects"
NAMES = sorted(path.name for path in PROJECTS.iterdir() if (path / "expected/migrations.json").exists())


@pytest.mark.parametrize("project", NAMES)
def test_the_command_line_prints_what_the_server_made(project):
    ran = CliRunner().invoke(command, ["--from", "migrations", "--project", str(PROJECTS / project)])
    assert ran.exit_code == 0, ran.output
    truth = json.loads((PROJECTS / project / "expected/migrations.json").read_text(encoding="utf-8"))
    found = json.loads(ran.output)
    scores = compare_schema(truth, found, strict=True)
    wrong = {
        kind: score.wrong for kind, score in scores.items() if score.wrong or score.tp < max(score.tool, score.truth)
    }
    assert not wrong
    assert _names(found) == _names(truth)
    assert _order(found) == _order(truth)


def _names(schema):
    """The names of constraints and indexes, which are what later migrations speak of."""
    kinds = ("foreign_keys", "uniques", "checks", "indexes")
    return Counter(
        (table["schema"], table["name"], kind, item["name"])
        for table in schema["tables"]
        for kind in kinds
        for item in table[kind]
    )


def _order(schema):
    return {
        (table["schema"], table["name"]): [(item["name"], item["identity"]) for item in table["columns"]]
        for table in schema["tables"]
    }


@pytest.mark.parametrize("project", ["tasks", "crm", "content", "iot", "marketplace", "hr", "logistics"])
def test_everything_is_read_and_nothing_fails(project):
    root = PROJECTS / project
    texts = {str(file.relative_to(root)): file.read_text(encoding="utf-8") for file in root.rglob("*.sql")}
    names = {path: name for path in texts if (name := classify(path)) and name.role == "forward"}
    schema = Schema()
    for path in sorted_migrations(names):
        read = read_sql(texts[path])
        assert read.problems == ()
        for item in replay(schema, read.statements):
            assert not item.effect.fails_always, (path, item.statement.sql, item.effect.reason)
            assert item.effect.analysed
            schema = item.after.schema
