"""Each sample project's models read as SQLAlchemy made them, names, expressions and all."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from migration_ls.schema.json import schema_json
from migration_ls.sources.models import ModelFile, pinned_sqlmodel, read_models
from migration_ls.sources.reading import SchemaReading

TESTS = Path(__file__).parent.parent
PROJECTS = TESTS / "projects"
SAMPLES = sorted(path.name for path in PROJECTS.iterdir() if (path / "expected" / "models.json").exists())


def read_project(name: str) -> tuple[SchemaReading, dict[str, str]]:
    root = PROJECTS / name
    paths = [path for path in sorted(root.rglob("*.py")) if "alembic" not in path.parts]
    texts = {path.relative_to(root).as_posix(): path.read_text() for path in paths}
    pins = {
        path.relative_to(root).as_posix(): path.read_text()
        for path in root.rglob("*")
        if path.name in {"pyproject.toml", "uv.lock"} or path.name.startswith("requirements")
    }
    version, _ = pinned_sqlmodel(pins)
    files = [ModelFile(path=path, text=text) for path, text in texts.items()]
    return read_models(files, sqlmodel_version=version), texts


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_reads_without_a_difference(name: str, tmp_path: Path) -> None:
    reading, _ = read_project(name)
    assert reading.problems == ()
    answer, numbers = tmp_path / "models.json", tmp_path / "numbers.json"
    answer.write_text(json.dumps(schema_json(reading.schema)))
    expected = PROJECTS / name / "expected" / "models.json"
    compare = [sys.executable, str(TESTS / "compare" / "compare.py"), str(expected), str(answer)]
    run = subprocess.run(
        [*compare, "--strict", "--misses", "9", "--json", str(numbers)], capture_output=True, text=True, check=True
    )
    scores = json.loads(numbers.read_text())["all"]["schema"]
    assert scores["columns"]["truth"] > 0
    wrong = {kind: score for kind, score in scores.items() if not score["tp"] == score["reported"] == score["truth"]}
    assert not wrong, run.stdout


@pytest.mark.parametrize("name", SAMPLES)
def test_places_of_tables_and_columns_are_where_they_say(name: str) -> None:
    reading, texts = read_project(name)
    for table in reading.schema.tables.values():
        assert table.origin is not None
        text = texts[table.origin.path]
        if table.class_name is not None:
            assert table.origin.span.of(text) == table.class_name
            assert text[: table.origin.span.start].endswith("class ")
        assert table.origin.line == text[: table.origin.span.start].count("\n")
        for column in table.columns:
            assert column.origin is not None
            for part in ("name", "type", "default", "length", "nullable"):
                place = column.place(part)
                assert place is not None
                # A helper function or an alias may say it elsewhere.
                assert place.span.of(texts[place.path]).strip()
            if table.class_name is not None and (name := column.place("name")) is not None:
                assert column.origin.span.covers(name.span) or name.path != column.origin.path
        for part in (*table.constraints, *table.indexes):
            assert part.origin is not None
