"""Point 1: what the spec asks for, with line, grade and the words it rests on."""

import json
import subprocess
import sys
from pathlib import Path

COMPARE = Path(__file__).parent.parent / "compare" / "compare.py"
EXPECTED = Path(__file__).parent.parent / "projects" / "tasks" / "expected" / "changes.json"


def found(changes, **wanted):
    return [change for change in changes if all(change.get(key) == value for key, value in wanted.items())]


def test_priority_comes_with_values_default_and_check(tasks):
    changes = tasks.run("requests", "--format", "json").json["changes"]
    (priority,) = found(changes, change="add_column", name="priority")
    assert priority["table"] == "tasks"
    assert priority["type"] == "character varying(20)"
    assert priority["nullable"] is False
    assert priority["default"] == "'medium'"
    assert priority["enum_values"] == ["high", "medium", "low"]
    assert priority["line"] == 12
    assert priority["grade"] == "implied"
    assert priority["explicit"] is False
    assert priority["evidence"] == "Tasks must have priority levels: high, medium, low"
    assert priority["document"] == "specs/features/task-organization.md"
    (check,) = found(changes, change="add_constraint", constraint="check")
    assert check["expression"] == "priority IN ('high', 'medium', 'low')"


def test_tags_are_an_array_with_two_tables_as_the_alternative(tasks):
    changes = tasks.run("requests", "--format", "json").json["changes"]
    (tags,) = found(changes, change="add_column", name="tags")
    assert (tags["type"], tags["default"], tags["line"]) == ("text[]", "'{}'", 13)
    assert tags["alternative"]["option"] == "column"
    tables = {change["table"] for change in found(changes, change="add_table")}
    assert tables == {"tags", "task_tags"}
    assert all(change["alternative"]["option"] == "tables" for change in found(changes, change="add_table"))


def test_filtering_asks_for_two_indexes(tasks):
    changes = tasks.run("requests", "--format", "json").json["changes"]
    indexes = {
        (tuple(item["columns"]), item.get("using", "btree")) for item in found(changes, change="add_index", line=14)
    }
    assert indexes == {(("priority",), "btree"), (("tags",), "gin")}


def test_expected_changes_accept_the_answer(tasks, tmp_path):
    answer = tmp_path / "answer.json"
    answer.write_text(tasks.run("requests", "--format", "json").out)
    report = tmp_path / "report.json"
    subprocess.run(
        [sys.executable, COMPARE, EXPECTED, answer, "--json", report], check=True, capture_output=True, text=True
    )
    assert json.loads(report.read_text())
    printed = subprocess.run([sys.executable, COMPARE, EXPECTED, answer], check=True, capture_output=True, text=True)
    assert "missing" not in printed.stdout
    assert "extra" not in printed.stdout
    assert "wrong" not in printed.stdout


def test_the_lists_for_people_name_line_grade_and_evidence(tasks):
    out = tasks.run("requests").out
    assert "specs/features/task-organization.md:12: tasks.priority varchar(20) NOT NULL DEFAULT 'medium'" in out
    assert 'implied, from "Tasks must have priority levels: high, medium, low"' in out
    assert "or: tables" in out
    assert "tag | string" not in out


def test_tables_for_tags_when_the_settings_say_so(tasks):
    tasks.write("migration-ls.toml", 'tags = "tables"\n')
    changes = tasks.run("requests", "--format", "json").json["changes"]
    chosen = [change for change in changes if change["change"] == "add_table"]
    assert {change["table"] for change in chosen} == {"tags", "task_tags"}


def test_a_feature_of_two_files_is_listed_once(make):
    out = make("clinic").run("requests").out
    assert out.count("a table waiting_list_entry") == 1
