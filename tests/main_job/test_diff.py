"""Current against wanted: every difference with all who ask for it, and nothing when there is none."""

from tests.main_job.conftest import SPEC


def changes(project):
    return project.run("diff", "--format", "json").json["changes"]


def test_every_difference_names_who_asks_for_it(tasks):
    found = {(item["change"], item["name"]): item for item in changes(tasks)}
    assert set(found) == {
        ("add_column", "priority"),
        ("add_column", "tags"),
        ("add_constraint", "chk_tasks_priority"),
        ("add_index", "ix_tasks_priority"),
        ("add_index", "ix_tasks_tags"),
    }
    priority = found["add_column", "priority"]
    assert priority["table"] == "tasks"
    assert priority["sql"] == "ALTER TABLE tasks ADD COLUMN priority varchar(20) NOT NULL DEFAULT 'medium'"
    (asked,) = priority["requests"]
    assert asked == {
        "document": SPEC,
        "line": 12,
        "grade": "implied",
        "evidence": "Tasks must have priority levels: high, medium, low",
    }


def test_all_who_ask_for_one_thing_are_named(tasks):
    line = '    title: str = Field(max_length=200)\n    priority: str = Field(default="medium", max_length=20)'
    tasks.replace("backend/app/models.py", "    title: str = Field(max_length=200)", line)
    (priority,) = (item for item in changes(tasks) if item["name"] == "priority")
    assert [(item["document"], item["grade"]) for item in priority["requests"]] == [
        ("backend/app/models.py", "declared"),
        (SPEC, "implied"),
    ]
    out = tasks.run("diff").out
    assert "+ ALTER TABLE tasks ADD COLUMN priority" in out
    assert f'    {SPEC}:12 (implied): "Tasks must have priority levels: high, medium, low"' in out


def test_what_a_pending_migration_does_is_planned(tasks):
    tasks.run("generate")
    answer = tasks.run("diff", "--format", "json").json
    assert answer["changes"] == []
    assert answer["base"] == "migrations"
    assert len(answer["pending"]) >= 1
    assert {item["document"] for item in answer["planned"]} >= {SPEC}
    out = tasks.run("diff").out
    assert "planned: tasks.priority varchar(20) NOT NULL DEFAULT 'medium'" in out
    assert "no difference: the current schema has everything that is asked for" in out


def test_a_rename_is_one_difference(make):
    found = changes(make("logistics"))
    renames = [item for item in found if item["change"] == "rename_column"]
    assert [(item["schema"], item["table"], item["name"]) for item in renames] == [
        ("warehouse", "zones", "temperature"),
    ]
    assert renames[0]["requests"][0]["grade"] == "declared"
    assert not any(item["name"] == "climate" for item in found if item["change"] == "add_column")


def test_requests_that_disagree_are_both_named(tasks):
    tasks.write(
        "specs/features/other.md",
        "# Other\n\n## Database\n\n```sql\nALTER TABLE tasks ADD COLUMN level varchar(5);\n```\n",
    )
    tasks.write(
        "specs/features/second.md",
        "# Second\n\n## Database\n\n```sql\nALTER TABLE tasks ADD COLUMN level integer;\n```\n",
    )
    (conflict,) = tasks.run("diff", "--format", "json").json["conflicts"]
    assert conflict["what"] == "tasks.level"
    assert {item["document"] for item in conflict["requests"]} == {
        "specs/features/other.md",
        "specs/features/second.md",
    }
    assert "disagreement: tasks.level" in tasks.run("diff").out


def test_nothing_asked_for_is_no_difference(make):
    project = make(spec=False)
    assert changes(project) == []
    assert project.run("diff").out == "no difference: the current schema has everything that is asked for\n"
