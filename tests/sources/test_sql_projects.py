"""The sample projects' SQL migrations, replayed, against what a server made of them."""

import json
from pathlib import Path

import pytest

from migration_ls.operations.replay import replay
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.sources.migrations import classify, sorted_migrations
from migration_ls.sources.sql.expressions import default_of, expression
from migration_ls.sources.sql.reader import read_sql

PROJECTS = Path(__file__).parent.parent / "projects"


def replayed(project):
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
    return schema


@pytest.mark.parametrize("project", ["tasks", "crm", "content", "iot", "marketplace", "hr", "logistics"])
def test_the_replay_is_what_the_server_made(project):
    schema = replayed(project)
    truth = json.loads((PROJECTS / project / "expected/migrations.json").read_text(encoding="utf-8"))
    assert len([table for table in schema.tables.values() if not table.partition_of]) == len(truth["tables"])
    for table in truth["tables"]:
        mine = schema.tables[Name(table["name"], table["schema"] or "public")]
        assert {(column.name, str(column.type), column.nullable) for column in mine.columns} == {
            (column["name"], column["type"], column["nullable"]) for column in table["columns"]
        }
        for column in table["columns"]:
            found = mine.column(column["name"])
            assert found.autoincrement == column["autoincrement"]
            assert found.identity == column["identity"]
            default = default_of(expression(column["default"]), found.type) if column["default"] else None
            assert found.default == default
            assert found.generated == (expression(column["generated"]) if column["generated"] else None)
        assert list(mine.primary_key.columns if mine.primary_key else ()) == table["primary_key"]
        assert {(check.name, check.expression) for check in mine.checks} == {
            (check["name"], expression(check["expression"])) for check in table["checks"]
        }
        assert {key.name for key in mine.foreign_keys} == {key["name"] for key in table["foreign_keys"]}
        assert {unique.name for unique in mine.uniques} == {unique["name"] for unique in table["uniques"]}
        indexes = {(index.name, index.unique, index.using, len(index.parts)) for index in mine.indexes}
        assert indexes == {
            (index["name"], index["unique"], index["using"], len(index["columns"])) for index in table["indexes"]
        }
    enums = {(str(enum.name), enum.values) for enum in schema.enums.values()}
    assert enums == {
        (str(Name(enum["name"], enum["schema"] or "public")), tuple(enum["values"])) for enum in truth["enums"]
    }
