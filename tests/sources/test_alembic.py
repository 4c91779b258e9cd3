"""Alembic revisions to statements."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.opaque import Opaque
from migration_ls.operations.replay import final_schema
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.sources.alembic.graph import graph_of
from migration_ls.sources.alembic.reader import convention_in, read_revision

PROJECTS = Path(__file__).parent.parent / "projects"
HEAD = 'from alembic import op\nimport sqlalchemy as sa\nrevision = "b"\ndown_revision = "a"\n\n\n'


def upgrade(body, head=HEAD, convention=None):
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return read_revision(f"{head}def upgrade():\n{lines}", convention)


def sql(body, **kwargs):
    return [statement.sql for statement in upgrade(body, **kwargs).upgrade]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('op.add_column("t", sa.Column("c", sa.String(20), server_default="x", nullable=False))',
         "ALTER TABLE t ADD COLUMN c varchar(20) DEFAULT 'x' NOT NULL"),
        ('op.alter_column("t", "c", type_=sa.BigInteger(), postgresql_using="c::bigint", schema="app")',
         "ALTER TABLE app.t ALTER COLUMN c TYPE bigint USING c::bigint"),
        ('op.alter_column("t", "c", server_default=None)', "ALTER TABLE t ALTER COLUMN c DROP DEFAULT"),
        ('op.alter_column("t", "c", new_column_name="d", existing_type=sa.Text())',
         "ALTER TABLE t RENAME COLUMN c TO d"),
        (('op.create_index(op.f("i"), "t", ["a", sa.text("lower(b)")], unique=True, postgresql_using="gin", '
          'postgresql_concurrently=True, postgresql_where=sa.text("a > 0"))'),
         "CREATE UNIQUE INDEX CONCURRENTLY i ON t USING gin (a, lower(b)) WHERE a > 0"),
        ('op.drop_index("i", table_name="t", schema="s", postgresql_concurrently=True, if_exists=True)',
         "DROP INDEX CONCURRENTLY IF EXISTS s.i"),
        ('op.create_foreign_key("fk", "a", "b", ["x"], ["id"], ondelete="CASCADE", postgresql_not_valid=True)',
         "ALTER TABLE a ADD CONSTRAINT fk FOREIGN KEY (x) REFERENCES b (id) ON DELETE CASCADE NOT VALID"),
        ('op.drop_constraint("c", "t", type_="check")', "ALTER TABLE t DROP CONSTRAINT c"),
        ('op.rename_table("a", "order")', 'ALTER TABLE a RENAME TO "order"'),
        ('op.execute(sa.text("DROP TABLE x"))', "DROP TABLE x"),
        ('op.get_bind().execute(sa.text("DROP TABLE x"))', "DROP TABLE x"),
    ],
)  # fmt: skip
def test_directives(call, expected):
    assert sql(call) == [expected]


def test_batches_loops_and_helpers():
    body = """for name in ("a", "b"):
    op.execute(f"DROP TABLE {name}")
with op.batch_alter_table("t", schema="s") as batch:
    batch.add_column(sa.Column("x", sa.Integer()))
    batch.create_foreign_key("fk", "u", ["x"], ["id"])
_note("t", "y")"""
    head = HEAD + 'def _note(table, column="z"):\n    op.drop_column(table, column)\n\n\n'
    assert sql(body, head=head) == [
        "DROP TABLE a",
        "DROP TABLE b",
        "ALTER TABLE s.t ADD COLUMN x integer",
        "ALTER TABLE s.t ADD CONSTRAINT fk FOREIGN KEY (x) REFERENCES u (id)",
        "ALTER TABLE t DROP COLUMN y",
    ]


def test_a_dialect_is_known_and_other_tests_make_clauses_conditional():
    body = """if op.get_bind().dialect.name == "sqlite":
    op.drop_table("no")
else:
    op.drop_table("yes")
if "c" not in columns:
    op.add_column("t", sa.Column("c", sa.Text()))"""
    dropped, added = upgrade(body).upgrade
    assert dropped.sql == "DROP TABLE yes"
    assert not dropped.clauses[0].conditional
    assert isinstance(added.operations[0], AddColumn)
    assert added.clauses[0].conditional


def test_what_only_a_run_would_tell_is_opaque():
    for body in (
        "op.execute(open('x').read())",
        "for t in inspector.get_table_names():\n    op.drop_table(t)",
        "op.sync_enum_values('s', 'e', ['a'])",
        "op.add_column('t', sa.Column('c', Custom()))",
    ):
        read = upgrade(body)
        assert any(isinstance(operation, Opaque) for item in read.upgrade for operation in item.operations), body
        assert read.problems


def test_spans_are_those_of_the_calls():
    text = HEAD + 'def upgrade():\n    x = "é"; op.drop_table("t")\n'
    (statement,) = read_revision(text).upgrade
    assert statement.span.of(text) == 'op.drop_table("t")'


def test_enums_are_made_with_their_table():
    body = 'op.create_table("t", sa.Column("m", sa.Enum("a", "b", name="mood")))'
    enum, table = upgrade(body).upgrade
    assert isinstance(enum.operations[0], CreateEnum)
    assert str(table.operations[0].table.columns[0].type) == "mood"


def test_naming_conventions():
    convention = convention_in('NAMING = {"pk": "pk_%(table_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s"}')
    (made,) = sql(
        'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.CheckConstraint("1", name="ok"))',
        convention=convention,
    )
    assert made == "CREATE TABLE t (id serial NOT NULL, CONSTRAINT ck_t_ok CHECK (1), CONSTRAINT pk_t PRIMARY KEY (id))"


def test_order():
    texts = {
        "c.py": 'revision = "3"\ndown_revision = ("1", "2")\n',
        "b.py": 'revision = "2"\ndown_revision = "0"\n',
        "a.py": 'revision: str = "1"\ndown_revision: str | None = "0"\n',
        "z.py": 'revision = "0"\ndown_revision = None\n',
    }
    revisions = {path: read_revision(text) for path, text in texts.items()}
    assert graph_of(revisions).order == ("z.py", "a.py", "b.py", "c.py")
    circle = {path: read_revision(f'revision = "{path}"\ndown_revision = "{other}"') for path, other in ("ab", "ba")}
    assert graph_of(circle).order == ("a", "b")


@pytest.mark.parametrize(("project", "tables"), [("billing", 4), ("clinic", 5), ("saas", 10)])
def test_projects_replay_without_anything_unknown(project, tables):
    files = sorted((PROJECTS / project / "backend/alembic/versions").glob("*.py"))
    revisions = {file.name: read_revision(file.read_text(encoding="utf-8")) for file in files}
    schema = Schema()
    for path in graph_of(revisions).order:
        assert revisions[path].problems == ()
        assert revisions[path].downgrade
        schema = final_schema(schema, revisions[path].upgrade)
    assert len(schema.tables) == tables
    assert not schema.uncertain_all
    if project == "saas":
        work = schema.tables[Name("work_items", "app")]
        assert work.column("rank") is not None
        assert {index.name for index in work.indexes} == {"ix_work_items_board", "ix_work_items_title_trgm"}


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["op.create_table(", "'t'", ",", ")", "sa.Column(", "for x in", ":", "\n    ", "if", "op.f(", "[", "]", "1",
             "*", "sa.Enum(", "name=", "op.execute(", "f'{x}'", "with op.batch_alter_table('t') as b"]
        ),
        max_size=20,
    ).map("".join)
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_any_text(text):
    read_revision(text)
    read_revision(f'revision = "a"\ndef upgrade():\n    {text}\n')
    convention_in(text + "%(")
