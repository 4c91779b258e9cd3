"""The sample projects' specs against what a careful person reads in them, and requests written back as declarations."""

import importlib.util
import json
from pathlib import Path

import pytest

from migration_ls.postgres.types import parse_type
from migration_ls.schema.names import Name
from migration_ls.schema.request import Grade
from migration_ls.schema.schema import Enum, schema_of
from migration_ls.schema.tables import Check, Column, ForeignKey, Index, IndexPart, PrimaryKey, Table, Unique
from migration_ls.sources.spec.declare import changes_of, declaration_edit, declare
from migration_ls.sources.spec.json import requests_json
from migration_ls.sources.spec.options import SpecOptions
from migration_ls.sources.spec.reader import read_feature, read_spec
from migration_ls.sources.sql.expressions import expression
from migration_ls.text.edits import apply_edits

PROJECTS = Path(__file__).parent.parent / "projects"
NAMES = sorted(path.name for path in PROJECTS.iterdir() if path.is_dir())
TASKS = "specs/features/task-organization.md"


def _compare():
    path = PROJECTS.parent / "compare" / "compare.py"
    spec = importlib.util.spec_from_file_location("spec_compare", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _table(data):
    columns = tuple(
        Column(
            name=item["name"],
            type=parse_type(item["type"]),
            nullable=item["nullable"],
            default=expression(item["default"]) if item["default"] else None,
            autoincrement=bool(item.get("autoincrement")),
            identity=item.get("identity"),
        )
        for item in data["columns"]
    )
    key = data["primary_key"]
    return Table(
        name=Name(data["name"], data.get("schema") or "public"),
        columns=columns,
        primary_key=PrimaryKey(name=None, columns=tuple(key)) if key else None,
        uniques=tuple(Unique(name=item["name"], columns=tuple(item["columns"])) for item in data["uniques"]),
        checks=tuple(Check(name=item["name"], expression=expression(item["expression"])) for item in data["checks"]),
        foreign_keys=tuple(
            ForeignKey(
                name=item["name"],
                columns=tuple(item["columns"]),
                ref_table=Name(item["ref_table"], item.get("ref_schema") or "public"),
                ref_columns=tuple(item["ref_columns"]),
            )
            for item in data["foreign_keys"]
        ),
        indexes=tuple(
            Index(
                name=item["name"],
                parts=tuple(IndexPart(text=text) for text in item["columns"]),
                unique=item["unique"],
                using=item.get("using") or "btree",
            )
            for item in data["indexes"]
        ),
    )


def current(project):
    data = json.loads((PROJECTS / project / "expected/migrations.json").read_text(encoding="utf-8"))
    enums = [
        Enum(name=Name(item["name"], item.get("schema") or "public"), values=tuple(item["values"]))
        for item in data["enums"]
    ]
    return schema_of([_table(item) for item in data["tables"]], enums)


def truth(project):
    return json.loads((PROJECTS / project / "expected/changes.json").read_text(encoding="utf-8"))


def readings(project):
    documents = [
        (path, (PROJECTS / project / path).read_text(encoding="utf-8")) for path in truth(project)["source"]["paths"]
    ]
    schema = current(project)
    if any(path.endswith("data-model.md") for path, _ in documents):
        return read_feature(documents, schema)
    return {path: read_spec(path, text, schema) for path, text in documents}


@pytest.mark.parametrize("project", NAMES)
def test_a_spec_asks_for_what_a_careful_reader_finds(project):
    scores = _compare().compare_changes(truth(project), requests_json(readings(project)))
    assert {kind: score.wrong for kind, score in scores.items() if score.wrong} == {}


def test_the_running_example_has_its_lines_words_and_readings():
    reading = readings("tasks")[TASKS]
    priority, check, tags, by_priority, by_tags = reading.requests
    assert [request.origin.line + 1 for request in reading.requests] == [12, 12, 13, 14, 14]
    assert {request.grade for request in reading.requests} == {Grade.IMPLIED}
    assert priority.evidence == "Tasks must have priority levels: high, medium, low"
    assert str(priority.change.column.type) == "character varying(20)"
    assert priority.change.column.default.value == "medium"
    assert priority.change.values == ("high", "medium", "low")
    assert priority.assumption is None
    assert [place.line + 1 for place in priority.explains] == [18]
    assert check.change.constraint.expression.allowed_values == ("high", "medium", "low")
    assert (tags.group, tags.option) == ("tags", "column")
    (tables,) = tags.alternatives
    assert [str(change.table.name) for change in tables.changes] == ["tags", "task_tags"]
    assert (by_priority.change.index.using, by_tags.change.index.using) == ("btree", "gin")
    assert by_tags.option == "column"
    (problem,) = reading.problems
    text = (PROJECTS / "tasks" / TASKS).read_text(encoding="utf-8")
    assert problem.span.of(text) == "Tasks can be tagged with categories"
    assert not problem.serious


def test_the_options_choose_tables_for_tags_and_native_enums():
    text = (PROJECTS / "tasks" / TASKS).read_text(encoding="utf-8")
    reading = read_spec(TASKS, text, current("tasks"), SpecOptions(tags="tables", enums="native"))
    kinds = [type(request.change).__name__ for request in reading.requests]
    assert kinds == ["AddEnum", "AddColumn", "AddTable", "AddTable", "AddIndex"]
    assert reading.requests[0].change.enum.values == ("high", "medium", "low")
    assert reading.requests[1].change.column.type.name == "task_priority"
    assert reading.requests[2].alternatives[0].option == "column"


@pytest.mark.parametrize("project", NAMES)
def test_a_declared_request_reads_back_as_the_same_change(project):
    schema = current(project)
    for path in truth(project)["source"]["paths"]:
        text = (PROJECTS / project / path).read_text(encoding="utf-8")
        before = read_spec(path, text, schema).requests
        edited = apply_edits(text, [declaration_edit(text, before)])
        after = read_spec(path, edited, schema).requests
        assert {request.grade for request in after} <= {Grade.DECLARED}
        changes = [request.change for request in after]
        assert all(request.change in changes for request in before)
        assert len(changes) == len(before)


def test_the_other_reading_can_be_declared():
    schema = current("tasks")
    text = (PROJECTS / "tasks" / TASKS).read_text(encoding="utf-8")
    requests = read_spec(TASKS, text, schema).requests
    edited = apply_edits(text, [declaration_edit(text, requests, "tables")])
    after = read_spec(TASKS, edited, schema)
    tags = next(request for request in requests if request.alternatives)
    changes = [request.change for request in after.requests]
    assert all(change in changes for change in changes_of(tags, "tables"))
    assert not any(getattr(getattr(change, "column", None), "name", "") == "tags" for change in changes)
    assert {request.grade for request in after.requests} == {Grade.DECLARED}


def test_one_request_is_declared_beside_those_that_stay_implied():
    schema = current("tasks")
    text = (PROJECTS / "tasks" / TASKS).read_text(encoding="utf-8")
    requests = read_spec(TASKS, text, schema).requests
    assert declare(requests[0]) == ("- `priority`: VARCHAR(20), not null, default 'medium', one of high, medium, low")
    edited = apply_edits(text, [declaration_edit(text, requests[:1])])
    after = read_spec(TASKS, edited, schema).requests
    grades = {
        str(getattr(request.change, "column", None) and request.change.column.name): request.grade for request in after
    }
    assert grades["priority"] is Grade.DECLARED
    assert grades["tags"] is Grade.IMPLIED
    again = apply_edits(edited, [declaration_edit(edited, [request for request in after if request.group])])
    assert again.count("## Database changes") == 1
    assert [request.change for request in read_spec(TASKS, again, schema).requests].count(requests[0].change) == 1
