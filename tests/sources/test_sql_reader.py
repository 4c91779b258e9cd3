"""SQL files to statements and clauses."""

from hypothesis import given, settings
from hypothesis import strategies as st

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.change_rows import ChangeRows
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.inert import Inert
from migration_ls.operations.opaque import Opaque
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_setting import SetSetting
from migration_ls.operations.set_type import SetType
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Check, ForeignKey, PrimaryKey, Unique
from migration_ls.sources.sql.reader import read_sql


def operations(text):
    return [clause.operation for statement in read_sql(text).statements for clause in statement.clauses]


def only(text):
    (operation,) = operations(text)
    return operation


def test_every_action_has_its_own_span():
    text = "-- é\nALTER TABLE ONLY public.tasks /* c */ ADD COLUMN a numeric(10, 2) DEFAULT 1, ALTER b SET NOT NULL ;"
    (statement,) = read_sql(text).statements
    assert statement.kind == "ALTER TABLE"
    assert statement.leading.of(text) == "-- é"
    assert [clause.span.of(text) for clause in statement.clauses] == [
        "ADD COLUMN a numeric(10, 2) DEFAULT 1",
        "ALTER b SET NOT NULL",
    ]
    assert isinstance(statement.clauses[0].operation, AddColumn)
    assert statement.clauses[1].operation == SetNotNull(table=Name("tasks"), column="b")


def test_a_table_whole():
    text = """CREATE TABLE app."Order" (
        id bigserial PRIMARY KEY,
        status varchar(20) NOT NULL DEFAULT 'new' CONSTRAINT ck_status CHECK (status IN ('new', 'paid')),
        total numeric(8) GENERATED ALWAYS AS (price * 2) STORED,
        owner uuid REFERENCES users ON DELETE CASCADE UNIQUE,
        tags text[] DEFAULT '{}'::text[] NOT NULL,
        CONSTRAINT uq UNIQUE NULLS NOT DISTINCT (status, owner)
    );"""
    (statement,) = read_sql(text).statements
    (clause,) = statement.clauses
    table = clause.operation.table
    assert table.name == Name("Order", "app")
    assert table.primary_key == PrimaryKey(name=None, columns=("id",))
    assert [str(column.type) for column in table.columns] == [
        "bigint",
        "character varying(20)",
        "numeric(8,0)",
        "uuid",
        "text[]",
    ]
    assert [column.nullable for column in table.columns] == [False, False, True, True, False]
    assert table.columns[0].autoincrement
    assert table.columns[1].default.text == "'new'"
    assert table.columns[2].generated.text == "price * 2"
    assert table.columns[4].default.value == "{}"
    assert table.checks[0].name == "ck_status"
    assert table.checks[0].expression.allowed_values == ("new", "paid")
    assert table.foreign_keys == (
        ForeignKey(name=None, columns=("owner",), ref_table=Name("users"), ref_columns=(), on_delete="CASCADE"),
    )
    assert {unique.columns for unique in table.uniques} == {("owner",), ("status", "owner")}
    places = {name: span.shifted(clause.span.start).of(text) for name, span in clause.parts}
    assert places["column total"] == "total numeric(8) GENERATED ALWAYS AS (price * 2) STORED"
    assert places["constraint uq"].startswith("CONSTRAINT uq UNIQUE")


def test_constraints_added_later():
    text = """ALTER TABLE a ADD CONSTRAINT c CHECK (x > 0) NOT VALID,
    ADD FOREIGN KEY (b) REFERENCES s.b (id) NOT VALID, ADD CONSTRAINT u UNIQUE USING INDEX i;"""
    check, key, unique = operations(text)
    assert isinstance(check.constraint, Check)
    assert not check.constraint.validated
    assert check.constraint.expression.text == "x > 0"
    assert key.constraint.ref_table == Name("b", "s")
    assert not key.constraint.validated
    assert unique == AddConstraint(table=Name("a"), constraint=Unique(name="u", columns=()), using_index="i")


