"""Plans in the form of each runner, applied and undone as that runner does."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from migration_ls.planning.planner import plan
from migration_ls.planning.situation import Situation
from migration_ls.rendering.sql.versions import Version, versions
from migration_ls.rendering.styles.files import Style, StyledFile, styled
from migration_ls.rendering.styles.revision import RevisionNames
from migration_ls.schema.names import Name
from migration_ls.schema.request import RenameColumn, RenameTable
from migration_ls.sources.sql.split import split
from migration_ls.verification.catalog import catalog, difference, rows, rows_difference
from migration_ls.verification.database import Database, Server
from migration_ls.verification.fill import fill
from tests.planning.judge import Case, requests_of, run_text, schema_of_sql
from tests.planning.kinds import BASE
from tests.planning.test_models_agree import url_of

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("plans")]
BEFORE = BASE + "CREATE INDEX ix_due ON tasks (due_on); CREATE VIEW seen AS SELECT title FROM tasks;"
AFTER = BASE + (
    "ALTER TABLE tasks ADD token uuid DEFAULT gen_random_uuid() NOT NULL; ALTER TABLE users ADD nick text;"
    "CREATE INDEX ix_due ON tasks (due_on, title); CREATE INDEX ix_title ON tasks (lower(title)) WHERE title <> ':x';"
    "ALTER TABLE tasks ADD CONSTRAINT chk CHECK (amount >= 0 AND note <> '50%');"
    "ALTER TABLE tasks ADD CONSTRAINT uq UNIQUE (id, title); ALTER TABLE tasks ALTER title TYPE varchar(300);"
    "CREATE TABLE tags (id serial PRIMARY KEY, task_id bigint REFERENCES tasks (id));"
    "CREATE VIEW seen AS SELECT title FROM tasks; COMMENT ON COLUMN tasks.title IS 'it''s \"short\"';"
)
HOLD = ("ALTER TABLE tasks ADD CONSTRAINT h CHECK (amount >= 0)", "ALTER TABLE tasks DROP CONSTRAINT h")


def planned(major: int) -> tuple[Version, ...]:
    made = plan(Situation(current=schema_of_sql(BEFORE), wanted=schema_of_sql(AFTER), postgres=major))
    assert not made.unplanned
    return versions(made)


@pytest.fixture
def prepared(server: Server) -> Iterator[Database]:
    with server.database() as database:
        run_text(database, "before", BEFORE + HOLD[0] + ";")
        fill(database, 20)
        run_text(database, "free", HOLD[1] + ";")
        yield database


def one_query(database: Database, text: str) -> None:
    """As a runner that sends the whole text as one query."""
    with database.connect() as connection, connection.cursor() as cursor:
        cursor.execute(text.encode())


def each_statement(database: Database, statements: list[str]) -> None:
    with database.connect() as connection:
        for statement in statements:
            connection.execute(statement.encode())


def dbmate(database: Database, file: StyledFile, way: str) -> None:
    ((_, text),) = file.texts
    up, _, down = text.partition("-- migrate:down transaction:false\n")
    head, _, up = up.partition("\n")
    assert head == "-- migrate:up transaction:false"
    one_query(database, up if way == "up" else down)


def golang(database: Database, file: StyledFile, way: str) -> None:
    one_query(database, dict(file.texts)[f".{way}.sql"])


def flyway(database: Database, file: StyledFile, way: str) -> None:
    texts = dict(file.texts)
    end = ".sql" if way == "up" else ".undo.sql"
    assert texts[f"{end}.conf"] == "executeInTransaction=false\n"
    each_statement(database, [piece.span.of(texts[end]) for piece in split(texts[end])])


def goose(database: Database, file: StyledFile, way: str) -> None:
    ((_, text),) = file.texts
    assert text.startswith("-- +goose NO TRANSACTION\n-- +goose Up\n")
    up, _, down = text.partition("-- +goose Down\n")
    statements: list[str] = []
    gathered: list[str] = []
    block = False
    for line in (up if way == "up" else down).split("\n"):
        if line.startswith("-- +goose StatementBegin"):
            block = True
        elif line.startswith("-- +goose StatementEnd"):
            statements.append("\n".join(gathered))
            gathered, block = [], False
        elif line.startswith("--") and not block:
            continue
        else:
            gathered.append(line)
            if not block and line.rstrip().endswith(";"):
                statements.append("\n".join(gathered))
                gathered = []
    assert not "".join(gathered).strip()
    each_statement(database, statements)


def wrapped(database: Database, file: StyledFile, way: str) -> None:
    """Each file in one transaction, as a runner does that knows nothing else; what is for people as they run it."""
    texts = dict(file.texts)
    if ".by-hand.sql" in texts:
        if way == "up":
            run_text(database, "by hand", texts[".by-hand.sql"])
        return
    one_query(database, f"BEGIN;\n{texts['.sql' if way == 'up' else '_rollback.sql']}\nCOMMIT;")


RUNNERS = {"dbmate": dbmate, "golang-migrate": golang, "flyway": flyway, "goose": goose, "wrapped": wrapped}


@pytest.mark.parametrize("style", RUNNERS)
def test_up_and_down(prepared: Database, server: Server, style: Style) -> None:
    run = RUNNERS[style]
    files = styled(planned(server.major), style)
    start = catalog(prepared)
    with server.database() as target:
        run_text(target, "after", AFTER)
        wanted = catalog(target)
    for _ in range(2):
        for file in files:
            run(prepared, file, "up")
        assert difference(wanted, catalog(prepared)) == ()
        for file in reversed(files):
            run(prepared, file, "down")
        assert difference(start, catalog(prepared)) == ()


def test_one_query_never_mixes_what_must_stand_alone() -> None:
    for style in ("dbmate", "golang-migrate"):
        for file in styled(planned(15), style):  # type: ignore[arg-type]
            text = file.texts[0][1].partition("-- migrate:down")[0]
            if "CONCURRENTLY" in text:
                assert len([piece for piece in split(text) if piece.kind == "sql"]) == 1, text


ENV = """
from alembic import context
from sqlalchemy import create_engine
with create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""


