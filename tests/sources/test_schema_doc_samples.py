"""The schema documents of the sample projects, against what a careful reader makes of them."""

import importlib.util
import json
from pathlib import Path

import pytest

from migration_ls.schema.json import schema_json
from migration_ls.sources.schema_doc import read_schema_documents

TESTS = Path(__file__).parent.parent
PROJECTS = sorted(path.parent.parent for path in TESTS.glob("projects/*/expected/schema_md.json"))


def comparison():
    spec = importlib.util.spec_from_file_location("schema_comparison", TESTS / "compare" / "compare.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reading(project: Path, paths: list[str], newline: str = "\n"):
    texts = [(path, (project / path).read_text(encoding="utf-8").replace("\n", newline)) for path in paths]
    return read_schema_documents(texts)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_a_sample_is_read_exactly(project, newline):
    expected = json.loads((project / "expected" / "schema_md.json").read_text(encoding="utf-8"))
    answer = schema_json(reading(project, expected["source"]["paths"], newline).schema)
    scores = comparison().compare_schema(expected, answer)
    wrong = [f"{kind}: {item}" for kind, score in scores.items() for item in score.wrong]
    assert wrong == []
    assert scores["lines"].tp == scores["columns"].truth


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_external_tables_are_marked(project):
    expected = json.loads((project / "expected" / "schema_md.json").read_text(encoding="utf-8"))
    schema = reading(project, expected["source"]["paths"]).schema
    wanted = {table["name"] for table in expected["tables"] if table.get("external")}
    assert {table.name.name for table in schema.tables.values() if table.external} == wanted


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_names_stand_where_they_are_said_to_stand(project):
    expected = json.loads((project / "expected" / "schema_md.json").read_text(encoding="utf-8"))
    paths = expected["source"]["paths"]
    texts = {path: (project / path).read_text(encoding="utf-8") for path in paths}
    places = [
        (column, column.place("name"))
        for table in reading(project, paths).schema.tables.values()
        for column in table.columns
    ]
    assert all(place.span.of(texts[place.path]).strip('"') == column.name for column, place in places)
