"""Differences between schemas: laws over random ones, and what requests make of a schema."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from migration_ls.diffing.differences import differences
from migration_ls.diffing.naming import naming_of
from migration_ls.diffing.wanted import wanted_schema
from migration_ls.operations.replay import final_schema
from migration_ls.postgres.types import parse_type
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.request import AddColumn, AddIndex, Grade, Request
from migration_ls.schema.schema import Enum, Schema, schema_of
from migration_ls.schema.tables import Check, Column, ForeignKey, Index, IndexPart, PrimaryKey, Table, Unique
from migration_ls.sources.sql.expressions import expression
from migration_ls.sources.sql.reader import read_sql
from migration_ls.text.span import Span

HERE = Origin(path="spec.md", span=Span(0, 1), line=0)
TYPES = st.sampled_from(
    ["integer", "bigint", "text", "varchar(20)", "varchar(40)", "boolean", "timestamptz", "numeric(8,2)"]
)
NAMES = st.sampled_from(["a", "b", "c", "d", "e"])


@st.composite
def tables(draw, name):
    columns = [Column(name="id", type=parse_type("integer"), nullable=False)]
    for column in draw(st.lists(NAMES, unique=True, max_size=4)):
        default = draw(st.sampled_from([None, "1", "'x'"]))
        columns.append(
            Column(
                name=column,
                type=parse_type(draw(TYPES)),
                nullable=draw(st.booleans()),
                default=expression(default) if default else None,
            )
        )
    table = Table(name=Name(name), columns=tuple(columns), primary_key=PrimaryKey(name=f"{name}_pkey", columns=("id",)))
    for column in columns[1:]:
        kind = draw(st.sampled_from(["none", "index", "unique", "check", "key"]))
        label = f"{name}_{column.name}_{kind}"
        if kind == "index":
            table = table.with_index(Index(name=label, parts=(IndexPart(text=column.name),)))
        elif kind == "unique":
            table = table.with_constraint(Unique(name=label, columns=(column.name,)))
        elif kind == "check":
            table = table.with_constraint(Check(name=label, expression=expression(f"{column.name} IS NOT NULL")))
        elif kind == "key":
            key = ForeignKey(name=label, columns=(column.name,), ref_table=Name("one"), ref_columns=("id",))
            table = table.with_constraint(key)
    return table


@st.composite
def schemas(draw):
    made = [draw(tables("one"))]
    made += [draw(tables(name)) for name in draw(st.lists(st.sampled_from(["two", "three"]), unique=True))]
    values = draw(st.lists(st.sampled_from("xyz"), unique=True, min_size=1))
    return schema_of(made, [Enum(name=Name("mood"), values=("m", *values))] if draw(st.booleans()) else ())


def plain(schema: Schema):
    return {
        name: (
            frozenset(table.columns),
            table.primary_key,
            frozenset(table.uniques),
            frozenset(table.checks),
            frozenset(table.foreign_keys),
            frozenset(table.indexes),
        )
        for name, table in schema.tables.items()
    }


@given(schemas())
def test_a_schema_does_not_differ_from_itself(schema):
    assert differences(schema, schema) == ()
    twin = replace(schema, tables={name: replace(table) for name, table in schema.tables.items()})
    assert differences(schema, twin) == ()


@given(schemas(), schemas())
@settings(max_examples=150)
def test_replaying_the_differences_gives_the_other_schema(one, two):
    schema = one
    for operation in differences(one, two):
        schema = operation.apply(schema)
    assert plain(schema) == plain(two)
    assert set(schema.enums) == set(two.enums)
    for name, enum in two.enums.items():
        assert set(enum.values) <= set(schema.enums[name].values)


@given(schemas(), schemas())
def test_each_inverse_undoes_its_operation(one, two):
    schema = one
    for operation in differences(one, two):
        inverse = operation.inverse(schema)
        after = operation.apply(schema)
        if inverse.grade == "exact":
            back = after
            for undo in inverse.operations:
                back = undo.apply(back)
            assert plain(back) == plain(schema), operation
        schema = after


def schema_from(sql: str) -> Schema:
    return final_schema(Schema(), read_sql(sql).statements)


def asked(change, grade=Grade.DECLARED):
    return Request(change=change, origin=HERE, grade=grade, evidence="words")


def test_names_follow_the_projects_habit():
    schema = schema_from("CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX ix_t_a ON t (a);")
    assert naming_of(schema).index_name(Name("t"), Index(name=None, parts=(IndexPart(text="b"),))) == "ix_t_b"
    assert naming_of(Schema()).index_name(Name("t"), Index(name=None, parts=(IndexPart(text="b"),))) == "idx_t_b"
    suffixed = schema_from("CREATE TABLE t (id int PRIMARY KEY, a int CHECK (a > 0), b int);")
    check = Check(name=None, expression=expression("b > 0"))
    assert naming_of(suffixed).constraint_name(Name("t"), check) == "t_b_check"


def test_an_index_that_is_there_under_another_name_is_not_built_again():
    schema = schema_from("CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX mine ON t (a);")
    wish = asked(AddIndex(table=Name("t"), index=Index(name=None, parts=(IndexPart(text="a"),))))
    assert differences(schema, wanted_schema(schema, [wish]).schema) == ()


def test_requests_that_disagree_are_conflicts():
    schema = schema_from("CREATE TABLE t (id int PRIMARY KEY);")
    one = asked(AddColumn(table=Name("t"), column=Column(name="a", type=parse_type("varchar(20)"))))
    two = asked(AddColumn(table=Name("t"), column=Column(name="a", type=parse_type("varchar(10)"))))
    (conflict,) = wanted_schema(schema, [one, two]).conflicts
    assert conflict.what == "t.a"
    assert conflict.says == ("`character varying(20)`", "`character varying(10)`")


def test_a_circle_of_keys_is_made_in_two_steps():
    sql = """
    CREATE TABLE a (id int PRIMARY KEY, b_id int);
    CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a (id));
    ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES b (id);
    """
    wanted = schema_from(sql)
    schema = Schema()
    for operation in differences(Schema(), wanted):
        schema = operation.apply(schema)
    assert plain(schema) == plain(wanted)