def alembic(root: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "alembic", *words],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": ""},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_alembic_itself_goes_up_and_down(prepared: Database, server: Server, tmp_path: Path) -> None:
    names = RevisionNames(title="organize tasks", down_revision="0001")
    files = styled(planned(server.major), "alembic", names)
    folder = tmp_path / "migrations" / "versions"
    folder.mkdir(parents=True)
    (tmp_path / "migrations" / "env.py").write_text(ENV, encoding="utf-8")
    (tmp_path / "alembic.ini").write_text(
        f"[alembic]\nscript_location = migrations\nsqlalchemy.url = {url_of(prepared)}\n", encoding="utf-8"
    )
    first = 'revision = "0001"\ndown_revision = None\n\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n'
    (folder / "0001_start.py").write_text(first, encoding="utf-8")
    for number, file in enumerate(files):
        ((_, text),) = file.texts
        (folder / f"{number}.py").write_text(text, encoding="utf-8")
    assert re.findall(r"^(\w+)", alembic(tmp_path, "heads"), re.MULTILINE) == [names.revision(len(files) - 1)]
    start = catalog(prepared)
    with server.database() as target:
        run_text(target, "after", AFTER)
        wanted = catalog(target)
    ignored = "alembic_version"
    for _ in range(2):
        alembic(tmp_path, "upgrade", "head")
        assert [item for item in difference(wanted, catalog(prepared)) if ignored not in item] == []
        alembic(tmp_path, "downgrade", "0001")
        assert [item for item in difference(start, catalog(prepared)) if ignored not in item] == []


GRADUAL = BASE + (
    "CREATE INDEX ix_due ON tasks (due_on); CREATE VIEW seen AS SELECT note, payload FROM tasks;"
    "ALTER TABLE tasks ADD CONSTRAINT uq UNIQUE (user_id, id); CREATE TABLE logs (id int PRIMARY KEY, size int NOT NULL);"
)
CHANGED = GRADUAL + (
    "ALTER TABLE logs ALTER size TYPE bigint; ALTER TABLE tasks RENAME user_id TO owner_id;"
    "ALTER TABLE users RENAME TO people;"
)


@pytest.mark.parametrize("style", RUNNERS)
def test_gradual_changes_up_and_down(server: Server, style: Style) -> None:
    run = RUNNERS[style]
    asked_for = [RenameColumn(table=Name("tasks"), column="user_id", to="owner_id")]
    case = Case(before=GRADUAL, after=CHANGED, asked=[*asked_for, RenameTable(table=Name("users"), to="people")])
    made = plan(Situation(current=schema_of_sql(GRADUAL), wanted=schema_of_sql(CHANGED)), requests_of(case))
    assert not made.unplanned
    files = styled(versions(made), style)
    with server.database() as work, server.database() as target:
        run_text(work, "before", GRADUAL)
        fill(work, 20)
        run_text(target, "after", CHANGED)
        start, stored = catalog(work), rows(work)
        for _ in range(2):
            for file in files:
                run(work, file, "up")
            assert difference(catalog(target), catalog(work)) == ()
            for file in reversed(files):
                run(work, file, "down")
            assert difference(start, catalog(work)) == ()
            assert rows_difference(stored, rows(work)) == ()
