"""Sentences and documents on tables of a library: what they ask for, and what only looks like it."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migration_ls.postgres.types import parse_type
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Change
from migration_ls.schema.schema import Enum, Schema, schema_of
from migration_ls.schema.tables import (
    Check,
    Column,
    Constraint,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Table,
    Unique,
)
from migration_ls.sources.spec.declare import declaration_edit
from migration_ls.sources.spec.reader import read_feature, read_spec
from migration_ls.sources.sql.expressions import expression
from migration_ls.text.edits import apply_edits

CASES = Path(__file__).parent.parent / "cases" / "spec"


def table(name: str, *columns: str, **more: object) -> Table:
    """A table of columns such as `title varchar(100) not null default 'x'`, its first column being the key."""
    made = []
    for text in columns:
        words, _, default = text.partition(" default ")
        required = words.endswith(" not null")
        column, _, type_ = words.removesuffix(" not null").partition(" ")
        made.append(
            Column(
                name=column,
                type=parse_type(type_),
                nullable=not required,
                default=expression(default) if default else None,
                autoincrement=type_ == "serial",
            )
        )
    key = PrimaryKey(name=f"{name}_pkey", columns=(made[0].name,))
    return Table(name=Name(name), columns=tuple(made), primary_key=key, **more)  # type: ignore[arg-type]


def library() -> Schema:
    """Books and their readers, a help desk, a shop and an external table."""

    def key(column: str, other: str) -> ForeignKey:
        return ForeignKey(name=None, columns=(column,), ref_table=Name(other), ref_columns=("id",))

    return schema_of(
        [
            table(
                "books",
                "id serial not null",
                "title varchar(200) not null",
                "isbn varchar(17)",
                "shelf_mark varchar(30)",
                "pages integer",
                "created_at timestamptz not null default now()",
                uniques=(Unique(name="uq_books_isbn", columns=("isbn",)),),
                indexes=(Index(name="ix_books_shelf_mark", parts=(IndexPart(text="shelf_mark"),)),),
            ),
            table("members", "id serial not null", "name varchar(120) not null", "email varchar(255) not null"),
            table(
                "loans",
                "id serial not null",
                "book_id integer not null",
                "member_id integer not null",
                "due_on date not null",
                "returned_at timestamptz",
                foreign_keys=(key("book_id", "books"), key("member_id", "members")),
            ),
            table(
                "tickets",
                "id serial not null",
                "subject varchar(150) not null",
                "status varchar(20) not null default 'open'",
                "resolved boolean not null default false",
                checks=(Check(name="chk", expression=expression("status IN ('open', 'waiting', 'closed')")),),
            ),
            table("projects", "id serial not null", "name varchar(100) not null"),
            table(
                "products",
                "id serial not null",
                "sku varchar(40) not null",
                "price numeric(10,2) not null",
                "kind product_kind",
            ),
            table("users", "id uuid not null", "email varchar(255) not null"),
            table("accounts", "id uuid not null", "name text", external=True),
        ],
        [Enum(name=Name("product_kind"), values=("book", "toy"))],
    )


def line(change: Change) -> str:
    """A change as one line of text."""
    match change:
        case asked.AddTable(table=made):
            inner = [_column(column) for column in made.columns]
            inner += [_constraint(item) for item in made.constraints if not isinstance(item, PrimaryKey)]
            inner += [_index(item) for item in made.indexes]
            key = ", ".join(made.primary_key.columns) if made.primary_key else ""
            return f"create {made.name} ({'; '.join(inner)}; key {key})"
        case asked.AddColumn(table=name, column=column, values=values):
            return f"{name} + {_column(column)}" + (f" of {'|'.join(values)}" if values else "")
        case asked.AddConstraint(table=name, constraint=constraint):
            return f"{name} + {_constraint(constraint)}"
        case asked.AddIndex(table=name, index=index):
            return f"{name} + {_index(index)}"
        case asked.DropColumn(table=name, column=column):
            return f"{name} - {column}"
        case asked.DropTable(table=name):
            return f"drop {name}"
        case asked.RenameColumn(table=name, column=column, to=to):
            return f"{name}.{column} -> {to}"
        case asked.RenameTable(table=name, to=to):
            return f"{name} -> {to}"
        case asked.ChangeType(table=name, column=column, type=type_):
            return f"{name}.{column} : {type_}"
        case asked.ChangeNullable(table=name, column=column, nullable=nullable, fill=fill):
            return f"{name}.{column} {'null' if nullable else 'not null'}" + (f" fill {fill.text}" if fill else "")
        case asked.ChangeDefault(table=name, column=column, default=default):
            return f"{name}.{column} default {default.text if default else None}"
        case asked.AddEnum(enum=enum):
            return f"enum {enum.name} {'|'.join(enum.values)}"
        case asked.AddEnumValue(enum=name, value=value, after=after):
            return f"enum {name} + {value} after {after}"
        case asked.DropIndex(index=index) | asked.DropConstraint(constraint=index):
            return f"drop {index}"


def _column(column: Column) -> str:
    null = {True: " null", False: " not null", None: " ?"}[column.nullable]
    default = f" default {column.default.text}" if column.default else ""
    return f"{column.name} {column.type}{null}{default}"


def _constraint(constraint: Constraint) -> str:
    match constraint:
        case Check(expression=condition):
            return f"check {condition.text}"
        case Unique(columns=columns):
            return f"unique {', '.join(columns)}"
        case ForeignKey(columns=columns, ref_table=other, on_delete=action):
            return f"fk {', '.join(columns)} -> {other}" + ("" if action == "NO ACTION" else f" {action.lower()}")
        case _:
            return str(constraint)


def _index(index: Index) -> str:
    return f"{index.using} index {', '.join(map(str, index.parts))}"


def _sentences():
    cases = []
    for text in (CASES / "sentences.txt").read_text(encoding="utf-8").splitlines():
        if text.startswith("    "):
            cases[-1][1].append(text.strip())
        else:
            cases.append((text, []))
    return cases


def _spec(sentence):
    return f"# Feature: Library\n\n## Requirements\n\n{sentence}\n"


@pytest.mark.parametrize(("sentence", "expected"), _sentences())
def test_a_sentence_asks_for_its_changes(sentence, expected):
    reading = read_spec("specs/features/library.md", _spec(sentence), library())
    assert [line(request.change) for request in reading.requests] == expected
    assert all(request.origin.line == 4 for request in reading.requests)


@pytest.mark.parametrize("sentence", (CASES / "traps.txt").read_text(encoding="utf-8").splitlines())
def test_what_only_looks_like_a_request_is_none(sentence):
    reading = read_spec("specs/features/library.md", _spec(sentence), library())
    assert [line(request.change) for request in reading.requests] == []


@pytest.mark.parametrize("name", sorted(path.stem for path in (CASES / "documents").glob("*.md")))
def test_a_document_asks_for_its_changes(name):
    text = (CASES / "documents" / f"{name}.md").read_text(encoding="utf-8")
    expected = re.search(r"<!-- expected\n(.*?)-->", text, re.DOTALL)[1].splitlines()
    reading = read_spec("spec.md", text, library())
    found = [f"{item.grade[:4]} {item.origin.line + 1} {line(item.change)}" for item in reading.requests]
    assert found == expected


@pytest.mark.parametrize("sentence", ["The email of a member must be unique.", "Look up members by email"])
def test_a_key_or_an_index_of_one_column_is_declared_as_it_was_implied(sentence):
    text = _spec(sentence)
    before = read_spec("spec.md", text, library()).requests
    edited = apply_edits(text, [declaration_edit(text, before)])
    after = read_spec("spec.md", edited, library()).requests
    assert [line(request.change) for request in after] == [line(request.change) for request in before]


def test_documents_of_one_feature_are_read_together():
    spec = _spec("- **FR-001**: Tickets MUST have a severity: low, medium, high")
    table = "| Field | Type | Default |\n|---|---|---|\n| severity | VARCHAR(9) | 'low' |\n"
    model = f"# Data Model\n\n## Ticket (CHANGED)\n\n{table}"
    found = read_feature((("spec.md", spec), ("data-model.md", model)), library())
    assert found["spec.md"].requests == ()
    column = found["data-model.md"].requests[0]
    assert line(column.change) == "tickets + severity character varying(9) not null default 'low' of low|medium|high"
    assert [(place.path, place.line) for place in column.explains] == [("spec.md", 4)]


def test_a_missing_default_is_assumed_and_asked_for():
    text = _spec("Tickets must have a severity: low, medium, high")
    reading = read_spec("spec.md", text, library())
    assert "`medium` is the default of `tickets.severity`" in reading.requests[0].assumption
    (problem,) = reading.problems
    assert (problem.code, problem.serious) == ("ambiguous-request", False)
    assert problem.span.of(text) == "Tickets must have a severity: low, medium, high"


def test_messages_end_without_a_full_stop_and_name_the_choices():
    text = _spec("Tickets must have a channel: mail, phone\n\nBooks can be tagged")
    reading = read_spec("spec.md", text, library())
    assert len(reading.problems) == 2
    for problem in reading.problems:
        assert not problem.message.endswith(".")
        assert not problem.help.endswith(".")
    assert "`mail`, `phone`" in reading.problems[0].message
    assert "`tags`" in reading.problems[1].message


_WORDS = st.sampled_from(
    """Tickets must have a severity : low , medium high System MUST store books with | --- ` `tickets.status` ** -
    # ## Database
    changes Data Model (NEW) not null default one of varchar(20) \n \n- \n\n ```sql ``` ALTER TABLE books ADD COLUMN
    x int ; filter by
    Key Entities **Shelf**: `id` (int, pk)
    \t \r\n ( ) 1 5 between and unique per is renamed to é 🙂 \x00 \x0c <!-- -->""".split(" ")
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=40).map(" ".join)))
def test_any_text_is_read_and_can_be_declared(text):
    reading = read_spec("spec.md", text, library())
    for request in reading.requests:
        assert 0 <= request.origin.span.start <= request.origin.span.end <= len(text)
    for problem in reading.problems:
        assert problem.span.end <= len(text)
    read_spec("spec.md", apply_edits(text, [declaration_edit(text, reading.requests)]), library())


@pytest.mark.parametrize(
    ("line_", "place"),
    [
        ("- `weight`: quux, not null", "`weight`: quux, not null"),
        ("- shelf_colour: flavour(3)", "shelf_colour: flavour(3)"),
        ("- `weight`: smallint", None),
        ("- `title`: as it is", None),
        ("- `weight`: the mass in grams, computed when read", None),
        ("The books weigh more than before.", None),
        ("- Shelves are counted once a year", None),
    ],
)
def test_a_line_like_a_column_that_is_not_understood_is_said(line_, place):
    text = f"# Spec\n\n## Database changes\n\n### books\n\n{line_}\n"
    problems = read_spec("spec.md", text, library()).problems
    assert [problem.span.of(text) for problem in problems if problem.code == "spec-not-read"] == (
        [place] if place else []
    )


def test_a_type_in_a_table_that_is_not_understood_is_said():
    text = "# Spec\n\n## Database changes\n\n### books\n\n| Column | Type |\n|---|---|\n| mass | kilograms |\n"
    (problem,) = read_spec("spec.md", text, library()).problems
    assert problem.message == "`kilograms` is no type that is known, so `books.mass` is read as `text`"
