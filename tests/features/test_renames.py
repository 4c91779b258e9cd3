"""A field that appears while another goes: nothing is assumed, but the rename is offered, recorded and remembered."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from migration_ls.features.actions import Offer, actions
from migration_ls.features.renames import rename_recorded
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.text.edits import apply_edits
from migration_ls.text.span import Span
from migration_ls.workspace.analysis import Analysis, analyse
from migration_ls.workspace.generate import generate
from migration_ls.workspace.knowledge import RequestState
from migration_ls.workspace.workspace import Workspace

PROJECTS = Path(__file__).parent.parent / "projects"
MODELS = "backend/app/models.py"
TASKS = Name("tasks")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "tasks"
    shutil.copytree(PROJECTS / "tasks", made, copy_function=shutil.copyfile)
    shutil.rmtree(made / "expected")
    shutil.rmtree(made / "specs/features")
    return made


def analysed(root: Path, text: str) -> Analysis:
    workspace = Workspace(root)
    workspace.open(MODELS, text, 1)
    return analyse(workspace.snapshot())


def wishes(analysis: Analysis, state: RequestState = RequestState.OPEN) -> list[asked.Change]:
    return [item.request.change for item in analysis.knowledge.asked if item.state is state]


def offers(analysis: Analysis, words: str) -> list[Offer]:
    start = analysis.snapshot.files[MODELS].text.index(words)
    return [
        item
        for item in actions(analysis, MODELS, Span(start, start))
        if isinstance(item, Offer) and item.kind == "rename"
    ]


def test_a_column_is_dropped_and_added_until_somebody_says_that_it_is_renamed(root: Path) -> None:
    text = (root / MODELS).read_text("utf-8").replace("    title: str", "    headline: str", 1)
    analysis = analysed(root, text)
    assert {type(change) for change in wishes(analysis)} == {asked.AddColumn, asked.DropColumn}
    (offer,) = offers(analysis, "headline")
    assert offer.title == "Treat as rename of title"
    changed = rename_recorded(analysis, MODELS, offer.line, offer.option or "")
    assert changed is not None
    recorded = apply_edits(changed.old_text, changed.edits)
    (line,) = [line for line in recorded.split("\n") if "headline" in line]
    assert line.endswith("  # renamed from title")
    again = analysed(root, recorded)
    assert wishes(again) == [asked.RenameColumn(table=TASKS, column="title", to="headline")]
    assert offers(again, "headline") == []


def test_a_recorded_rename_is_planned_once(root: Path) -> None:
    text = (root / MODELS).read_text("utf-8")
    text = text.replace("    title: str", "    # renamed from title\n    headline: str", 1)
    (root / MODELS).write_text(text, "utf-8", newline="")
    generation = generate(analysed(root, text), None, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert generation.unplanned == ()
    forward = next(file for file in generation.new_files if file.purpose.startswith("forward"))
    assert "ADD COLUMN IF NOT EXISTS headline" in forward.text
    for file in generation.new_files:
        target = root / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file.text, "utf-8", newline="")
    for changed in generation.changed_files:
        (root / changed.path).write_text(apply_edits(changed.old_text, changed.edits), "utf-8", newline="")
    document = (root / "specs/database/schema.md").read_text("utf-8")
    assert "headline" in document
    assert wishes(analyse(Workspace(root).snapshot())) == []


def test_a_class_may_have_another_table(root: Path) -> None:
    text = (root / MODELS).read_text("utf-8")
    assert text.count('__tablename__ = "tasks"') == 1
    text = text.replace('__tablename__ = "tasks"', '__tablename__ = "todos"')
    analysis = analysed(root, text)
    assert asked.AddTable in {type(change) for change in wishes(analysis)}
    head = next(line for line in text.split("\n") if line.startswith("class Task("))
    analysis = analysed(root, text.replace(head, f"{head}  # renamed from tasks"))
    assert wishes(analysis) == [asked.RenameTable(table=TASKS, to="todos")]
