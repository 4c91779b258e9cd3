"""Rules that look at the migrations of one deploy together."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from migration_ls.rules.registry import RULES
from migration_ls.workspace.analysis import analyse
from migration_ls.workspace.workspace import Workspace

FIRST = """
CREATE TABLE orders (id bigint PRIMARY KEY, status text, note text);
CREATE TABLE small (id integer PRIMARY KEY);
"""
SETTINGS = "[tables.small]\nrows = 10\n"


def told(
    tmp_path: Path, files: Mapping[str, str], edited: Mapping[str, str] | None = None
) -> list[tuple[str, str, str]]:
    """What is found across files: rule, file and severity; `files` are pending, `edited` replace applied ones."""
    folder = tmp_path / "backend" / "migrations"
    folder.mkdir(parents=True)
    (folder / "001_first.sql").write_text(FIRST, "utf-8")
    (tmp_path / "migration-ls.toml").write_text(SETTINGS, "utf-8")
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *words], cwd=tmp_path, check=True, capture_output=True)
    for name, text in {**files, **(edited or {})}.items():
        (folder / name).write_text("SET lock_timeout = '2s';\n" + text, "utf-8")
    names = {rule.name for rule in RULES if rule.check_deploy is not None}
    found = [item for items in analyse(Workspace(tmp_path).snapshot()).findings.values() for item in items]
    return sorted((item.rule, item.path.rpartition("/")[2], item.severity.name) for item in found if item.rule in names)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {
                "002_a.sql": "ALTER TABLE orders ADD COLUMN a integer;",
                "003_b.sql": "ALTER TABLE orders ADD COLUMN b integer;",
            },
            [("table-locked-again", "003_b.sql", "INFORMATION")],
        ),
        (
            {
                "002_a.sql": "ALTER TABLE small ADD COLUMN a integer; CREATE TABLE made (id integer);",
                "003_b.sql": "ALTER TABLE small ADD COLUMN b integer; ALTER TABLE made ADD COLUMN c integer;",
            },
            [],
        ),
        (
            {
                "002_a.sql": "ALTER TABLE projects ADD COLUMN a integer;",
                "003_b.sql": "CREATE TABLE projects (id integer PRIMARY KEY);",
            },
            [("used-before-creation", "002_a.sql", "ERROR")],
        ),
        (
            {
                "002_a.sql": "CREATE TABLE projects (id integer PRIMARY KEY);",
                "003_b.sql": "ALTER TABLE projects ADD COLUMN a integer;",
            },
            [],
        ),
        (
            {
                "002_a.sql": "CREATE INDEX CONCURRENTLY orders_status ON orders (status);",
                "003_b.sql": "DROP INDEX CONCURRENTLY orders_status;",
            },
            [("index-made-useless", "002_a.sql", "INFORMATION")],
        ),
        (
            {
                "002_a.sql": "CREATE INDEX CONCURRENTLY orders_status ON orders (status);",
                "003_b.sql": "ALTER TABLE orders DROP COLUMN status;",
            },
            [("index-made-useless", "002_a.sql", "INFORMATION")],
        ),
        (
            {
                "002_a.sql": "CREATE INDEX CONCURRENTLY orders_status ON orders (status);",
                "003_b.sql": "ALTER TABLE orders ALTER COLUMN id TYPE numeric;",
            },
            [("index-made-useless", "002_a.sql", "INFORMATION")],
        ),
        (
            {
                "002_a.sql": "CREATE INDEX CONCURRENTLY orders_status ON orders (status);",
                "003_b.sql": "CREATE INDEX CONCURRENTLY orders_note ON orders (note);",
            },
            [],
        ),
        (
            {
                "002_move.sql": "ALTER TABLE small ADD COLUMN other text;",
                "003_move_contract.sql": "ALTER TABLE small DROP COLUMN id;",
            },
            [("contract-with-expand", "003_move_contract.sql", "INFORMATION")],
        ),
        ({"003_move_contract.sql": "ALTER TABLE small DROP COLUMN id;"}, []),
    ],
)
def test_what_only_several_files_show(tmp_path, files, expected):
    assert told(tmp_path, files) == expected


def test_a_file_that_production_ran_and_that_was_edited(tmp_path):
    found = told(tmp_path, {}, {"001_first.sql": FIRST + "CREATE TABLE more (id integer);"})
    assert found == [("applied-migration-edited", "001_first.sql", "INFORMATION")]


def test_one_file_alone_says_nothing(tmp_path):
    assert told(tmp_path, {"002_a.sql": "ALTER TABLE orders ADD COLUMN a integer, ADD COLUMN b integer;"}) == []
