"""SQLAlchemy is the judge: what it makes of a module is what the reader has to say without importing it."""

import importlib.util
import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import networks
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import clear_mappers
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel
from sqlmodel.main import default_registry

from migration_ls.postgres.types import parse_type
from migration_ls.schema.json import schema_json
from migration_ls.sources.models import ModelFile, read_models
from migration_ls.sources.sql.expressions import expression

CASES = Path(__file__).parent.parent / "cases" / "models"
DIALECT = postgresql.dialect(paramstyle="named")
VERSION = (0, 0, 50)
_numbers = itertools.count()


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # What the cases import without needing it here: the checker of addresses, and what asyncio sessions run on.
    monkeypatch.setattr(networks, "import_email_validator", lambda: None)
    asyncio = ModuleType("sqlalchemy.ext.asyncio")
    asyncio.AsyncAttrs = type("AsyncAttrs", (), {})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sqlalchemy.ext.asyncio", asyncio)
    yield
    SQLModel.metadata.clear()
    default_registry.dispose()
    clear_mappers()


def load(path: Path) -> ModuleType:
    name = f"models_case_{next(_numbers)}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def sql(clause: Any) -> str:
    return str(clause.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True}))


def canonical(text: str | None) -> str | None:
    return expression(text).canonical if text is not None else None


def truth(metadatas: list[sa.MetaData]) -> dict[str, Any]:
    """What SQLAlchemy compiles for PostgreSQL, in the shape of `said`."""
    tables: dict[str, Any] = {}
    enums: dict[str, list[str]] = {}
    for metadata in metadatas:
        for table in metadata.tables.values():
            ddl = str(CreateTable(table).compile(dialect=DIALECT))
            tables[f"{table.schema or 'public'}.{table.name}"] = _table(table, ddl)
            for column in table.columns:
                type_ = column.type.dialect_impl(DIALECT)
                inner = getattr(type_, "item_type", type_)
                if isinstance(inner, sa.Enum) and inner.native_enum:
                    enums[f"{inner.schema or 'public'}.{inner.name}"] = list(inner.enums)
    return {"tables": tables, "enums": enums}


def _table(table: sa.Table, ddl: str) -> dict[str, Any]:
    columns = []
    for column in table.columns:
        serial = f"\t{DIALECT.identifier_preparer.format_column(column)} " in ddl and any(
            line.strip().startswith(f"{DIALECT.identifier_preparer.format_column(column)} {word}")
            for line in ddl.splitlines()
            for word in ("SERIAL", "BIGSERIAL", "SMALLSERIAL")
        )
        default = column.server_default.arg if isinstance(column.server_default, sa.DefaultClause) else None
        if isinstance(default, str):
            default = "'" + default.replace("'", "''") + "'"
        elif default is not None:
            default = sql(default)
        if isinstance(default, str) and default.upper() == "NULL":
            default = None
        columns.append(
            {
                "name": column.name,
                "type": _type(column.type.compile(dialect=DIALECT).partition(" COLLATE ")[0]),
                "collation": getattr(column.type, "collation", None),
                # Whatever SQLAlchemy notes, PostgreSQL makes the columns of a key NOT NULL.
                "nullable": column.nullable and not column.primary_key,
                "default": canonical(default),
                "serial": serial,
                "identity": ("always" if column.identity.always else "by default") if column.identity else None,
                "generated": canonical(str(column.computed.sqltext)) if column.computed else None,
                "python_default": column.default is not None and not column.default.is_sequence,
                "comment": column.comment,
            }
        )
    constraints = {*table.constraints, *(item for column in table.columns for item in column.constraints)}
    return {
        "columns": columns,
        "comment": table.comment,
        "primary_key": [column.name for column in table.primary_key.columns],
        "constraints": sorted(_constraint(item) for item in constraints if _is_made(item)),
        "indexes": sorted(_index(item) for item in table.indexes),
    }


def _type(spelling: str) -> str:
    if spelling.startswith("FLOAT("):
        return "real" if int(spelling[6:-1]) <= 24 else "double precision"
    return str(parse_type(spelling))


