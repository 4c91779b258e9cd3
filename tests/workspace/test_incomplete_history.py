"""Folders that begin at 002, because something else made the first tables."""

import pytest

from migration_ls.features.actions import actions
from migration_ls.operations.effect import Hazard
from migration_ls.schema.names import Name
from migration_ls.sources.sql.sections import sections_of
from migration_ls.text.edits import apply_edits
from migration_ls.text.span import Span
from migration_ls.verification.catalog import catalog, difference
from migration_ls.verification.script import SqlFile, run_file
from migration_ls.workspace.analysis import analyse
from migration_ls.workspace.baseline import baseline
from migration_ls.workspace.workspace import Workspace

MODELS = """
from sqlmodel import Field, SQLModel


class Team(SQLModel, table=True):
    __tablename__ = "teams"
    id: int | None = Field(default=None, primary_key=True)


class User(SQLModel, table=True):
    __tablename__ = "users"
    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    full_name: str = Field(max_length=80)
    nick: str | None = Field(default=None, index=True)
    team_id: int | None = Field(default=None, foreign_key="teams.id")
"""
CHANGES = {
    "002": "ALTER TABLE users ADD COLUMN nick varchar;\nCREATE INDEX ix_users_nick ON users (nick);\n",
    "003": "ALTER TABLE users RENAME COLUMN name TO full_name;\n",
    "004": "ALTER TABLE users ADD COLUMN team_id integer REFERENCES teams (id);\n",
    "005": "ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);\n",
    "006": "ALTER TABLE users ALTER COLUMN full_name SET NOT NULL;\n",
    "007": "CREATE TABLE posts (id serial PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id));\n",
}


def project(tmp_path, files):
    for path, text in files.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return analyse(Workspace(tmp_path).snapshot())


def test_the_table_is_as_it_was_before_the_folder(tmp_path):
    files = {f"migrations/{number}_change.sql": text for number, text in CHANGES.items()}
    analysis = project(tmp_path, {**files, "app/models.py": MODELS})
    dangers = {item.rule for found in analysis.findings.values() for item in found if item.severity.is_danger}
    assert "statement-fails" not in dangers
    for path in files:
        failing = [item for item in analysis.scripts[path].statements if Hazard.EXISTS in item.effect.fails_always]
        assert not failing, path
    first = analysis.history.before["migrations/002_change.sql"].tables[Name("users")]
    assert [(column.name, column.nullable) for column in first.columns] == [
        ("id", False), ("email", False), ("name", True),
    ]  # fmt: skip
    assert first.assumed
    assert first.uniques == first.foreign_keys == first.indexes == ()
    # and behind the folder it is as the models say: nothing is left to ask for
    assert not analysis.knowledge.asked
    assert Name("teams") in analysis.knowledge.current.tables


def test_the_first_statement_that_fails_is_named(tmp_path):
    files = {f"migrations/{number}_change.sql": text for number, text in CHANGES.items()}
    analysis = project(tmp_path, {**files, "app/models.py": MODELS})
    (finding,) = [item for found in analysis.findings.values() for item in found if item.rule == "incomplete-history"]
    assert finding.path == "migrations/002_change.sql"
    assert finding.span.of(CHANGES["002"]) == "ALTER TABLE users ADD COLUMN nick varchar"
    assert "`app/models.py`" in finding.message


def test_a_table_nobody_knows_is_still_an_error(tmp_path):
    analysis = project(
        tmp_path, {"migrations/002_a.sql": "ALTER TABLE ghosts ADD COLUMN a int;\n", "app/models.py": MODELS}
    )
    rules = {item.rule for item in analysis.findings["migrations/002_a.sql"]}
    assert "statement-fails" in rules
    assert "incomplete-history" not in rules


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE posts (id int PRIMARY KEY, user_id int REFERENCES users (id));",
        "CREATE VIEW names AS SELECT full_name FROM users;",
        "ALTER TABLE users RENAME TO people;\nALTER TABLE people ADD COLUMN a int;",
        "UPDATE users SET nick = 'x' WHERE id = 1;",
    ],
)
def test_tables_are_missed_wherever_they_are_spoken_of(tmp_path, text):
    models = MODELS.replace('"users"', '"people"') if "people" in text else MODELS
    analysis = project(tmp_path, {"migrations/002_a.sql": text + "\n", "app/models.py": models})
    assert "statement-fails" not in {item.rule for item in analysis.findings.get("migrations/002_a.sql", ())}
    assert analysis.history.gap is not None