def test_types_and_defaults():
    assert only("ALTER TABLE a ALTER b TYPE varchar(5) USING left(b, 5)").using.text == "left(b, 5)"
    change = only('ALTER TABLE a ALTER b TYPE "Mood"[]')
    assert isinstance(change, SetType)
    assert str(change.type) == '"Mood"[]'
    assert only("ALTER TABLE a ALTER b DROP DEFAULT") == SetDefault(table=Name("a"), column="b", default=None)
    column = only("ALTER TABLE a ADD every interval NOT NULL DEFAULT '5 minutes'").column
    assert column.default.text == "'5 minutes'"
    assert column.default.canonical == "'00:05:00'"


def test_indexes():
    made = only(
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON a USING gin (lower(b) desc, c DESC NULLS LAST) "
        "INCLUDE (d) WHERE deleted_at IS NULL"
    )
    assert isinstance(made, CreateIndex)
    assert (made.concurrently, made.if_not_exists, made.index.unique, made.index.using) == (True, True, True, "gin")
    assert [str(part) for part in made.index.parts] == ["lower(b) DESC", "c DESC NULLS LAST"]
    assert made.index.where.text == "deleted_at IS NULL"


def test_rows():
    assert only("UPDATE a SET x = 1 WHERE id BETWEEN 1 AND 500").bounded
    assert not only("UPDATE a SET x = 1 WHERE x IS NULL").bounded
    assert only(
        "WITH b AS (SELECT id FROM a WHERE x IS NULL LIMIT 9) UPDATE a SET x = 1 FROM b WHERE a.id = b.id"
    ).bounded
    assert only("INSERT INTO a SELECT * FROM b").from_rows
    assert not only("INSERT INTO a VALUES (1)").from_rows
    assert only("SELECT * FROM a FOR UPDATE").kind == "select for update"
    assert isinstance(only("SELECT do_things()"), Opaque)
    assert isinstance(only("SELECT now()"), Inert)


def test_nothing_passes_in_silence():
    for text in ("CALL p()", "EXECUTE q", "DO LANGUAGE plv8 $$ x $$", "\\i other.sql"):
        assert any(isinstance(operation, Opaque) for operation in operations(text)), text


def test_one_bad_statement_does_not_spoil_the_others():
    text = "CREATE TABLE a (x int);\nALTER TABLE a ADD COLUM y int z;\nDROP TABLE b;"
    read = read_sql(text)
    assert [statement.kind for statement in read.statements] == ["CREATE TABLE", "ALTER TABLE", "DROP TABLE"]
    (problem,) = read.problems
    assert problem.code == "sql-syntax-error"
    assert problem.message == "syntax error at or near `int`"
    assert problem.span.of(text) == "int"
    assert isinstance(read.statements[1].operations[0], Opaque)


def test_an_error_behind_wide_characters_is_at_the_right_place():
    text = "SELECT 'ü€😀' FRM a;"
    (problem,) = read_sql(text).problems
    assert problem.span.of(text) == "a"


def test_the_search_path_and_temporary_tables():
    made = operations(
        "SET search_path TO app, public; CREATE TABLE t (x int); CREATE TEMP TABLE q (x int); DELETE FROM q"
    )
    assert made[1].table.name == Name("t", "app")
    assert made[3].table == Name("q", "pg_temp")
    local = operations("BEGIN; SET LOCAL search_path = app; DROP TABLE a; COMMIT; DROP TABLE b")
    assert local[2].name == Name("a", "app")
    assert local[4].name == Name("b")


def test_do_blocks():
    text = """DO $$ BEGIN
      IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN
        CREATE TYPE mood AS ENUM ('sad');
      END IF;
      EXECUTE 'ALTER TABLE tasks ADD COLUMN m mood';
    END $$;"""
    (statement,) = read_sql(text).statements
    enum, column = statement.clauses
    assert isinstance(enum.operation, CreateEnum)
    assert enum.conditional
    assert enum.span.of(text) == "CREATE TYPE mood AS ENUM ('sad')"
    assert isinstance(column.operation, AddColumn)
    assert not column.conditional
    assert column.span.of(text) == "ADD COLUMN m mood"