def _is_made(item: Any) -> bool:
    """Whether PostgreSQL gets to see the constraint; that of a Boolean, for one, is for others."""
    if not isinstance(item, sa.UniqueConstraint | sa.CheckConstraint | sa.ForeignKeyConstraint):
        return False
    nothing: Any = None
    rule: Any = getattr(item, "_create_rule", None)
    return rule is None or rule(DIALECT.ddl_compiler(DIALECT, nothing))


def _name(item: Any) -> str | None:
    return DIALECT.identifier_preparer.format_constraint(item) if item.name is not None else None


def _constraint(item: Any) -> str:
    name = (_name(item) or "").strip('"')
    match item:
        case sa.UniqueConstraint():
            return json.dumps(["unique", name, [column.name for column in item.columns]])
        case sa.CheckConstraint():
            return json.dumps(["check", name, canonical(sql(item.sqltext))])
        case _:
            targets = [f"{element.column.table.fullname}.{element.column.name}" for element in item.elements]
            columns = [column.name for column in item.columns]
            return json.dumps(["key", name, columns, targets, _action(item.ondelete), _action(item.onupdate)])


def _action(text: str | None) -> str | None:
    return text.upper() if text and text.upper() != "NO ACTION" else None


def _index(item: sa.Index) -> str:
    return json.dumps(_index_of_sql(str(CreateIndex(item).compile(dialect=DIALECT))))


def _index_of_sql(text: str) -> list[Any]:
    from migration_ls.operations.create_index import CreateIndex as Operation
    from migration_ls.sources.sql.reader import read_sql

    operation = read_sql(text).statements[0].clauses[0].operation
    assert isinstance(operation, Operation)
    index = operation.index
    where = index.where.canonical if index.where else None
    return [index.name, [str(part) for part in index.parts], index.unique, index.using, where, list(index.include)]


def said(text: str, path: str = "models.py") -> dict[str, Any]:
    return said_of([ModelFile(path=path, text=text)])


def said_of(files: list[ModelFile]) -> dict[str, Any]:
    reading = read_models(files, sqlmodel_version=VERSION)
    tables: dict[str, Any] = {}
    collations = {
        (name.namespace, name.name, column.name): column.collation
        for name, table in reading.schema.tables.items()
        for column in table.columns
    }
    for table in schema_json(reading.schema)["tables"]:
        constraints = [json.dumps(["unique", item["name"] or "", item["columns"]]) for item in table["uniques"]]
        constraints += [
            json.dumps(["check", item["name"] or "", canonical(item["expression"])]) for item in table["checks"]
        ]
        for item in table["foreign_keys"]:
            prefix = f"{item['ref_schema']}." if item["ref_schema"] else ""
            targets = [f"{prefix}{item['ref_table']}.{column}" for column in item["ref_columns"]]
            constraints.append(
                json.dumps(["key", item["name"] or "", item["columns"], targets, item["on_delete"], item["on_update"]])
            )
        tables[f"{table['schema'] or 'public'}.{table['name']}"] = {
            "columns": [
                {
                    "name": column["name"],
                    "type": column["type"],
                    "collation": collations.get((table["schema"] or "public", table["name"], column["name"])),
                    "nullable": column["nullable"],
                    "default": canonical(column["default"]),
                    "serial": column["autoincrement"],
                    "identity": column["identity"],
                    "generated": canonical(column["generated"]),
                    "python_default": column["python_default"] is not None,
                    "comment": column.get("comment"),
                }
                for column in table["columns"]
            ],
            "comment": table.get("comment"),
            "primary_key": table["primary_key"],
            "constraints": sorted(constraints),
            "indexes": sorted(
                json.dumps(
                    [
                        item["name"],
                        item["columns"],
                        item["unique"],
                        item["using"],
                        canonical(item["where"]),
                        item["include"],
                    ]
                )
                for item in table["indexes"]
            ),
        }
    enums = {f"{name.namespace}.{name.name}": list(enum.values) for name, enum in reading.schema.enums.items()}
    return {"tables": tables, "enums": enums}


def lines(schema: dict[str, Any]) -> list[str]:
    """One line for each fact, so that a difference is easily read."""
    found = [f"enum {name} {values}" for name, values in schema["enums"].items()]
    for name, table in schema["tables"].items():
        found.append(f"{name} {[column['name'] for column in table['columns']]} {table['primary_key']}")
        found.append(f"{name} {table['comment']}")
        found += [f"{name} column {json.dumps(column)}" for column in table["columns"]]
        found += [f"{name} {item}" for item in (*table["constraints"], *table["indexes"])]
    return sorted(found)


