"""Lenses, actions and inlay hints: what is offered, and where."""

import shutil
from pathlib import Path

import pytest

from migration_ls.features.actions import FixAction, Offer, actions, declared
from migration_ls.features.inlay_hints import inlay_hints
from migration_ls.features.lenses import lenses
from migration_ls.features.targets import file_target
from migration_ls.text.edits import apply_edits
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span
from migration_ls.workspace.analysis import Analysis, analyse
from migration_ls.workspace.workspace import Workspace

PROJECTS = Path(__file__).parent.parent / "projects"
SPEC = "specs/features/task-organization.md"
MODELS = "backend/app/models.py"
NEXT = "backend/migrations/002_next.sql"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "tasks"
    shutil.copytree(PROJECTS / "tasks", made, copy_function=shutil.copyfile)
    shutil.rmtree(made / "expected")
    return made


def analysed(root: Path, **texts: str) -> Analysis:
    workspace = Workspace(root)
    for path, text in texts.items():
        workspace.open(path, text, 1)
    return analyse(workspace.snapshot())


def at(analysis: Analysis, path: str, words: str) -> Span:
    start = analysis.snapshot.files[path].text.index(words)
    return Span(start, start)


def with_field(root: Path, field: str) -> str:
    return (root / MODELS).read_text("utf-8").replace("    completed: bool", f"    {field}\n    completed: bool", 1)


def test_the_first_requirement_has_the_lens_of_a_spec(root):
    analysis = analysed(root)
    (lens,) = lenses(analysis, SPEC)
    text = analysis.snapshot.files[SPEC].text
    assert LineIndex(text).line(lens.span.start) == text[: text.index("Tasks must have")].count("\n")
    assert lens.title == "5 pending changes · risk low · Generate migration"
    assert lens.command == "generate"


def test_a_class_with_a_new_field_has_a_lens_and_one_without_has_none(root):
    (root / SPEC).unlink()
    assert lenses(analysed(root), MODELS) == ()
    text = with_field(root, "due: Optional[datetime] = None")
    (lens,) = lenses(analysed(root, **{MODELS: text}), MODELS)
    assert lens.title == "1 pending change · risk low · Generate migration"
    assert LineIndex(text).line(lens.span.start) == text[: text.index("class Task(")].count("\n")


def test_what_a_spec_asks_for_too_is_generated_for_the_spec(root):
    text = with_field(root, 'priority: str = Field(default="medium", max_length=20)')
    analysis = analysed(root, **{MODELS: text})
    assert file_target(analysis, MODELS) == SPEC
    assert any(isinstance(action, Offer) for action in actions(analysis, MODELS, Span(0, 0)))


def test_what_only_models_ask_for_is_a_migration_of_its_own(root):
    analysis = analysed(root, **{MODELS: with_field(root, "due: Optional[datetime] = None")})
    assert file_target(analysis, MODELS) is None
    assert file_target(analysis, SPEC) == SPEC


def test_a_generated_migration_can_be_verified_and_another_cannot(root):
    from datetime import UTC, datetime

    from migration_ls.workspace.generate import generate

    generation = generate(analysed(root), SPEC, now=datetime(2025, 1, 1, tzinfo=UTC))
    files = {file.path: file.text for file in generation.new_files}
    forward = "backend/migrations/002_task_organization.sql"
    analysis = analysed(root, **files)
    assert [lens.command for lens in lenses(analysis, forward)] == ["verify"]
    assert lenses(analysis, "backend/migrations/001_create_tasks.sql") == ()
    assert lenses(analysis, "backend/migrations/002_task_organization_rollback.sql") == ()


def test_an_implied_change_is_declared_in_each_of_its_readings(root):
    analysis = analysed(root)
    span = at(analysis, SPEC, "Tasks can be tagged")
    offers = [action for action in actions(analysis, SPEC, span) if isinstance(action, Offer)]
    assert [offer.title for offer in offers if offer.kind == "generate"] == ["Generate migration for 5 changes"]
    declarations = [offer for offer in offers if offer.kind == "declare"]
    assert declarations[0].option is None
    assert [offer.option for offer in declarations[1:]] != []
    results = set()
    for offer in declarations:
        changed = declared(analysis, SPEC, offer.line, offer.option)
        assert changed is not None
        text = apply_edits(changed.old_text, changed.edits)
        results.add(text)
        again = analysed(root, **{SPEC: text})
        assert any(item.request.grade == "declared" for item in again.knowledge.asked), offer
        assert text.startswith(changed.old_text.rstrip("\n")[:200])
    assert len(results) == len(declarations)


def test_a_line_that_implies_nothing_declares_nothing(root):
    analysis = analysed(root)
    assert declared(analysis, SPEC, 0, None) is None
    assert declared(analysis, "nowhere.md", 0, None) is None


def test_a_finding_with_a_fix_offers_it_where_it_stands(root):
    text = "SET lock_timeout = '2s';\nCREATE INDEX ix ON tasks (title);\n"
    analysis = analysed(root, **{NEXT: text})
    fixes = [item for item in actions(analysis, NEXT, at(analysis, NEXT, "CREATE")) if isinstance(item, FixAction)]
    assert any("CONCURRENTLY" in apply_edits(text, item.fix.edits) for item in fixes)
    elsewhere = actions(analysis, NEXT, Span(0, 0))
    assert not any(
        "CONCURRENTLY" in apply_edits(text, item.fix.edits) for item in elsewhere if isinstance(item, FixAction)
    )


def test_every_statement_ends_with_its_lock(root):
    text = "ALTER TABLE tasks ADD COLUMN x int;\nCREATE INDEX ix ON tasks (title);\nSELECT 1;\n"
    analysis = analysed(root, **{NEXT: text})
    hints = inlay_hints(analysis, NEXT, Span(0, len(text)))
    assert [(text[: hint.offset].count("\n"), hint.text) for hint in hints] == [
        (0, "ACCESS EXCLUSIVE"),
        (1, "SHARE + rows"),
    ]
    assert len(inlay_hints(analysis, NEXT, Span(0, 40))) == 1


def test_no_file_of_any_sample_breaks_an_offer():
    for folder in sorted(PROJECTS.iterdir()):
        analysis = analyse(Workspace(folder).snapshot())
        for path, file in analysis.snapshot.files.items():
            lenses(analysis, path)
            inlay_hints(analysis, path, Span(0, len(file.text)))
            for offset in range(0, len(file.text) + 1, 97):
                for action in actions(analysis, path, Span(offset, offset)):
                    if isinstance(action, Offer) and action.kind == "declare":
                        assert declared(analysis, path, action.line, action.option) is not None
