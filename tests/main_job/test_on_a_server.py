"""Point 3: the result holds on a real server, driven by psql itself."""

import re
import shutil
import subprocess
import venv
from pathlib import Path

import pytest
from platformdirs import user_cache_path

from migration_ls.verification.catalog import catalog, difference, rows, rows_difference
from migration_ls.verification.fill import fill

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("main_job")]
STEM = "backend/migrations/002_task_organization"
DOCUMENT = "specs/features/task-organization/migration.md"
COMPARE = """
import re
import sys
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlmodel import SQLModel
sys.path.insert(0, sys.argv[1])
import app.models
with create_engine(sys.argv[2]).connect() as connection:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    for item in compare_metadata(context, SQLModel.metadata):
        print(re.sub(" at 0x[0-9a-f]+", "", repr(item)))
"""


def psql_program() -> str:
    return shutil.which("psql") or pytest.skip("psql is not installed")


def psql(database, path: Path) -> subprocess.CompletedProcess:
    parameters = database.parameters
    words = [psql_program(), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(path)]
    words += ["-h", parameters["host"], "-U", parameters["user"], "-d", database.name]
    words += ["-p", str(parameters["port"])] if "port" in parameters else []
    return subprocess.run(words, capture_output=True, text=True, check=False)


def checks(text: str) -> list[str]:
    found = re.findall(r"^DO \$.*?^\$\w*\$;", text, flags=re.DOTALL | re.MULTILINE)
    assert len(found) >= 6
    return found


def passes(database, statement: str) -> str | None:
    import psycopg

    with database.connect() as connection:
        try:
            connection.execute(statement)
        except psycopg.Error as error:
            return str(error)
    return None


@pytest.fixture
def generated(tasks):
    assert tasks.run("generate").status == 0
    return tasks


def test_forward_checks_rollback_and_forward_again(generated, each_database):
    database = each_database
    assert psql(database, generated.root / "backend/migrations/001_create_tasks.sql").returncode == 0
    fill(database, 50)
    start, start_rows = catalog(database), rows(database)
    validate = checks(generated.read(f"{STEM}_validate.sql"))
    before = [passes(database, statement) for statement in validate]
    assert all(before), "a check that passes before the migration proves nothing"

    done = psql(database, generated.root / f"{STEM}.sql")
    assert done.returncode == 0, done.stderr
    assert [passes(database, statement) for statement in validate] == [None] * len(validate)
    assert psql(database, generated.root / f"{STEM}_validate.sql").returncode == 0
    after = catalog(database)

    back = psql(database, generated.root / f"{STEM}_rollback.sql")
    assert back.returncode == 0, back.stderr
    assert difference(start, catalog(database)) == ()
    assert rows_difference(start_rows, rows(database)) == ()

    assert psql(database, generated.root / f"{STEM}.sql").returncode == 0
    assert difference(after, catalog(database)) == ()


def test_a_check_speaks_by_its_own_message(generated, database):
    psql(database, generated.root / "backend/migrations/001_create_tasks.sql")
    done = psql(database, generated.root / f"{STEM}_validate.sql")
    assert done.returncode == 3
    assert "check tasks_priority_column: tasks.priority is missing" in done.stderr


def test_forward_is_run_again_after_a_crash_anywhere(generated, database, server):
    psql(database, generated.root / "backend/migrations/001_create_tasks.sql")
    text = generated.read(f"{STEM}.sql")
    whole = psql(database, generated.root / f"{STEM}.sql")
    assert whole.returncode == 0, whole.stderr
    wanted = catalog(database)
    parts = text.split("\n\n")
    for end in range(1, len(parts)):
        with server.database() as fresh:
            psql(fresh, generated.root / "backend/migrations/001_create_tasks.sql")
            partial = generated.root / "partial.sql"
            partial.write_text("\n\n".join(parts[:end]) + "\n")
            assert psql(fresh, partial).returncode == 0
            again = psql(fresh, generated.root / f"{STEM}.sql")
            assert again.returncode == 0, again.stderr
            assert difference(wanted, catalog(fresh)) == ()


def test_an_invalid_index_is_built_again(generated, database):
    psql(database, generated.root / "backend/migrations/001_create_tasks.sql")
    psql(database, generated.root / f"{STEM}.sql")
    with database.connect() as connection:
        connection.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_tasks_priority'::regclass")
    assert psql(database, generated.root / f"{STEM}_validate.sql").returncode != 0
    assert psql(database, generated.root / f"{STEM}.sql").returncode == 0
    assert psql(database, generated.root / f"{STEM}_validate.sql").returncode == 0


@pytest.fixture(scope="session")
def pinned_python() -> Path:
    """A Python with the SQLModel that the sample pins; made once and kept in the user's cache."""
    folder = user_cache_path("migration-ls") / "tests" / "sqlmodel-0.0.22"
    python = folder / "bin" / "python"
    marker = folder / "ready"
    if not marker.exists():
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        words = [
            python,
            "-m",
            "pip",
            "install",
            "-q",
            "sqlmodel==0.0.22",
            "alembic>=1.14,<2",
            "psycopg[binary]>=3.2,<4",
        ]
        subprocess.run(words, check=True, capture_output=True, timeout=280)
        marker.touch()
    return python


def compared(python: Path, project, database) -> list[str]:
    parameters = database.parameters
    url = f"postgresql+psycopg://{parameters['user']}@/{database.name}?host={parameters['host']}"
    url += f"&port={parameters['port']}" if "port" in parameters else ""
    done = subprocess.run(
        [python, "-c", COMPARE, project.root / "backend", url], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_alembic_finds_no_new_difference(tasks, database, pinned_python):
    psql(database, tasks.root / "backend/migrations/001_create_tasks.sql")
    before = compared(pinned_python, tasks, database)
    tasks.run("generate")
    assert psql(database, tasks.root / f"{STEM}.sql").returncode == 0
    after = compared(pinned_python, tasks, database)
    assert [item for item in after if item not in before] == []


def test_verify_proves_it_and_ticks_the_boxes(generated):
    done = generated.run("verify", "--latest")
    assert done.status == 0, done.out + done.err
    text = generated.read(DOCUMENT)
    ticked = re.findall(r"^- \[x\] (.*?) · shown: (.*?) <!--", text, flags=re.MULTILINE)
    assert len(ticked) >= 9
    assert all("PostgreSQL" in evidence or "migration-ls check" in evidence for _, evidence in ticked)
    still_open = re.findall(r"^- \[ \] .*? · open: `(.*?)`", text, flags=re.MULTILINE)
    assert any("uvicorn" in command for command in still_open)
    assert any("STAGING" in command for command in still_open)
    once = generated.files()
    assert "nothing to do" in generated.run("generate").out
    assert generated.files() == once


def test_verify_refuses_what_does_not_hold(generated):
    generated.replace(f"{STEM}_rollback.sql", "ALTER TABLE tasks DROP COLUMN IF EXISTS tags;", "SELECT 1;")
    done = generated.run("verify", "--latest", "--format", "json")
    assert done.status == 1
    failed = [step["name"] for step in done.json["rounds"][0]["proof"]["steps"] if not step["passed"]]
    assert "rollback-restores-catalog" in failed
    assert "- [x] Rollback procedure tested" not in generated.read(DOCUMENT)