def metadatas_of(module: ModuleType) -> list[sa.MetaData]:
    found = {id(SQLModel.metadata): SQLModel.metadata}
    for value in list(vars(module).values()):
        for metadata in (value, getattr(value, "metadata", None)):
            if isinstance(metadata, sa.MetaData):
                found[id(metadata)] = metadata
    return list(found.values())


@pytest.mark.parametrize("path", sorted(CASES.glob("*.py")), ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore")
def test_a_module_reads_as_sqlalchemy_makes_it(path: Path) -> None:
    module = load(path)
    assert lines(said(path.read_text())) == lines(truth(metadatas_of(module)))


PACKAGES = Path(__file__).parent.parent / "cases" / "models_packages"
PARTS = [("big", "big", "app.models"), ("shop", "", "shop.models")]
"""Each package of the folder: its name, the import root below the folder, what to import."""


@pytest.mark.parametrize(("name", "root", "module"), PARTS, ids=[name for name, _, _ in PARTS])
@pytest.mark.filterwarnings("ignore")
def test_a_package_reads_as_sqlalchemy_makes_it(
    name: str, root: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(PACKAGES / root))
    before = set(sys.modules)
    try:
        importlib.import_module(module)
        made = [value for key, value in sys.modules.items() if key not in before]
        metadatas = {id(item): item for part in made for item in metadatas_of(part)}
        base = PACKAGES / root
        files = [
            ModelFile(path=path.relative_to(base).as_posix(), text=path.read_text())
            for path in sorted((PACKAGES / name).rglob("*.py"))
        ]
        assert lines(said_of(files)) == lines(truth(list(metadatas.values())))
    finally:
        for key in set(sys.modules) - before:
            del sys.modules[key]


FIELD_TYPES = [
    "int",
    "str",
    "float",
    "bool",
    "datetime",
    "date",
    "time",
    "timedelta",
    "bytes",
    "Decimal",
    "UUID",
    "Kind",
]
SA_TYPES = ["sa.Text", "sa.BigInteger", "sa.String(7)", "sa.DateTime(timezone=True)", "sa.SmallInteger()", "JSONB"]
HEAD = """import enum
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Optional
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


LENGTH = 2 * 4
NAME = "col"


class Kind(enum.Enum):
    A = "x"
    B = "y"


def made(kind, *rest, null=True, **options):
    if null:
        return sa.Column(kind, *rest, **options)
    options["nullable"] = False
    return sa.Column(kind, *rest, **options)


"""


@st.composite
def fields(draw: st.DrawFn) -> str:
    """A field's annotation and value."""
    type_ = draw(st.sampled_from(FIELD_TYPES))
    annotation = draw(st.sampled_from(["{}", "Optional[{}]", "{} | None", '"{}"', "Annotated[{}, Field()]"])).format(
        type_
    )
    form = draw(st.integers(0, 9))
    if form == 0:
        return annotation
    if form == 1:
        if draw(st.booleans()):
            rest = draw(
                st.sampled_from(["", ", null=False", ", comment='x'", ", unique=True", ', sa.ForeignKey("parent.id")'])
            )
            return f"{annotation} = Field(sa_column=made({draw(st.sampled_from(SA_TYPES))}{rest}))"
        null = draw(st.sampled_from(["", ", nullable=False", ", index=True", ", unique=True", ', server_default="1"']))
        return f"{annotation} = Field(sa_column=sa.Column({draw(st.sampled_from(SA_TYPES))}{null}))"
    arguments = [
        item
        for item in (
            "default=None" if "None" in annotation or "Optional" in annotation else "",
            "index=True",
            "unique=True",
            "nullable=True",
            "nullable=False",
            "primary_key=True",
            'foreign_key="parent.id"',
            'sa_column_kwargs={"server_default": sa.text("1")}',
            f"sa_type={draw(st.sampled_from(SA_TYPES))}",
            'sa_column_kwargs={"comment": NAME, "index": True}',
            "sa_column_args=[sa.CheckConstraint('1 = 1')]",
            'ondelete="CASCADE"',
            "max_length=LENGTH" if type_ == "str" else "",
            "max_length=5" if type_ == "str" else "",
            "max_digits=8, decimal_places=3" if type_ == "Decimal" else "",
        )
        if item and draw(st.integers(0, 3)) == 0
    ]
    by_name = {item.partition("=")[0]: item for item in arguments}
    if "foreign_key" not in by_name:
        by_name.pop("ondelete", None)
    return f"{annotation} = Field({', '.join(by_name.values())})"


@st.composite
def modules(draw: st.DrawFn) -> str:
    """A base, a parent table and a table that inherits from the base."""
    names = draw(st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=7, unique=True))
    cut = draw(st.integers(0, len(names)))
    base = [f"    {name}: {draw(fields())}" for name in names[:cut]] or ["    pass"]
    own = names[cut:] + [name for name in names[:cut] if draw(st.integers(0, 3)) == 0]
    table = [f"    {name}: {draw(fields())}" for name in own]
    return (
        HEAD
        + "class Parent(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n\n\n"
        + "class Base(SQLModel):\n"
        + "\n".join(base)
        + "\n\n\nclass Child(Base, table=True):\n    key: int = Field(primary_key=True)\n"
        + "\n".join(table)
        + "\n"
    )


