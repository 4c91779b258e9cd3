"""What lags: models that say something else than the database since long, labels that nothing takes back."""

import subprocess

import pytest

from tests.main_job.conftest import Project

SPEC = "specs/features/remarks.md"
MODELS = "backend/app/models.py"


@pytest.fixture
def loans(tmp_path):
    project = Project(tmp_path)
    project.write(
        MODELS,
        "from sqlmodel import Field, SQLModel\n\n\n"
        "class Loan(SQLModel, table=True):\n"
        '    __tablename__ = "loans"\n\n'
        "    id: int | None = Field(default=None, primary_key=True)\n"
        "    note: str | None = None\n",
    )
    project.write(
        "backend/migrations/001_initial.sql",
        "CREATE TABLE loans (id serial PRIMARY KEY, note text, scanned_at timestamptz);\n",
    )
    project.write(SPEC, "# Remarks\n\nRename `loans.note` to `remark`.\n\nLoans are open, returned or lost.\n")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "-q", "-b", "main"], cwd=tmp_path, check=True)
    subprocess.run([*git, "add", "-A"], cwd=tmp_path, check=True)
    subprocess.run([*git, "commit", "-qm", "x"], cwd=tmp_path, check=True)
    return project


def test_a_column_is_renamed_whose_type_the_models_say_otherwise(loans):
    done = loans.run("generate", SPEC)
    assert done.status == 0, done.err
    assert "    remark: str | None = None\n" in loans.read(MODELS)
    assert "note" not in loans.read(MODELS)


def test_what_the_models_never_had_is_not_asked_to_go(loans):
    done = loans.run("diff")
    assert "scanned_at" not in done.out
    loans.run("generate")
    assert not any(b"DROP COLUMN IF EXISTS scanned_at" in text for text in loans.files().values())


def test_a_field_that_is_taken_out_is_asked_to_go(loans):
    loans.replace(MODELS, "    note: str | None = None\n", "")
    loans.write(SPEC, "# Remarks\n\nNothing is asked for.\n")
    assert "- ALTER TABLE loans DROP COLUMN note" in loans.run("diff").out


def test_a_rename_that_is_asked_for_is_told_where_it_is_asked_for(loans):
    found = loans.run("check", "--format", "json").json["findings"]
    renames = [(item["path"], item["range"]["start"]["line"]) for item in found if item["rule"] == "rename-column"]
    assert renames == [(SPEC, 2)]


def test_what_stands_on_an_implied_column_does_not_fail(loans):
    loans.write(
        SPEC, "# Status\n\nEvery loan has a status: open, returned or lost.\n\nAdd an index on loans (status).\n"
    )
    rules = {item["rule"] for item in loans.run("check", "--format", "json").json["findings"]}
    assert "implied-change" in rules
    assert "statement-fails" not in rules


def test_what_cannot_be_edited_is_said_with_its_file(loans):
    loans.replace(MODELS, "    note: str | None = None\n", "    note: str | None = text_column()\n")
    done = loans.run("generate", SPEC)
    assert "not done: : " not in done.err


def test_a_new_label_is_proven_though_nothing_takes_it_back(loans):
    migration = "CREATE TYPE mood AS ENUM ('calm');\nCREATE TABLE moods (id serial PRIMARY KEY, mood mood);\n"
    loans.write("backend/migrations/002_moods.sql", migration)
    loans.write("backend/migrations/003_label.sql", "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad';\n")
    loans.write("backend/migrations/003_label_rollback.sql", "-- nothing takes a label away\nSELECT 1;\n")
    done = loans.run("verify", "backend/migrations/003_label.sql")
    assert done.status == 0, done.out
    assert "the label `glad` of `mood` stays, since PostgreSQL cannot take it away" in done.out


def test_a_rollback_that_leaves_more_than_a_label_is_not_proven(loans):
    migration = "CREATE TYPE mood AS ENUM ('calm');\nCREATE TABLE moods (id serial PRIMARY KEY, mood mood);\n"
    loans.write("backend/migrations/002_moods.sql", migration)
    loans.write(
        "backend/migrations/003_label.sql", "ALTER TYPE mood ADD VALUE 'glad';\nCREATE TYPE more AS ENUM ('a');\n"
    )
    loans.write("backend/migrations/003_label_rollback.sql", "-- nothing takes a label away\nSELECT 1;\n")
    done = loans.run("verify", "backend/migrations/003_label.sql")
    assert done.status == 1
    assert "FAILED  rollback-restores-catalog" in done.out
