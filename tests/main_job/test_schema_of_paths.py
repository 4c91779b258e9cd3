"""`schema --from SOURCE PATH`: files that are named are read, in a project or outside of any."""

import pytest


@pytest.mark.parametrize(
    ("source", "path", "column"),
    [
        ("models", "backend/app/models.py", "completed"),
        ("schema-doc", "specs/database/schema.md", "completed"),
        ("migrations", "backend/migrations", "completed"),
    ],
)
def test_a_named_file_is_read(make, source, path, column):
    shown = make("tasks").run("schema", "--from", source, path).json
    (table,) = shown["tables"]
    assert column in [item["name"] for item in table["columns"]]


def test_files_outside_of_a_project_are_read_too(make, tmp_path):
    project = make("tasks")
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "things.py").write_text(project.read("backend/app/models.py"), "utf-8")
    shown = project.run("schema", "--from", "models", str(alone / "things.py")).json
    assert [table["name"] for table in shown["tables"]] == ["tasks"]


@pytest.mark.parametrize("words", [["--from", "wanted", "specs"], ["--from", "migrations", "specs/database/schema.md"]])
def test_paths_that_mean_nothing_are_refused(make, words):
    done = make("tasks").run("schema", *words)
    assert done.status == 2
    assert "takes" in done.err