MAPPED = """import enum
import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Optional

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

short = Annotated[str, mapped_column(sa.String(9), index=True)]
key = Annotated[int, mapped_column(sa.BigInteger, primary_key=True)]


class Kind(enum.Enum):
    A = "x"
    B = "y"


class Base(DeclarativeBase):
    type_annotation_map = {{datetime: sa.DateTime(timezone=True)}}


class Stamped:
    stamp: Mapped[datetime] = mapped_column(server_default=sa.func.now())

    @declared_attr
    def owner_id(cls) -> Mapped[Optional[int]]:
        return mapped_column(sa.ForeignKey("parent.id"), index=True)


class Parent(Base):
    __tablename__ = "parent"
    id: Mapped[key]


class Child({bases}):
    __tablename__ = "child"
    id: Mapped[int] = mapped_column(primary_key=True)
{body}
"""


@st.composite
def mapped_modules(draw: st.DrawFn) -> str:
    """A declarative module with a mixin, aliases and columns with and without calls."""
    body: list[str] = []
    for name in draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6, unique=True)):
        kinds = [
            "int",
            "str",
            "datetime",
            "date",
            "Decimal",
            "uuid.UUID",
            "Kind",
            "short",
            'Literal["a", "bb"]',
            "bytes",
        ]
        inner = draw(st.sampled_from(["{}", "Optional[{}]", "{} | None"])).format(draw(st.sampled_from(kinds)))
        parts = [
            item
            for item in (
                f'"{name.upper()}"',
                draw(st.sampled_from(["sa.String(3)", "sa.Text", "sa.Numeric(4, 1)", "sa.Enum(Kind, name='kind')"])),
                draw(st.sampled_from(['sa.ForeignKey("parent.id")', 'sa.ForeignKey(Parent.id, ondelete="CASCADE")'])),
                "nullable=True",
                "unique=True",
                "index=True",
                "server_default=sa.text('1')",
                "comment='it''s'",
                "sort_order=-1",
            )
            if draw(st.integers(0, 3)) == 0
        ]
        call = f" = mapped_column({', '.join(parts)})" if parts or draw(st.booleans()) else ""
        body.append(f"    {name}: Mapped[{inner}]{call}")
    return MAPPED.format(bases=draw(st.sampled_from(["Base", "Stamped, Base"])), body="\n".join(body))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=mapped_modules())
@pytest.mark.filterwarnings("ignore")
def test_any_declarative_module_reads_as_sqlalchemy_makes_it(text: str, tmp_path: Path) -> None:
    path = tmp_path / f"models_{next(_numbers)}.py"
    path.write_text(text)
    assert lines(said(text)) == lines(truth(metadatas_of(load(path))))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=modules())
@pytest.mark.filterwarnings("ignore")
def test_any_simple_module_reads_as_sqlalchemy_makes_it(text: str, tmp_path: Path) -> None:
    path = tmp_path / f"models_{next(_numbers)}.py"
    path.write_text(text)
    try:
        module = load(path)
        assert lines(said(text)) == lines(truth(metadatas_of(module)))
    finally:
        SQLModel.metadata.clear()
        default_registry.dispose()
