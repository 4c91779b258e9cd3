"""Point 2: generate writes every file, in place and in style; again it changes nothing."""

import re
import subprocess
import sys

from migration_ls.sources.sql.reader import read_sql

STEM = "backend/migrations/002_task_organization"
DOCUMENT = "specs/features/task-organization/migration.md"
SECTIONS = [
    "### Overview",
    "### Schema Changes",
    "#### New Columns",
    "#### New Indexes",
    "### Migration Scripts",
    "#### Forward Migration",
    "#### Rollback Migration",
    "#### Validation Queries",
    "### SQLModel Updates",
    "#### Schema Documentation Update",
    "### Migration Procedure",
    "#### Development",
    "#### Production",
    "### Risk Assessment",
    "### Safety Checklist",
    "### Testing Checklist",
    "### Dependencies",
    "### Estimated Impact",
]


def test_every_file_is_written_and_nothing_else(tasks):
    before = tasks.files()
    assert tasks.run("generate").status == 0
    after = tasks.files()
    assert set(after) - set(before) == {f"{STEM}.sql", f"{STEM}_rollback.sql", f"{STEM}_validate.sql", DOCUMENT}
    changed = {path for path in before if before[path] != after[path]}
    assert changed == {"backend/app/models.py", "specs/database/schema.md"}


def test_running_it_again_changes_nothing(tasks):
    tasks.run("generate")
    once = tasks.files()
    again = tasks.run("generate")
    assert again.status == 0
    assert "nothing to do" in again.out
    assert tasks.files() == once


def test_two_runs_in_two_processes_write_the_same_bytes(make, tmp_path):
    first = make()
    first.run("generate")
    one = first.files()
    subprocess.run(["git", "checkout", "-q", "--", "."], cwd=first.root, check=True)
    subprocess.run(["git", "clean", "-fdq"], cwd=first.root, check=True)
    first.run("generate")
    assert first.files() == one


def test_dry_run_shows_a_diff_and_writes_nothing(tasks, tmp_path):
    before = tasks.files()
    shown = tasks.run("generate", "--dry-run")
    assert shown.status == 0
    assert tasks.files() == before
    patch = tmp_path / "all.patch"
    patch.write_text(shown.out)
    subprocess.run(["git", "apply", patch], cwd=tasks.root, check=True)
    patched = tasks.files()
    subprocess.run(["git", "checkout", "-q", "--", "."], cwd=tasks.root, check=True)
    subprocess.run(["git", "clean", "-fdq"], cwd=tasks.root, check=True)
    tasks.run("generate")
    assert patched == tasks.files()


def test_the_document_has_every_section_filled(tasks):
    tasks.run("generate")
    text = tasks.read(DOCUMENT)
    places = [text.index(section) for section in SECTIONS]
    assert places == sorted(places)
    assert "{" not in re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
    for section, rest in zip(SECTIONS, re.split("|".join(map(re.escape, SECTIONS)), text)[1:], strict=True):
        empty = section in {"### Schema Changes", "### Migration Scripts", "### Migration Procedure"}
        assert empty or len(rest.strip(" -\n")) > 20, section
    assert f'psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f {STEM}.sql' in text
    assert "assumed" in text.lower() or "Assumptions" in text


def test_boxes_are_open_and_name_a_command(tasks):
    tasks.run("generate")
    boxes = [line for line in tasks.read(DOCUMENT).splitlines() if line.startswith("- [")]
    assert len(boxes) >= 12
    assert all(line.startswith("- [ ] ") and " · open: `" in line for line in boxes)


def test_edits_keep_every_other_byte(tasks):
    old = tasks.read("backend/app/models.py").splitlines()
    old_document = tasks.read("specs/database/schema.md").splitlines()
    tasks.run("generate")
    new = tasks.read("backend/app/models.py").splitlines()
    new_document = tasks.read("specs/database/schema.md").splitlines()
    assert [line for line in old if line not in new] == ["from typing import Optional"]
    assert [line for line in old_document if line not in new_document] == []
    assert "- priority: string (not null, max 20, default 'medium', one of high, medium, low)" in new_document


def test_generated_files_parse_and_are_free_of_danger(tasks):
    tasks.run("generate")
    for suffix in ("", "_rollback", "_validate"):
        assert not read_sql(tasks.read(f"{STEM}{suffix}.sql")).problems
    checked = tasks.run("check", "--format", "json")
    assert checked.status == 0
    assert [item for item in checked.json["findings"] if item["severity"] in {"error", "warning"}] == []


def test_a_wish_that_changes_is_written_anew_under_its_number(tasks):
    tasks.run("generate")
    tasks.replace(
        "specs/features/task-organization.md", "- Filter tasks by priority and tags", "- Filter tasks by priority"
    )
    subprocess.run(
        ["git", "checkout", "-q", "--", "backend/app/models.py", "specs/database/schema.md"], cwd=tasks.root, check=True
    )
    tasks.run("generate", "specs/features/task-organization.md")
    forward = tasks.read(f"{STEM}.sql")
    assert "ix_tasks_priority" in forward
    assert "gin" not in forward
    assert not list((tasks.root / "backend/migrations").glob("003*"))


def test_nothing_of_the_product_is_imported_for_the_version():
    code = (
        "import sys; from migration_ls.cli.main import cli\n"
        "try: cli(['--version'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pygls', 'lsprotocol', 'postgast', 'sqlglot', 'libcst', 'pydantic', 'markdown_it', 'psycopg', 'rich'}\n"
        "sys.exit(','.join(sorted(heavy & set(sys.modules))) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_new_table_is_documented_where_its_namespace_is(make):
    project = make("logistics")
    project.run("generate")
    documents = [
        path for path, text in project.files().items() if b"temperature_logs" in text and "specs/database/" in path
    ]
    assert documents == ["specs/database/fleet.md"]
