"""Analysing after an edit gives what analysing from nothing gives, and leaves alone what the edit does not touch."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from migration_ls.schema.alike import alike
from migration_ls.workspace import runs, sql_files
from migration_ls.workspace.analysis import Analysis, analyse
from migration_ls.workspace.memory import KeptByPath
from migration_ls.workspace.workspace import Workspace

_MODELS = """\
from sqlmodel import Field, SQLModel


class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
    status: str
"""
_FIRST = "CREATE TABLE tasks (id serial PRIMARY KEY, title varchar(200) NOT NULL, status text);\n"
_SECOND = (
    "BEGIN;\nALTER TABLE tasks ADD COLUMN note text;\nCOMMIT;\n"
    "-- migration-ls: ignore[index-not-concurrent] small\nCREATE INDEX idx_note ON tasks (note);\n"
    "ALTER TABLE users ADD COLUMN mail text;\n"
)
_THIRD = "ALTER TABLE tasks ALTER COLUMN note SET NOT NULL;\nDROP TABLE gone;\n"
_SPEC = "# Priorities\n\n- FR-001: Tasks must have priority levels: high, medium, low.\n"
_SCHEMA = """\
# Schema

## tasks

| Column | Type | Constraints |
|---|---|---|
| id | SERIAL | PRIMARY KEY |
| title | VARCHAR(200) | NOT NULL |
| status | TEXT | |

## users

| Column | Type | Constraints |
|---|---|---|
| id | SERIAL | PRIMARY KEY |
"""
_FILES = {
    "backend/app/models.py": _MODELS,
    "backend/migrations/001_first.sql": _FIRST,
    "backend/migrations/002_second.sql": _SECOND,
    "backend/migrations/002_second_rollback.sql": "DROP INDEX idx_note;\nALTER TABLE tasks DROP COLUMN note;\n",
    "backend/migrations/003_third.sql": _THIRD,
    "specs/database/schema.md": _SCHEMA,
    "specs/features/priorities.md": _SPEC,
}
_TYPED = {
    ".sql": ("-- typed\n", "CREATE INDEX idx_title ON tasks (title);\n", "x", ";", "'", "COMMIT;\n"),
    ".py": ("    due: int\n", "x", "\n", "    note: str | None = None\n"),
    ".md": ("| extra | TEXT | |\n", "x", "\n\nTasks have a due date.\n"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, text in _FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def _from_nothing(root: Path, opened: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Analysis:
    with monkeypatch.context() as patch:
        patch.setattr(sql_files, "_READ", KeptByPath(3))
        patch.setattr(runs, "_RUNS", KeptByPath(3))
        fresh = Workspace(root)
        for path, text in opened.items():
            fresh.open(path, text, 1)
        return analyse(fresh.snapshot())


@pytest.mark.parametrize("seed", range(6))
def test_any_edit_gives_what_a_fresh_analysis_gives(root: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    workspace = Workspace(root)
    analyse(workspace.snapshot())
    opened: dict[str, str] = {}
    for version in range(8):
        path = chance.choice(list(_FILES))
        text = opened.get(path, _FILES[path])
        place = chance.choice([index + 1 for index, char in enumerate(text) if char == "\n"])
        opened[path] = text[:place] + chance.choice(_TYPED[path[path.rfind(".") :]]) + text[place:]
        workspace.open(path, opened[path], version)
        if version == 5:
            workspace.close(path)
            opened.pop(path)
        known = analyse(workspace.snapshot())
        fresh = _from_nothing(root, opened, monkeypatch)
        assert dict(known.findings) == dict(fresh.findings)
        assert all(alike(known.findings[name], found) for name, found in fresh.findings.items())
        assert alike(known.knowledge.current, fresh.knowledge.current)
        assert alike(known.knowledge.wanted, fresh.knowledge.wanted)
        assert alike(known.knowledge.asked, fresh.knowledge.asked)
        assert known.scripts.keys() == fresh.scripts.keys()
        for name, script in fresh.scripts.items():
            mine = known.scripts[name]
            assert alike(replace(mine, statements=(), base=script.base), replace(script, statements=()))
            pairs = list(zip(mine.statements, script.statements, strict=True))
            # the states of statements that were kept, and what stands before them, need not know what these do not
            # speak of
            assert all(alike(one.statement, other.statement) for one, other in pairs)
            assert all(alike(one.effect, other.effect) for one, other in pairs)


def test_a_comment_in_one_migration_leaves_everything_else_as_it_is(root: Path) -> None:
    workspace = Workspace(root)
    old = analyse(workspace.snapshot())
    path = "backend/migrations/002_second.sql"
    workspace.open(path, "-- typed\n" + _SECOND, 1)
    new = analyse(workspace.snapshot())
    assert new.snapshot is not old.snapshot
    assert new.findings[path] != old.findings[path]
    assert new.knowledge.current is old.knowledge.current
    assert new.knowledge.asked is old.knowledge.asked
    assert new.wanted is old.wanted
    for name in set(old.findings) - {path}:
        assert new.findings[name] is old.findings[name]
    assert new.scripts["backend/migrations/003_third.sql"] is old.scripts["backend/migrations/003_third.sql"]


def test_an_edit_of_the_models_replays_no_file(root: Path) -> None:
    workspace = Workspace(root)
    old = analyse(workspace.snapshot())
    workspace.open("backend/app/models.py", _MODELS + "    due: int\n", 1)
    new = analyse(workspace.snapshot())
    assert new.history.forward == old.history.forward
    assert all(new.scripts[path] is script for path, script in old.scripts.items())
    assert len(new.knowledge.asked) == len(old.knowledge.asked) + 1


def test_a_snapshot_after_typing_shares_the_files_that_nobody_touched(root: Path) -> None:
    workspace = Workspace(root)
    old = workspace.snapshot()
    workspace.open("backend/app/models.py", _MODELS + "\n", 1)
    new = workspace.snapshot()
    changed = {path for path in new.files if new.files[path] is not old.files.get(path)}
    assert changed == {"backend/app/models.py"}
    assert new.settings is old.settings
    workspace.open("migration-ls.toml", 'external-tables = ["users"]\n', 1)
    assert workspace.snapshot().settings.external_tables == ("users",)
    workspace.open("notes/new.sql", "SELECT 1;", 1)
    assert "notes/new.sql" in workspace.snapshot().files
    workspace.close("notes/new.sql")
    assert "notes/new.sql" not in workspace.snapshot().files
