"""Fields that are written alike, in one class after another: each says what it says alone, and where it stands."""

from collections.abc import Iterator

from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.tables import Table
from migration_ls.sources.models import ModelFile, read_models

HEAD = """from datetime import datetime
from decimal import Decimal
import sqlalchemy as sa
from sqlmodel import Field, SQLModel


"""
FIELDS = """    id: int | None = Field(default=None, primary_key=True)
    price: Decimal = Field(
        default=Decimal("1.5"), max_digits=8,
        decimal_places=2,  # é
    )
    owner_id: int = Field(foreign_key="other.id", index=True, ondelete="CASCADE")
    made: datetime = Field(sa_column=sa.Column(sa.DateTime(timezone=True), sa.CheckConstraint("made > '2020-01-01'")))
"""
ONE = f"class One(SQLModel, table=True):\n{FIELDS}"
TWO = f"class Two(SQLModel, table=True):\n    note: str\n\n{FIELDS.replace('price:', 'longer_price:')}"


def table_of(text: str, name: str) -> Table:
    return read_models([ModelFile(path="models.py", text=text)]).schema.tables[Name(name)]


def places(table: Table) -> Iterator[tuple[str, Origin | None]]:
    yield "table", table.origin
    for column in table.columns:
        yield column.name, column.origin
        yield from ((f"{column.name} {part}", place) for part, place in column.places)
    for item in (*table.foreign_keys, *table.checks, *table.indexes):
        yield type(item).__name__, item.origin


def words_of(text: str, table: Table) -> list[tuple[str, str, int]]:
    """The words at each place of the table, and the line below that of the table."""
    found = [(what, place) for what, place in places(table) if place is not None]
    first = found[0][1].line
    assert all(place.line == text.count("\n", 0, place.span.start) for _, place in found)
    return [(what, place.span.of(text), place.line - first) for what, place in found]


def test_each_class_has_its_own_places() -> None:
    text = f"{HEAD}{ONE}\n\n{TWO}"
    for name, alone in (("one", HEAD + ONE), ("two", HEAD + TWO)):
        together, single = table_of(text, name), table_of(alone, name)
        assert together == single
        assert words_of(text, together) == words_of(alone, single)


def test_names_of_a_class_body_mean_what_they_mean_there() -> None:
    first = (
        "class One(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    size: int = Field(default=most)\n"
    )
    second = "class Two(SQLModel, table=True):\n    most = 7\n    id: int = Field(primary_key=True)\n    size: int = Field(default=most)\n"
    for text in (HEAD + first + second, HEAD + second + first):
        defaults = {name: table_of(text, name).column("size") for name in ("one", "two")}
        said = {name: column.python_default for name, column in defaults.items() if column is not None}
        assert said["two"] is not None
        assert said["two"].text == "7"
        assert said["one"] != said["two"]


def test_a_name_that_is_given_stays_with_its_field() -> None:
    given = 'sa_column=sa.Column("called", sa.Integer))'
    text = (
        f"{HEAD}class One(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    called: int = Field({given}\n\n"
        f"class Two(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    other: int = Field({given}\n"
    )
    assert [column.name for column in table_of(text, "two").columns] == ["id", "called"]


def test_a_type_that_the_project_defines_is_read_again_when_it_changes() -> None:
    tables = "".join(
        f"class {name}(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    at: Stamp = Field(index=True)\n\n"
        for name in ("One", "Two")
    )
    for meant, expected in (
        ("datetime", "timestamp without time zone"),
        ("int", "integer"),
        ("str", "character varying"),
    ):
        column = table_of(f"{HEAD}Stamp = {meant}\n\n{tables}", "two").column("at")
        assert column is not None
        assert str(column.type) == expected


def test_places_follow_an_edit_that_adds_a_line_and_no_character() -> None:
    before = f'{HEAD}class One(SQLModel, table=True):\n    """What it is."""\n\n{FIELDS}'
    table_of(before, "one")
    after = before.replace("What it is", "What\nit is")
    assert len(after) == len(before)
    words_of(after, table_of(after, "one"))


def test_an_import_that_becomes_another_is_seen() -> None:
    body = (
        "class One(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    kind: str = Field(sa_type=Kind)\n"
    )
    types = {
        "from sqlalchemy import Text as Kind": "text",
        "from sqlalchemy import Integer as Kind": "integer",
        "Kind = sa.BigInteger": "bigint",
    }
    for line, expected in (*types.items(), *types.items()):
        column = table_of(f"{HEAD}{line}\n\n\n{body}", "one").column("kind")
        assert column is not None
        assert str(column.type) == expected


def test_star_imports_that_change_are_seen() -> None:
    body = (
        "class One(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    at: str = Field(sa_type=Text)\n"
    )
    own = ModelFile(path="own.py", text="from sqlalchemy import Date as Text\n")
    for line, expected in (("from sqlalchemy import *", "text"), ("from own import *", "date")):
        text = f"from sqlmodel import Field, SQLModel\n{line}\nfrom enum import *\n\n\n{body}"
        found = read_models([ModelFile(path="models.py", text=text), own]).schema.tables[Name("one")].column("at")
        assert found is not None
        assert str(found.type) == expected
