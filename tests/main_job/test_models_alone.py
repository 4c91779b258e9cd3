"""Point 4: edits of models.py alone give findings under the right characters, and the same files."""

import pytest

MODELS = "backend/app/models.py"
COMPLETED = "    completed: bool = Field(default=False)\n"


def findings(project, path=MODELS):
    """Findings with the characters that they stand under."""
    text = project.read(path)
    lines = text.splitlines()
    result = []
    for item in project.run("check", path, "--format", "json").json["findings"]:
        start, end = item["range"]["start"], item["range"]["end"]
        assert start["line"] == end["line"]
        result.append((item["rule"], item["severity"], lines[start["line"]][start["character"] : end["character"]]))
    return result


def generated(project):
    done = project.run("generate")
    assert done.status == 0, done.err
    folder = project.root / "backend/migrations"
    return {path.name: path.read_text() for path in folder.glob("00[2-9]*")}


@pytest.fixture
def project(make):
    return make(spec=False)


def test_nothing_is_found_before_an_edit(project):
    assert findings(project) == []
    assert "nothing to do" in project.run("generate").out


def test_an_optional_field_is_safe_and_gets_its_files(project):
    project.replace(MODELS, COMPLETED, COMPLETED + "    note: Optional[str] = Field(default=None, max_length=80)\n")
    assert [item for item in findings(project) if item[1] in {"error", "warning"}] == []
    files = generated(project)
    assert set(files) == {
        "002_add_note_to_tasks.sql",
        "002_add_note_to_tasks_rollback.sql",
        "002_add_note_to_tasks_validate.sql",
    }
    assert "ADD COLUMN IF NOT EXISTS note varchar(80);" in files["002_add_note_to_tasks.sql"]
    assert "- note: string (nullable, max 80)" in project.read("specs/database/schema.md")
    assert project.run("verify").status == 0


def test_a_python_default_alone_is_a_finding_and_becomes_a_server_default(project):
    field = 'priority: str = Field(default="medium", max_length=20)'
    project.replace(MODELS, COMPLETED, f"{COMPLETED}    {field}\n")
    assert ("client-only-default", "warning", field) in findings(project)
    files = generated(project)
    assert (
        "ADD COLUMN IF NOT EXISTS priority varchar(20) NOT NULL DEFAULT 'medium';"
        in files["002_add_priority_to_tasks.sql"]
    )
    assert 'sa_column_kwargs={"server_default": "medium"}' in project.read(MODELS)
    assert [item for item in findings(project) if item[1] in {"error", "warning"}] == []
    assert project.run("verify").status == 0
    assert "nothing to do" in project.run("generate").out


def test_the_default_of_a_column_that_exists_is_no_finding(project):
    assert "default=False" in project.read(MODELS)
    assert findings(project) == []


def test_a_shorter_length_is_found_under_the_number(project):
    project.replace(
        MODELS,
        "title: str = Field(max_length=200)\n    description",
        "title: str = Field(max_length=100)\n    description",
    )
    found = findings(project)
    assert ("type-change-may-fail", "warning", "100") in found
    files = generated(project)
    forward = files["002_change_type_of_title_in_tasks.sql"]
    assert "ADD COLUMN IF NOT EXISTS title_new varchar(100)" in forward
    assert "NEW.title_new := CASE WHEN char_length(NEW.title) <= 100 THEN NEW.title END" in forward
    assert "RENAME COLUMN title_new TO title" in files["004_change_type_of_title_in_tasks_switch.sql"]
    assert "DROP COLUMN" in files["005_change_type_of_title_in_tasks_contract.sql"]
    assert "TYPE varchar(100)" not in forward
    assert "- title: string (not null, max 100)" in project.read("specs/database/schema.md")


def test_a_removed_field_is_found_at_the_class_and_dropped_in_a_contract_step(project):
    project.replace(
        MODELS, "    description: Optional[str] = Field(default=None, max_length=1000)\n    completed", "    completed"
    )
    assert ("drop-column", "error", "Task") in findings(project)
    files = generated(project)
    contract = files["002_drop_description_of_tasks_contract.sql"]
    assert "DROP COLUMN IF EXISTS description" in contract
    assert "migration-ls: ignore[drop-column]" in contract
    assert "description" not in project.read("specs/database/schema.md")


def test_a_removed_mandatory_field_is_made_optional_before_the_new_release(project):
    project.replace(MODELS, "    title: str = Field(max_length=200)\n    description", "    description")
    files = generated(project)
    assert "ALTER COLUMN title DROP NOT NULL" in files["002_drop_title_of_tasks.sql"]
    assert "DROP COLUMN" in files["003_drop_title_of_tasks_contract.sql"]


def test_a_mandatory_field_without_any_default_is_explained(project):
    project.replace(MODELS, COMPLETED, COMPLETED + "    owner: str\n")
    assert ("required-column", "warning", "owner: str") in findings(project)
    done = project.run("generate")
    assert done.status == 2
    assert "`tasks.owner` is NOT NULL and has no default" in done.err
    assert "Instead: give it a server default, or make it optional" in done.err
    assert project.files() == project.files()


def test_a_volatile_default_is_backfilled(project):
    project.replace(MODELS, "from datetime import datetime\n", "import uuid\nfrom datetime import datetime\n")
    project.replace(MODELS, COMPLETED, COMPLETED + "    token: uuid.UUID = Field(default_factory=uuid.uuid4)\n")
    files = generated(project)
    assert {name for name in files if "backfill" in name or "finish" in name} >= {
        "002_add_token_to_tasks_backfill.sql",
        "003_add_token_to_tasks_finish.sql",
    }
    assert "NOT NULL" not in files["002_add_token_to_tasks.sql"].replace("IS NOT NULL", "")
    done = project.run(
        "verify", *[f"backend/migrations/{name}" for name in files if name.endswith(("tasks.sql", "finish.sql"))]
    )
    assert done.status == 0, done.out
    assert [
        item
        for item in project.run("check", "--format", "json").json["findings"]
        if item["severity"] in {"error", "warning"}
    ] == []
