"""Columns and constraints of revisions as SQL."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from migration_ls.postgres.quoting import identifier, identifiers, literal, qualified
from migration_ls.sources.alembic.types import SERIALS, EnumType, sql_type
from migration_ls.sources.alembic.values import Construct, FinalName, Unknown

Convention = Mapping[str, str]
_GIVEN = "%(constraint_name)s"
_TOKEN = re.compile(r"%\((\w+)\)s")


class UntranslatableError(ValueError):
    """A call whose SQL is not known; the message says what stands in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The table a call is about."""

    name: str
    schema: str | None = None

    @property
    def sql(self) -> str:
        """Its name as SQL."""
        return qualified(self.schema, self.name) if self.schema else identifier(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSql:
    """A column as SQL, with what else it asks for."""

    name: str
    sql: str
    enum: EnumType | None = None
    primary_key: bool = False
    index: bool = False
    unique: bool = False


def column_sql(column: Any, target: Target, convention: Convention, keys: Sequence[str] | None = None) -> ColumnSql:
    """A `Column(...)`; `keys` are the columns of the table's primary key, None outside CREATE TABLE.

    Raises:
        UntranslatableError: It is no column, or of a type that is not known.
    """
    if not isinstance(column, Construct) or column.name != "Column" or column.text(0, "name") is None:
        raise UntranslatableError("a column is not written out")
    name = str(column.text(0, "name"))
    type_value = column.argument(1, "type_")
    extras = [item for item in column.arguments[1:] if isinstance(item, Construct) and item is not type_value]
    type_ = sql_type(type_value, target.schema)
    if type_ is None:
        raise UntranslatableError(f"the type of `{name}` is not known")
    names = {item.name for item in extras}
    default = default_sql(column.keywords.get("server_default"))
    key = column.keywords.get("primary_key") is True or name in (keys or ())
    words = [identifier(name), type_.sql]
    counts = column.keywords.get("autoincrement", "auto")
    alone = keys is not None and len(keys) == 1 and "ForeignKey" not in names and counts != "ignore_fk"
    if key and type_.sql in SERIALS and default is None and not names & {"Identity", "Computed", "Sequence"}:
        words[1] = SERIALS[type_.sql] if counts is True or (counts in ("auto", None) and alone) else type_.sql
    if default is not None:
        words.append(f"DEFAULT {default}")
    words += [_extra(item, target, convention, name) for item in extras]
    words += ["NOT NULL"] if column.keywords.get("nullable", not key) is False else []
    index, unique = column.keywords.get("index") is True, column.keywords.get("unique") is True
    if unique and not index:
        words.append(_named(None, "uq", target, [name], convention) + "UNIQUE")
    return ColumnSql(
        name=name, sql=" ".join(filter(None, words)), enum=type_.enum, primary_key=key, index=index, unique=unique
    )


def _extra(item: Construct, target: Target, convention: Convention, column: str) -> str:
    match item.name:
        case "ForeignKey":
            return _references(item, target, convention, column)
        case "Identity":
            return f"GENERATED {'ALWAYS' if item.argument(2, 'always') is True else 'BY DEFAULT'} AS IDENTITY"
        case "Computed":
            text = sql_text(item.argument(0, "sqltext"))
            return f"GENERATED ALWAYS AS ({text}) STORED" if text else ""
        case "CheckConstraint":
            text = sql_text(item.argument(0, "sqltext"))
            return (
                f"{_named(item.keywords.get('name'), 'ck', target, [column], convention)}CHECK ({text})" if text else ""
            )
        case _:
            return ""


def _references(item: Construct, target: Target, convention: Convention, column: str) -> str:
    place = item.text(0, "column")
    if place is None:
        raise UntranslatableError("what a foreign key refers to is not written out")
    table, referred = _split(place)
    name = _named(item.keywords.get("name"), "fk", target, [column], convention, table.name, referred)
    return f"{name}REFERENCES {table.sql} ({identifier(referred)}){actions(item.keywords)}"


def actions(keywords: Mapping[str, Any]) -> str:
    """ON DELETE and the like."""
    words = [
        f" {word} {keywords[key]}"
        for key, word in (("ondelete", "ON DELETE"), ("onupdate", "ON UPDATE"))
        if isinstance(keywords.get(key), str)
    ]
    words += [" DEFERRABLE"] if keywords.get("deferrable") is True else []
    words += [f" INITIALLY {keywords['initially']}"] if isinstance(keywords.get("initially"), str) else []
    words += [" NOT VALID"] if keywords.get("postgresql_not_valid") is True else []
    return "".join(words)


def constraint_sql(item: Construct, target: Target, convention: Convention) -> str | None:
    """A table constraint as CREATE TABLE has it; None for what is none.

    Raises:
        UntranslatableError: A part of it is not written out.
    """
    given = item.keywords.get("name")
    match item.name:
        case "PrimaryKeyConstraint":
            columns = words(item.arguments)
            return f"{_named(given, 'pk', target, columns, convention)}PRIMARY KEY ({identifiers(columns)})"
        case "UniqueConstraint":
            columns = words(item.arguments)
            return f"{_named(given, 'uq', target, columns, convention)}UNIQUE ({identifiers(columns)})"
        case "CheckConstraint":
            text = sql_text(item.argument(0, "sqltext"))
            if text is None:
                raise UntranslatableError("a check is not written out")
            return f"{_named(given, 'ck', target, [], convention)}CHECK ({text})"
        case "ForeignKeyConstraint":
            columns = words(item.argument(0, "columns"))
            places = [_split(place) for place in words(item.argument(1, "refcolumns"))]
            if not places:
                raise UntranslatableError("what a foreign key refers to is not written out")
            name = _named(given, "fk", target, columns, convention, places[0][0].name, places[0][1])
            referred = identifiers([column for _, column in places])
            return (
                f"{name}FOREIGN KEY ({identifiers(columns)}) REFERENCES {places[0][0].sql} ({referred})"
                f"{actions(item.keywords)}"
            )
        case _:
            return None


def constraint_name(
    given: Any, kind: str, target: Target, columns: Sequence[str], convention: Convention, *referred: str
) -> str | None:
    """The name as given, else by the naming convention; None where PostgreSQL chooses."""
    pattern = convention.get(kind)
    if isinstance(given, str) and (isinstance(given, FinalName) or not pattern or _GIVEN not in pattern):
        return given
    if pattern is None or (_GIVEN in pattern and not isinstance(given, str)):
        return None
    label = f"{target.schema}_{target.name}" if target.schema else target.name
    first = columns[0] if columns else ""
    values = {
        "table_name": target.name,
        "column_0_name": first,
        "column_0_key": first,
        "column_0_label": f"{label}_{first}",
        "column_0_N_name": "_".join(columns),
        "column_0N_name": "".join(columns),
        "constraint_name": given if isinstance(given, str) else "",
        "referred_table_name": referred[0] if referred else "",
        "referred_column_0_name": referred[1] if len(referred) > 1 else "",
    }
    return _TOKEN.sub(lambda match: values.get(match[1], ""), pattern)


def index_name(target: Target, columns: Sequence[str], convention: Convention) -> str:
    """The name of an index without one."""
    return constraint_name(None, "ix", target, columns, {"ix": "ix_%(column_0_label)s", **convention}) or ""


def _named(
    given: Any, kind: str, target: Target, columns: Sequence[str], convention: Convention, *referred: str
) -> str:
    name = constraint_name(given, kind, target, columns, convention, *referred)
    return f"CONSTRAINT {identifier(name)} " if name else ""


def default_sql(value: Any) -> str | None:
    """A server default: a string is a literal, `text(...)` is SQL; None when there is none."""
    match value:
        case None | Unknown():
            return None
        case str():
            return literal(value)
        case Construct():
            return sql_text(value)
        case _:
            return str(value).lower() if isinstance(value, bool | int | float) else None


def sql_text(value: Any) -> str | None:
    """The SQL that a string, `text(...)`, `func.now()` or `true()` stands for."""
    match value:
        case str():
            return value
        case Construct(name="text" | "literal_column" | "column" | "DDL", arguments=(str() as text, *_)):
            return text
        case Construct(name="true" | "false" | "null" as word):
            return word
        case Construct(
            name="current_timestamp" | "current_date" | "current_time" as word, owner=Construct(name="func")
        ):
            return word.upper()
        case Construct(name=name, owner=Construct(name="func"), arguments=arguments):
            inner = [literal(item) if isinstance(item, str) else sql_text(item) or str(item) for item in arguments]
            return f"{name}({', '.join(inner)})"
        case _:
            return None


def words(value: Any) -> list[str]:
    """The strings of a sequence.

    Raises:
        UntranslatableError: One of them is not known.
    """
    if isinstance(value, str):
        return [value]
    if not isinstance(value, tuple) or not all(isinstance(item, str) for item in value):
        raise UntranslatableError("names of columns are not written out")
    return [str(item) for item in value]


def _split(place: str) -> tuple[Target, str]:
    """`app.users.id`: the table and the column."""
    table, _, column = place.rpartition(".")
    schema, _, name = table.rpartition(".")
    return Target(name=name or table, schema=schema or None), column