def test_an_enum_is_as_it_was_before_its_labels_were_added(tmp_path):
    doc = "# Schema\n\n```sql\nCREATE TYPE mood AS ENUM ('sad', 'ok', 'glad');\nCREATE TABLE users (id int PRIMARY KEY, mood mood);\n```\n"
    text = "ALTER TYPE mood ADD VALUE 'glad';\nALTER TABLE users ADD COLUMN a int;\n"
    analysis = project(tmp_path, {"migrations/002_a.sql": text, "specs/database/schema.md": doc})
    assert "statement-fails" not in {item.rule for item in analysis.findings.get("migrations/002_a.sql", ())}
    assert analysis.knowledge.current.enums[Name("mood")].values == ("sad", "ok", "glad")


def test_alembic_that_begins_after_create_all(tmp_path):
    text = (
        'from alembic import op\nimport sqlalchemy as sa\nrevision = "a1"\ndown_revision = None\n\n\n'
        'def upgrade():\n    op.add_column("users", sa.Column("nick", sa.String()))\n'
        '    op.create_index("ix_users_nick", "users", ["nick"])\n'
    )
    analysis = project(tmp_path, {"alembic/versions/a1.py": text, "app/models.py": MODELS})
    assert analysis.history.before["alembic/versions/a1.py"].tables[Name("users")].column("nick") is None
    assert {item.rule for item in analysis.findings["alembic/versions/a1.py"]} >= {"incomplete-history"}
    assert not analysis.knowledge.asked


def written(tmp_path, generation):
    for file in generation.new_files:
        (tmp_path / file.path).write_text(file.text, encoding="utf-8")
    for file in generation.changed_files:
        (tmp_path / file.path).write_text(apply_edits(file.old_text, file.edits), encoding="utf-8")
    return analyse(Workspace(tmp_path).snapshot())


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("first", "made"),
    [
        ("migrations/002_change.sql", "migrations/001_baseline.sql"),
        ("migrations/V2__change.sql", "migrations/V1__baseline.sql"),
        ("db/migrations/20240101000000_change.sql", "db/migrations/20231231235959_baseline.sql"),
        ("migrations/000002_change.up.sql", "migrations/000001_baseline.up.sql"),
    ],
)
def test_a_baseline_makes_the_folder_run_on_an_empty_database(tmp_path, server, first, made):
    text = "".join(CHANGES.values())
    text = f"-- migrate:up\n{text}\n-- migrate:down\n" if first.startswith("db/") else text
    analysis = project(tmp_path, {first: text, "app/models.py": MODELS})
    generation = baseline(analysis)
    assert [file.path for file in generation.new_files] == [made]
    again = written(tmp_path, generation)
    assert again.history.forward == (made, first)
    assert again.history.gap is None
    assert not again.knowledge.asked
    rules = {item.rule for found in again.findings.values() for item in found}
    assert "statement-fails" not in rules
    with server.database() as database, database.connect() as connection:
        for path in again.history.forward:
            run = (tmp_path / path).read_text(encoding="utf-8")
            run_file(connection, SqlFile(path=path, text=sections_of(run).forward.of(run)))
        # where the tables stand already, it changes nothing
        before = catalog(database)
        connection.execute("ALTER TABLE users RENAME full_name TO name")
        connection.execute("ALTER TABLE users RENAME name TO full_name")
        run = (tmp_path / made).read_text(encoding="utf-8")
        run_file(connection, SqlFile(path=made, text=sections_of(run).forward.of(run)))
        assert difference(before, catalog(database)) == ()


def test_a_baseline_for_alembic_comes_before_the_first_revision(tmp_path):
    text = (
        'from alembic import op\nimport sqlalchemy as sa\nrevision = "a1"\ndown_revision = None\n\n\n'
        'def upgrade():\n    op.add_column("users", sa.Column("nick", sa.String()))\n'
    )
    path = "alembic/versions/a1.py"
    again = written(tmp_path, baseline(project(tmp_path, {path: text, "app/models.py": MODELS})))
    assert len(again.history.forward) == 2
    assert again.history.forward[1] == path
    assert again.history.gap is None
    assert again.history.revisions.heads == ("a1",)
    assert baseline(again).is_empty


def test_there_is_no_baseline_before_zero(tmp_path):
    analysis = project(tmp_path, {"migrations/0_a.sql": CHANGES["002"], "app/models.py": MODELS})
    assert baseline(analysis).refused
    kinds = [getattr(offer, "kind", "fix") for offer in actions(analysis, "migrations/0_a.sql", Span(3, 3))]
    assert "baseline" in kinds