def test_do_blocks_that_forgive_or_are_dynamic():
    text = "DO $$ BEGIN DROP TABLE a; EXCEPTION WHEN undefined_table THEN NULL; END $$"
    (clause,) = read_sql(text).statements[0].clauses
    assert clause.conditional
    assert clause.operation == DropTable(name=Name("a"))
    dynamic = only("DO $$ BEGIN EXECUTE format('DROP TABLE %I', x); END $$")
    assert isinstance(dynamic, Opaque)
    assert isinstance(only("DO $$ BEGIN RAISE NOTICE 'DROP TABLE x;'; PERFORM 1; END $$"), Inert)
    loop = only("DO $$ BEGIN <<l>> LOOP UPDATE a SET x = 1 WHERE id < 5; EXIT; END LOOP; END $$")
    assert isinstance(loop, ChangeRows)


def test_a_check_that_raises_reads_and_changes_nothing():
    made = only("DO $$ BEGIN IF EXISTS (SELECT FROM tasks WHERE x IS NULL) THEN RAISE EXCEPTION 'no'; END IF; END $$")
    assert made == ChangeRows(kind="select", reads=(Name("tasks"),))


def test_settings():
    assert only("SET LOCAL lock_timeout = '5s'") == SetSetting(name="lock_timeout", values=("5s",), local=True)
    assert only("SELECT set_config('lock_timeout', '2s', true)") == SetSetting(
        name="lock_timeout", values=("2s",), local=True
    )
    assert only("RESET lock_timeout") == SetSetting(name="lock_timeout", values=None)


def test_a_dump_with_rows():
    text = "COPY a (x) FROM stdin;\n1;\n\\.\nCREATE TABLE b (x int);\n"
    copy, table = operations(text)
    assert copy.kind == "copy"
    assert isinstance(table, CreateTable)


def test_both_ways_in_one_file():
    text = "-- migrate:up transaction:false\nCREATE TABLE a (x int);\n\n-- migrate:down\nDROP TABLE a;\n"
    read = read_sql(text)
    assert [statement.kind for statement in read.statements] == ["CREATE TABLE"]
    assert [statement.span.of(text) for statement in read.rollback] == ["DROP TABLE a"]
    assert read.no_transaction
    goose = "-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\n-- +goose Down\nSELECT 2;"
    assert [statement.sql for statement in read_sql(goose).statements] == ["SELECT 1"]


LINES = [
    "CREATE TABLE a (x int);",
    "ALTER TABLE a ADD y text DEFAULT 'é;';",
    "-- a note",
    "SELECT 1",
    ";",
    "COPY a FROM stdin;",
    "\\.",
    "\\set x 1",
    "/* open",
    "*/",
    "$$",
    "'",
    "SET search_path TO app;",
    "-- migrate:down",
    "BROKEN STATEMENT;",
    "DO $$ BEGIN DROP TABLE a; END $$;",
]


@given(
    st.lists(st.sampled_from(LINES), max_size=12),
    st.integers(0, 400),
    st.integers(0, 30),
    st.sampled_from(["", "x", ";", "'", "\n", "--", "$$", *LINES]),
)
@settings(max_examples=400, deadline=None)
def test_reading_again_is_reading(lines, at, length, new):
    old = "\n".join(lines)
    at = min(at, len(old))
    text = old[:at] + new + old[at + length :]
    assert read_sql(text, read_sql(old)) == read_sql(text)


@given(st.text(max_size=80) | st.text(alphabet="alter tbdocp$;'\"-/*\\ \n()\0\ud800é", max_size=80))
@settings(deadline=None)
def test_any_text(text):
    read = read_sql(text)
    for statement in read.statements:
        assert statement.span.of(text) == statement.sql
        for clause in statement.clauses:
            assert statement.span.covers(clause.span)
    for problem in read.problems:
        assert problem.span.end <= len(text)


WORDS = """alter table a add column b int drop set not null default constraint check ( ) , ; create index on using
concurrently if exists do $$ begin end then loop execute 'x' select from where update delete insert into values type
as enum foreign key references partition of for rename to comment is with public . x 1 grant trigger policy
view""".split()


@given(st.lists(st.sampled_from(WORDS), max_size=25))
@settings(max_examples=400, deadline=None)
def test_any_words(words):
    read_sql(" ".join(words))
