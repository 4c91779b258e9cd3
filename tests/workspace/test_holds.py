"""A plan is offered only when its scripts, read back, do what it says."""

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from migration_ls.rendering.document.facts import GeneratedFile
from migration_ls.workspace.analysis import analyse
from migration_ls.workspace.generate import generate
from migration_ls.workspace.holds import flaws
from migration_ls.workspace.targets import targets
from migration_ls.workspace.workspace import Workspace

PROJECTS = Path(__file__).parent.parent / "projects"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ROLES = ("forward", "rename", "finish", "switch", "contract", "rollback", "validate", "backfill")


def analysed(tmp_path, name):
    root = tmp_path / name
    shutil.copytree(PROJECTS / name, root)
    shutil.rmtree(root / "expected")
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=root, check=True)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run([*git, "add", "-A"], cwd=root, check=True)
    subprocess.run([*git, "commit", "-qm", "x"], cwd=root, check=True)
    snapshot = Workspace(root).snapshot()
    # the scripts themselves, not what a runner of migrations makes of them
    return analyse(replace(snapshot, settings=snapshot.settings.model_copy(update={"style": "psql"})))


def scripts(generation):
    found = []
    for item in generation.new_files:
        if item.path.endswith(".sql"):
            role, _, purpose = item.purpose.partition(": ")
            assert role in ROLES
            found.append(GeneratedFile(path=item.path, role=role, text=item.text, purpose=purpose))
    return found


@pytest.mark.parametrize("name", sorted(path.name for path in PROJECTS.iterdir()))
def test_plans_of_every_sample_hold(tmp_path, name):
    analysis = analysed(tmp_path, name)
    for target in targets(analysis):
        generation = generate(analysis, target, now=NOW)
        assert not any("does not hold" in item.why for item in generation.refused)
        if generation.plan and not generation.plan.is_empty:
            assert flaws(generation.plan, scripts(generation)) == ()


def test_the_same_input_gives_the_same_files(tmp_path):
    analysis = analysed(tmp_path, "tasks")
    (target,) = targets(analysis)
    assert generate(analysis, target, now=NOW) == generate(analysis, target, now=NOW)


@pytest.mark.parametrize(
    ("role", "old", "new"),
    [
        ("forward", "varchar(20)", "varchar(21)"),
        ("forward", "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_tasks_tags", "SELECT 1; --"),
        ("forward", "'medium', 'low'", "'low'"),
        ("forward", "VALIDATE CONSTRAINT chk_tasks_priority", "VALIDATE CONSTRAINT other"),
        ("rollback", "DROP COLUMN IF EXISTS tags", "DROP COLUMN IF EXISTS title"),
        ("forward", "ALTER TABLE tasks", "ALTER TABL tasks"),
    ],
)
def test_a_script_that_does_something_else_is_noticed(tmp_path, role, old, new):
    analysis = analysed(tmp_path, "tasks")
    generation = generate(analysis, targets(analysis)[0], now=NOW)
    files = scripts(generation)
    assert flaws(generation.plan, files) == ()
    broken = [replace(file, text=file.text.replace(old, new)) if file.role == role else file for file in files]
    assert broken != files
    assert flaws(generation.plan, broken)
