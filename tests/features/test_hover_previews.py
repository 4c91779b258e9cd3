"""What a hover says, at a cursor marked `<|>`."""

import shutil
from pathlib import Path

import pytest

from migration_ls.features.hover import Hover, hover
from migration_ls.workspace.analysis import Analysis, analyse
from migration_ls.workspace.workspace import Workspace

PROJECTS = Path(__file__).parent.parent / "projects"
SPEC = "specs/features/task-organization.md"
MODELS = "backend/app/models.py"
DOCUMENT = "specs/database/schema.md"
MIGRATION = "backend/migrations/001_create_tasks.sql"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "tasks"
    shutil.copytree(PROJECTS / "tasks", root, copy_function=shutil.copyfile)
    shutil.rmtree(root / "expected")
    return root


def at_cursor(root: Path, path: str, text: str) -> Hover | None:
    """The hover in the file with this text, which has the cursor in it."""
    offset = text.index("<|>")
    workspace = Workspace(root)
    workspace.open(path, text.replace("<|>", ""), 1)
    return hover(analyse(workspace.snapshot()), path, offset)


def with_cursor(root: Path, path: str, before: str) -> str:
    text = (root / path).read_text("utf-8")
    assert before in text
    return text.replace(before, f"<|>{before}", 1)


def said(found: Hover | None) -> str:
    assert found is not None
    return found.markdown


@pytest.mark.parametrize("place", ["- Tasks must have priority", "priority levels", "high, medium, low"])
def test_a_requirement_shows_its_sql_its_effects_and_its_validation_queries(project, place):
    text = said(at_cursor(project, SPEC, with_cursor(project, SPEC, place)))
    assert "**Implies** `tasks.priority varchar(20) NOT NULL DEFAULT 'medium'`" in text
    assert "ALTER TABLE tasks ADD COLUMN priority varchar(20) NOT NULL DEFAULT 'medium';" in text
    assert "ACCESS EXCLUSIVE on `tasks`" in text
    assert "readers and writers wait briefly" in text
    assert "reads every row of `tasks`" in text
    assert "Validation queries:" in text
    assert "WHERE (priority IN ('high', 'medium', 'low')) IS NOT TRUE" in text


def test_other_readings_are_named(project):
    text = said(at_cursor(project, SPEC, with_cursor(project, SPEC, "Tasks can be tagged")))
    assert "Assumed:" in text
    assert "It could also mean:" in text


def test_prose_that_asks_for_nothing_has_no_hover(project):
    assert at_cursor(project, SPEC, with_cursor(project, SPEC, "People with long lists")) is None


@pytest.mark.parametrize(
    ("path", "place", "expected"),
    [
        (MODELS, "title: str = Field(max_length=200)", "`tasks`: `title varchar(200) NOT NULL` in the current schema"),
        (DOCUMENT, "completed: boolean", "`tasks`: `completed boolean NOT NULL DEFAULT FALSE` in the current schema"),
    ],
)
def test_a_field_and_a_row_show_the_column_as_it_is(project, path, place, expected):
    assert expected in said(at_cursor(project, path, with_cursor(project, path, place)))


def test_a_new_field_shows_the_change_it_asks_for(project):
    (project / SPEC).unlink()
    text = (project / MODELS).read_text("utf-8")
    text = text.replace(
        "    completed: bool", "    <|>rank: int = Field(default=1, index=True)\n    completed: bool", 1
    )
    shown = said(at_cursor(project, MODELS, text))
    assert "ALTER TABLE tasks ADD COLUMN rank integer" in shown
    assert "Validation queries:" in shown
    assert "`tasks.rank` is not in the current schema" in shown


def test_a_field_that_a_spec_asks_for_too_shows_the_plan_of_the_spec(project):
    text = (project / MODELS).read_text("utf-8")
    text = text.replace("    completed: bool", '    <|>priority: str = Field(default="medium")\n    completed: bool', 1)
    assert "ADD COLUMN priority" in said(at_cursor(project, MODELS, text))


def test_a_field_of_a_mixin_shows_every_table_that_has_it():
    root = PROJECTS / "crm"
    path = "backend/app/models/mixins.py"
    text = said(at_cursor(root, path, with_cursor(root, path, "created_at")))
    assert "`accounts`: `created_at" in text
    assert "`contacts`: `created_at" in text


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("CREATE INDEX ix ON tasks (title);", ["SHARE on `tasks`", "builds `ix`", "writers wait, readers go on"]),
        (
            "CREATE INDEX CONCURRENTLY ix ON tasks (title);",
            ["SHARE UPDATE EXCLUSIVE on `tasks`", "Cannot run inside a transaction block", "nobody waits"],
        ),
        ("ALTER TABLE tasks ALTER COLUMN id TYPE bigint;", ["writes `tasks` anew", "ACCESS EXCLUSIVE on `tasks`"]),
        ("ALTER TABLE tasks DROP COLUMN title;", ["Loses "]),
        (
            "ALTER TABLE tasks ALTER COLUMN description SET NOT NULL;",
            ["May fail: nulls in existing rows", "no row may come back", "description IS NULL"],
        ),
        ("DO $$ BEGIN EXECUTE 'ALTER TABLE ' || 'tasks'; END $$;", ["Not analysed: "]),
    ],
)
def test_a_statement_shows_what_postgresql_does(project, statement, expected):
    text = said(at_cursor(project, "backend/migrations/002_next.sql", f"<|>{statement}\n"))
    for words in expected:
        assert words in text


def test_no_place_of_any_sample_breaks_it():
    for root in sorted(PROJECTS.iterdir()):
        analysis: Analysis = analyse(Workspace(root).snapshot())
        for path, file in analysis.snapshot.files.items():
            for offset in range(0, len(file.text) + 1, 23):
                found = hover(analysis, path, offset)
                assert found is None or (found.markdown and found.span.end <= len(file.text)), (path, offset)


def test_a_path_that_is_not_there_has_no_hover(project):
    assert hover(analyse(Workspace(project).snapshot()), "nowhere.md", 0) is None
