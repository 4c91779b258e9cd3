"""Point 9: bad input gets a clear message and loses nothing."""

import subprocess
import sys

import pytest

SPEC = "specs/features/task-organization.md"
MODELS = "backend/app/models.py"
SLOW = "backend/migrations/002_x.sql"


def only(project, rule, *words):
    done = project.run("check", "--format", "json", *words)
    found = [item for item in done.json["findings"] if item["rule"] == rule]
    assert len(found) == 1, [item["rule"] for item in done.json["findings"]]
    return done.status, found[0]


def test_no_project(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "migration_ls", "check"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert f"no project found at or above {tmp_path}" in done.stderr
    assert "--project DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_models_file_with_a_syntax_error(tasks):
    tasks.write(MODELS, tasks.read(MODELS) + "\n\nclass Broken(SQLModel, table=True:\n    id: int\n")
    before = tasks.files()
    status, finding = only(tasks, "models-syntax-error")
    assert status == 1
    assert finding["severity"] == "error"
    line = tasks.read(MODELS).splitlines()[finding["range"]["start"]["line"]]
    assert line == "class Broken(SQLModel, table=True:"
    rules = {item["rule"] for item in tasks.run("check", "--format", "json").json["findings"]}
    assert "drop-column" not in rules
    done = tasks.run("generate")
    assert "backend/app/models.py" in done.err
    assert "Traceback" not in done.err
    assert tasks.files()[MODELS] == before[MODELS]


def test_half_typed_fields_ask_for_nothing(tasks):
    tasks.replace(MODELS, "    completed: bool = Field(default=False)", "    completed: bool = Field(default=")
    rules = [
        item["rule"] for item in tasks.run("check", "--format", "json").json["findings"] if item["severity"] == "error"
    ]
    assert rules == ["models-syntax-error"]


def test_markdown_with_a_broken_table(tasks):
    tasks.write(SPEC, tasks.read(SPEC) + "\n| Column | Type |\n|---|---|\n| a | b | c | d |\n")
    status, finding = only(tasks, "markdown-broken-table", SPEC)
    assert status == 0
    assert "4 cells and the header 2" in finding["message"]
    assert finding["range"]["start"]["line"] == len(tasks.read(SPEC).splitlines()) - 1
    assert {item["line"] for item in tasks.run("requests", "--format", "json").json["changes"]} == {12, 13, 14}


def test_sql_that_does_not_parse(tasks):
    tasks.write(SLOW, "ALTER TABLE tasks ADD COLUMN a int;\nALTER TABL tasks;\nCREATE INDEX i ON tasks (a);\n")
    status, finding = only(tasks, "sql-syntax-error")
    assert status == 1
    assert finding["range"]["start"] == {"line": 1, "character": 6}
    rules = {item["rule"] for item in tasks.run("check", SLOW, "--format", "json").json["findings"]}
    assert "index-not-concurrent" in rules


def test_a_file_that_is_not_utf8(tasks):
    tasks.write(SLOW, b"SELECT 'caf\xe9';\n")
    status, finding = only(tasks, "unreadable-file")
    assert status == 1
    assert "0xe9 in line 1" in finding["message"]
    tasks.run("generate")
    assert tasks.files()[SLOW] == b"SELECT 'caf\xe9';\n"
    assert (tasks.root / "backend/migrations/003_task_organization.sql").exists()


def test_two_files_of_the_same_number(tasks):
    tasks.write("backend/migrations/001_other.sql", "SELECT 1;\n")
    status, finding = only(tasks, "duplicate-version")
    assert status == 1
    assert "`001_other.sql`" in finding["message"]
    assert "`001_create_tasks.sql`" in finding["message"]


def test_a_generated_file_edited_by_hand_is_never_touched(tasks):
    tasks.run("generate")
    path = "backend/migrations/002_task_organization.sql"
    mine = tasks.read(path) + "-- mine\n"
    tasks.write(path, mine)
    assert only(tasks, "generated-file-edited")[1]["severity"] == "information"
    tasks.replace(SPEC, "- Filter tasks by priority and tags", "- Filter tasks by priority, tags and title")
    assert tasks.run("generate").status == 0
    assert tasks.read(path) == mine
    rest = tasks.read("backend/migrations/003_task_organization.sql")
    assert "title" in rest
    assert "priority" not in rest


def test_generate_refuses_a_file_that_changed_meanwhile(tasks):
    from migration_ls.cli.write import WriteError, write_all
    from migration_ls.text.edits import insert
    from migration_ls.workspace.changes import ChangedFile, NewFile

    before = tasks.files()
    stale = ChangedFile(path=MODELS, old_text="not this", edits=(insert(0, "x"),), purpose="models")
    new = NewFile(path="backend/migrations/009_x.sql", text="SELECT 1;", purpose="forward")
    with pytest.raises(WriteError, match="changed since it was read"):
        write_all(tasks.root, (new,), (stale,))
    outside = NewFile(path="../outside.sql", text="SELECT 1;", purpose="forward")
    with pytest.raises(WriteError, match="outside the project"):
        write_all(tasks.root, (outside,), ())
    assert tasks.files() == before


def test_settings_that_cannot_be_used(tasks):
    tasks.write("migration-ls.toml", "postgres = 9\n")
    done = tasks.run("check")
    assert done.status == 2
    assert "setting `postgres` in migration-ls.toml" in done.err
    tasks.write("migration-ls.toml", "postgres = \n")
    assert "not valid TOML" in tasks.run("check").err


@pytest.mark.parametrize("text", ["", "\0", "\ufeff", "\r\r\r", "a" * 100_000, "| | |\n|-|", "```sql\nCREATE TABLE ("])
def test_odd_texts_end_no_command(tasks, text):
    for path in (SPEC, MODELS, "specs/database/schema.md", SLOW):
        tasks.write(path, text)
    for command in (["check"], ["requests"], ["generate", "--dry-run"]):
        done = tasks.run(*command)
        assert done.status in {0, 1, 2}
        assert "Traceback" not in done.err


def test_user_code_is_never_imported(tasks):
    mark = tasks.root / "imported"
    tasks.write(MODELS, f"open({str(mark)!r}, 'w').close()\n" + tasks.read(MODELS))
    for command in (["check"], ["generate"], ["verify", "--latest"]):
        tasks.run(*command)
    assert not mark.exists()
