"""Migrations for other runners than psql: which files are written, and that they hold."""

import pytest

FILES = {
    "dbmate": ["002_task_organization.sql", "003_task_organization_2.sql", "004_task_organization_3.sql"],
    "goose": ["002_task_organization.sql"],
    "flyway": ["U002__task_organization.sql", "V002__task_organization.sql"],
    "golang-migrate": [
        "002_task_organization.down.sql",
        "002_task_organization.up.sql",
        "003_task_organization_2.down.sql",
        "003_task_organization_2.up.sql",
        "004_task_organization_3.down.sql",
        "004_task_organization_3.up.sql",
    ],
}
COMMANDS = {"dbmate": "dbmate up", "goose": "goose postgres", "flyway": "flyway migrate", "golang-migrate": "migrate -"}


@pytest.mark.postgres
@pytest.mark.parametrize("style", FILES)
def test_the_files_of_a_runner(tasks, style: str) -> None:
    tasks.write("migration-ls.toml", f'style = "{style}"\n')
    before = tasks.files()
    assert tasks.run("generate").status == 0
    made = [path for path in tasks.files() if path not in before]
    inside = [path.rpartition("/")[2] for path in made if path.startswith("backend/migrations/0")]
    inside += [
        path.rpartition("/")[2] for path in made if path.startswith(("backend/migrations/U", "backend/migrations/V"))
    ]
    assert sorted(name for name in inside if name.endswith(".sql")) == FILES[style]
    assert "backend/migrations/checks/task_organization_validate.sql" in made
    document = tasks.read("specs/features/task-organization/migration.md")
    assert COMMANDS[style] in document
    once = tasks.files()
    assert "nothing to do" in tasks.run("generate").out
    assert tasks.files() == once
    assert tasks.run("check").status == 0
    assert tasks.run("verify", "--latest").status == 0


def test_the_style_of_the_newest_migration_is_kept(tasks) -> None:
    first = tasks.read("backend/migrations/001_create_tasks.sql")
    tasks.write(
        "backend/migrations/001_create_tasks.sql", f"-- migrate:up\n{first}\n-- migrate:down\nDROP TABLE tasks;\n"
    )
    tasks.commit()
    assert tasks.run("generate").status == 0
    text = tasks.read("backend/migrations/002_task_organization.sql")
    assert "-- migrate:up transaction:false" in text
    assert "-- migrate:down transaction:false" in text


def test_an_alembic_revision_follows_the_head(tasks) -> None:
    folder = "backend/alembic/versions"
    tasks.write(f"{folder}/ab12_start.py", 'revision = "ab12"\ndown_revision = None\n')
    tasks.write(f"{folder}/cd34_more.py", 'revision = "cd34"\ndown_revision = "ab12"\n')
    tasks.write("migration-ls.toml", 'style = "alembic"\n')
    tasks.commit()
    before = tasks.files()
    assert tasks.run("generate").status == 0
    (made,) = [path for path in tasks.files() if path.startswith(folder) and path not in before]
    text = tasks.read(made)
    assert 'down_revision = "cd34"' in text
    assert "autocommit_block" in text
    assert text.startswith("# migration-ls: generated")
    compile(text, made, "exec")
    tasks.run("generate")
    assert [path for path in tasks.files() if path.startswith(folder) and path not in before] == [made]


@pytest.mark.postgres
def test_a_runner_that_wraps_files(tasks) -> None:
    tasks.write("migration-ls.toml", "wraps-in-transaction = true\n")
    before = tasks.files()
    assert tasks.run("generate").status == 0
    made = [path for path in tasks.files() if path not in before and path.startswith("backend/migrations/0")]
    for path in made:
        assert "CONCURRENTLY" not in "".join(line for line in tasks.read(path).split("\n") if not line.startswith("--"))
        assert "\nBEGIN;" not in tasks.read(path)
    assert tasks.run("check").status == 0, tasks.run("check").out
    assert "nothing to do" in tasks.run("generate").out
    # the index is built while writers wait: that is said, and it is all that is wrong
    answer = tasks.run("verify", "--latest", "--format", "json").json
    steps = [step for item in answer["rounds"] for step in item["proof"]["steps"]]
    assert {step["name"] for step in steps if not step["passed"]} == {"brief-locks"}
    assert "the runner puts each file in a transaction" in "".join(tasks.read(path) for path in made)


@pytest.mark.postgres
def test_a_project_with_alembic_from_wish_to_proof(make) -> None:
    clinic = make("clinic")
    assert "statement-fails" not in clinic.run("check").out
    assert clinic.run("generate").status == 0
    made = "backend/alembic/versions/0004_waiting_list.py"
    assert 'down_revision = "0003"' in clinic.read(made)
    # the revision is pending, so nothing is left to do, and nothing is dangerous in it
    assert "nothing to do" in clinic.run("generate").out
    found = clinic.run("check", "--format", "json", made).json["findings"]
    assert not [item for item in found if item["severity"] in {"error", "warning"}]
    proof = clinic.run("verify", "--latest", "--format", "json").json
    assert proof["passed"]
    effects = clinic.run("effects", made, "--format", "json").json["statements"]
    assert "CREATE TABLE" in {item["kind"] for item in effects}
    # a second head is a finding, and the next revision merges both
    clinic.write(
        "backend/alembic/versions/side.py", 'revision = "side"\ndown_revision = "0002"\n\n\ndef upgrade():\n    pass\n'
    )
    assert "several-heads" in clinic.run("check").out
    clinic.replace(
        "backend/app/models.py",
        "class Appointment(",
        "class Ward(SQLModel, table=True):\n    id: int | None = Field(default=None, primary_key=True)\n\n\nclass Appointment(",
    )
    assert clinic.run("generate").status == 0
    (merge,) = [
        path for path in clinic.files() if "versions" in path and "side" in clinic.read(path) and "side.py" not in path
    ]
    assert 'down_revision = ("0004", "side")' in clinic.read(merge)


@pytest.mark.postgres
def test_a_revision_that_only_a_run_would_tell_is_not_proven(make) -> None:
    clinic = make("clinic")
    clinic.write(
        "backend/alembic/versions/0004_more.py",
        'from alembic import op\nrevision = "0004"\ndown_revision = "0003"\n\n\ndef upgrade():\n    op.execute(open("x").read())\n',
    )
    ran = clinic.run("verify")
    assert ran.status == 2
    assert "0004_more.py:7" in ran.err
