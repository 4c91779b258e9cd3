"""Alembic's revisions as the history of a project."""

import pytest

from migration_ls.schema.names import Name
from migration_ls.workspace.analysis import analyse
from migration_ls.workspace.workspace import Workspace

FIRST = """
from alembic import op
import sqlalchemy as sa

revision = "aa11"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String(80)))
"""
SECOND = """
from alembic import op
import sqlalchemy as sa

revision = "bb22"
down_revision = "aa11"


def upgrade():
    op.create_index("ix_users_email", "users", ["email"])
    with op.get_context().autocommit_block():
        op.create_index("ix_users_id", "users", ["id"], postgresql_concurrently=True)
    op.add_column("users", sa.Column("name", sa.Text()))
"""


def project(tmp_path, files):
    for path, text in files.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return analyse(Workspace(tmp_path).snapshot())


def rules_at(analysis, path):
    text = analysis.snapshot.files[path].text
    return {(finding.rule, finding.span.of(text)) for finding in analysis.findings.get(path, ())}


def test_revisions_are_the_history(tmp_path):
    # the names of the files do not tell the order
    a, b = "alembic/versions/z_first.py", "alembic/versions/a_second.py"
    analysis = project(tmp_path, {a: FIRST, b: SECOND})
    assert analysis.history.forward == (a, b)
    assert analysis.knowledge.base_source == "migrations"
    assert [column.name for column in analysis.knowledge.current.tables[Name("users")].columns] == [
        "id", "email", "name",
    ]  # fmt: skip
    assert analysis.history.before[b].tables[Name("users")].column("name") is None
    found = rules_at(analysis, b)
    assert ("index-not-concurrent", 'op.create_index("ix_users_email", "users", ["email"])') in found
    # the one of the autocommit block stands outside of any transaction, and the next begins behind it
    assert {rule for rule, _ in found}.isdisjoint({"concurrently-in-transaction", "begin-without-commit"})
    assert all(finding.fixes == () for finding in analysis.findings[b])


def test_concurrently_needs_an_autocommit_block(tmp_path):
    text = SECOND.replace("    with op.get_context().autocommit_block():\n    ", "")
    analysis = project(tmp_path, {"alembic/versions/a.py": FIRST, "alembic/versions/b.py": text})
    assert "concurrently-in-transaction" in {rule for rule, _ in rules_at(analysis, "alembic/versions/b.py")}


def test_suppressions_and_syntax_errors(tmp_path):
    known = SECOND.replace(
        '    op.create_index("ix_users_email"',
        "    # migration-ls: ignore[index-not-concurrent, missing-lock-timeout, missing-statement-timeout] small table\n"
        '    op.create_index("ix_users_email"',
    )
    broken = 'revision = "cc33"\ndown_revision = "bb22"\ndef upgrade(:\n'
    files = {"alembic/versions/a.py": FIRST, "alembic/versions/b.py": known, "alembic/versions/c.py": broken}
    analysis = project(tmp_path, files)
    assert "index-not-concurrent" not in {rule for rule, _ in rules_at(analysis, "alembic/versions/b.py")}
    assert {rule for rule, _ in rules_at(analysis, "alembic/versions/c.py")} == {"alembic-syntax-error"}


@pytest.mark.parametrize(
    ("extra", "rule", "place"),
    [
        ('revision = "cc33"\ndown_revision = "aa11"\n', "several-heads", 'revision = "cc33"'),
        ('revision = "cc33"\ndown_revision = "gone"\n', "missing-revision", 'revision = "cc33"'),
        ('revision = "bb22"\ndown_revision = "aa11"\n', "duplicate-version", 'revision = "bb22"'),
        ('revision = "cc33"\ndown_revision = "cc33"\n', "missing-revision", None),
    ],
)
def test_what_alembic_cannot_run(tmp_path, extra, rule, place):
    files = {"alembic/versions/a.py": FIRST, "alembic/versions/b.py": SECOND, "alembic/versions/c.py": extra}
    analysis = project(tmp_path, files)
    if place is not None:
        assert (rule, place) in rules_at(analysis, "alembic/versions/c.py")
    assert Name("users") in analysis.knowledge.current.tables


def test_a_merge_and_labelled_branches_are_no_several_heads(tmp_path):
    side = 'revision = "cc33"\ndown_revision = "aa11"\n'
    merge = 'from typing import Union\nrevision: str = "dd44"\ndown_revision: Union[str, None] = ("bb22", "cc33")\n'
    files = {
        f"alembic/versions/{name}.py": text for name, text in zip("abcd", (FIRST, SECOND, side, merge), strict=True)
    }
    assert project(tmp_path, files).history.revisions.heads == ("dd44",)
    labelled = {**files, "alembic/versions/c.py": side + 'branch_labels = ("side",)\n'}
    del labelled["alembic/versions/d.py"]
    analysis = project(tmp_path / "labelled", labelled)
    assert len(analysis.history.revisions.heads) == 2
    assert not any(rule == "several-heads" for path in labelled for rule, _ in rules_at(analysis, path))


def test_the_naming_convention_of_the_models_names_constraints(tmp_path):
    models = """
from sqlalchemy import MetaData
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {"uq": "uq_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"}
"""
    text = FIRST.replace("sa.String(80))", "sa.String(80), unique=True)")
    analysis = project(tmp_path, {"alembic/versions/a.py": text, "app/models.py": models})
    users = analysis.knowledge.current.tables[Name("users")]
    assert users.primary_key.name == "pk_users"
    assert [unique.name for unique in users.uniques] == ["uq_users_email"]


def test_sql_beside_revisions(tmp_path):
    sql = {"migrations/001_start.sql": "CREATE TABLE users (id int PRIMARY KEY, email text);\n"}
    # the revisions make everything: the folder of SQL is something else, and nothing is said against it
    alone = project(tmp_path / "alone", {"alembic/versions/a.py": FIRST, **sql})
    assert alone.history.forward == ("alembic/versions/a.py",)
    assert not any(finding.rule == "statement-fails" for found in alone.findings.values() for finding in found)
    # the revisions begin where the SQL ends
    follows = SECOND.replace('"aa11"', "None")
    over = project(tmp_path / "over", {"alembic/versions/b.py": follows, **sql})
    assert over.history.forward == ("migrations/001_start.sql", "alembic/versions/b.py")
    assert over.knowledge.current.tables[Name("users")].column("name") is not None


def test_environments_have_graphs_of_their_own(tmp_path):
    one = 'from alembic import op\nrevision = "0001"\ndown_revision = None\ndef upgrade():\n    op.execute("CREATE TABLE {} ()")\n'
    two = 'from alembic import op\nrevision = "0002"\ndown_revision = "0001"\ndef upgrade():\n    op.execute("ALTER TABLE {} ADD a int")\n'
    files = {}
    for service in ("a", "b"):
        files[f"services/{service}/alembic/versions/0001.py"] = one.format(service)
        files[f"services/{service}/alembic/versions/0002.py"] = two.format(service)
    analysis = project(tmp_path, {**files, "migration-ls.toml": ""})
    assert {str(name) for name in analysis.knowledge.current.tables} == {"a", "b"}
    assert all(table.column("a") for table in analysis.knowledge.current.tables.values())
    assert not any(finding.severity.is_danger for found in analysis.findings.values() for finding in found)
