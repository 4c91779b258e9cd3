"""Columns and constraints of revisions as SQL."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from migration_ls.postgres.quoting import identifier, identifiers, literal, qualified
from migration_ls.schema.names import Name
from migration_ls.sources.alembic.types import SERIALS, EnumType, sql_type
from migration_ls.sources.alembic.values import Construct, FinalName, Unknown
from migration_ls.sources.models.naming import Metadata, Named

Convention = Mapping[str, str]


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
    comment: str | None = None


_IN_PYTHON = frozenset({"default", "onupdate", "info", "doc", "key", "insert_default", "quote"})
"""Arguments of a column that the database never sees."""


def refuse_unknown(call: Construct, what: str, needless: Iterable[str] = ()) -> None:
    """Say so when a keyword of a call is not written out.

    Raises:
        UntranslatableError: One is not.
    """
    for key, value in call.keywords.items():
        if isinstance(value, Unknown) and key not in needless:
            raise UntranslatableError(
                f"`{key}` {what} is not written out" if key != "**" else f"more {what} is not known"
            )
    for key in ("nullable", "primary_key", "unique", "index"):
        if not isinstance(call.keywords.get(key), bool | None):
            raise UntranslatableError(f"`{key}` {what} is not written out")


def column_sql(column: Any, target: Target, convention: Convention, keys: Sequence[str] | None = None) -> ColumnSql:
    """A `Column(...)`; `keys` are the columns of the table's primary key, None outside CREATE TABLE.

    Raises:
        UntranslatableError: It is no column, or of a type that is not known.
    """
    if not isinstance(column, Construct) or column.name != "Column" or column.text(0, "name") is None:
        raise UntranslatableError("a column is not written out")
    name = str(column.text(0, "name"))
    refuse_unknown(column, f"of `{name}`", _IN_PYTHON)
    type_value = column.argument(1, "type_")
    extras = [item for item in column.arguments[1:] if isinstance(item, Construct) and item is not type_value]
    type_ = sql_type(type_value, target.schema)
    if type_ is None:
        raise UntranslatableError(f"the type of `{name}` is not known")
    names = {item.name for item in extras}
    default = default_sql(column.keywords.get("server_default"))
    key = column.keywords.get("primary_key") is True or name in (keys or ())
    words = [identifier(name), type_.sql]
    comment = column.text(len(column.arguments), "comment")
    counts = column.keywords.get("autoincrement", "auto")
    alone = keys is not None and len(keys) == 1 and "ForeignKey" not in names and counts != "ignore_fk"
    if key and type_.sql in SERIALS and default is None and not names & {"Identity", "Computed", "Sequence"}:
        words[1] = SERIALS[type_.sql] if counts is True or (counts in ("auto", None) and alone) else type_.sql
    words += [f"COLLATE {identifier(type_.collation)}"] if type_.collation else []
    if default is not None:
        words.append(f"DEFAULT {default}")
    words += [_extra(item, target, convention, name) for item in extras]
    words += ["NOT NULL"] if column.keywords.get("nullable", not key) is False else []
    index, unique = column.keywords.get("index") is True, column.keywords.get("unique") is True
    if unique and not index:
        words.append(_named(None, "uq", target, [name], convention) + "UNIQUE")
    return ColumnSql(
        name=name,
        sql=" ".join(filter(None, words)),
        enum=type_.enum,
        primary_key=key,
        index=index,
        unique=unique,
        comment=comment,
    )


def _extra(item: Construct, target: Target, convention: Convention, column: str) -> str:
    match item.name:
        case "ForeignKey":
            return _references(item, target, convention, column)
        case "Identity":
            return identity_sql(item)
        case "Computed":
            return f"GENERATED ALWAYS AS ({_text_of(item, 'the expression of a computed column')}) STORED"
        case "CheckConstraint":
            name = _named(item.keywords.get("name"), "ck", target, [column], convention)
            return f"{name}CHECK ({_text_of(item, 'a check')})"
        case "Sequence":
            raise UntranslatableError(f"the sequence of `{column}` is made by SQLAlchemy")
        case _:
            return ""


def identity_sql(item: Construct) -> str:
    """What makes a column an identity."""
    options: list[str] = []
    for place, key, word in ((2, "start", "START WITH"), (3, "increment", "INCREMENT BY"), (4, "minvalue", "MINVALUE"),
                             (5, "maxvalue", "MAXVALUE"), (9, "cache", "CACHE")):  # fmt: skip
        value = item.argument(place, key)
        options += [f"{word} {value}"] if isinstance(value, int) and not isinstance(value, bool) else []
    options += ["CYCLE"] if item.argument(8, "cycle") is True else []
    always = "ALWAYS" if item.argument(0, "always") is True else "BY DEFAULT"
    return f"GENERATED {always} AS IDENTITY" + (f" ({' '.join(options)})" if options else "")


def _text_of(item: Construct, what: str) -> str:
    text = sql_text(item.argument(0, "sqltext"))
    if text is None:
        raise UntranslatableError(f"{what} is not written out")
    return text


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
            return f"{_named(given, 'ck', target, [], convention)}CHECK ({_text_of(item, 'a check')})"
        case "ExcludeConstraint" | "exclude":
            return f"{_named(given, 'ex', target, [], convention)}{exclusion_sql(item, item.arguments)}"
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


def exclusion_sql(item: Construct, elements: Sequence[Any]) -> str:
    """EXCLUDE of a constraint that lists its elements with their operators."""
    parts: list[str] = []
    classes = item.keywords.get("ops")
    for element in elements:
        match element:
            case (what, str() as operator):
                name = identifier(what) if isinstance(what, str) else sql_text(what)
                chosen = classes.get(what) if isinstance(classes, dict) and isinstance(what, str) else None
            case _:
                name, operator, chosen = None, "", None
        if name is None:
            raise UntranslatableError("the elements of an exclusion constraint are not written out")
        parts.append(f"{name} {chosen} WITH {operator}" if isinstance(chosen, str) else f"{name} WITH {operator}")
    method = item.keywords.get("using")
    where = sql_text(item.keywords.get("where"))
    tail = f" WHERE ({where})" if where else ""
    deferred = actions(item.keywords)
    return f"EXCLUDE USING {method if isinstance(method, str) else 'gist'} ({', '.join(parts)}){tail}{deferred}"


def constraint_name(
    given: Any, kind: str, target: Target, columns: Sequence[str], convention: Convention, *referred: str
) -> str | None:
    """The name as given, else by the naming convention; None where PostgreSQL chooses."""
    if isinstance(given, FinalName):
        return given
    named = Named(
        table=Name(target.name, target.schema or "public"),
        columns=tuple(columns),
        referred=Name(referred[0]) if referred else None,
        referred_columns=referred[1:],
        given=given if isinstance(given, str) else None,
    )
    return Metadata(patterns=convention).name(kind, named) if kind in convention else named.given


def index_name(target: Target, columns: Sequence[str], convention: Convention) -> str:
    """The name of an index without one."""
    return constraint_name(None, "ix", target, columns, {"ix": "ix_%(column_0_label)s", **convention}) or ""


def _named(
    given: Any, kind: str, target: Target, columns: Sequence[str], convention: Convention, *referred: str
) -> str:
    name = constraint_name(given, kind, target, columns, convention, *referred)
    return f"CONSTRAINT {identifier(name)} " if name else ""


def default_sql(value: Any) -> str | None:
    """A server default: a string is a literal, `text(...)` is SQL; None when there is none.

    Raises:
        UntranslatableError: It is not written out.
    """
    match value:
        case None | False:
            return None
        case str():
            return literal(value)
        case Construct(name="FetchedValue"):
            return None
        case Construct(name="DefaultClause", arguments=(inner, *_)):
            return default_sql(inner)
        case Construct(name="member", arguments=(_, str() as text)):
            return literal(text)
        case bool() | int() | float():
            return str(value).lower()
        case _:
            found = sql_text(value)
            if found is None:
                raise UntranslatableError("a default is not written out")
            return found


_BIND = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
"""A parameter of SQLAlchemy's `text()`, https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.text."""


def executed_sql(text: str) -> str:
    r"""What `text()` sends: its parameters as the driver has them, and `\:` without the backslash."""
    return _BIND.sub("$1", text).replace("\\:", ":")


def sql_text(value: Any) -> str | None:
    """The SQL that a string, `text(...)`, `func.now()` or `true()` stands for."""
    match value:
        case str():
            return value
        case Construct(name="text", arguments=(str() as text, *_)):
            return executed_sql(text)
        case Construct(name="literal_column" | "DDL", arguments=(str() as text, *_)):
            return text
        case Construct(name="column", arguments=(str() as text, *_)):
            return identifier(text)
        case Construct(name="bindparams" | "columns" | "execution_options" | "self_group", owner=owner):
            return sql_text(owner)
        case Construct(name="true" | "false" | "null" as word):
            return word
        case Construct(
            name="current_timestamp" | "current_date" | "current_time" | "localtimestamp" as word,
            owner=Construct(name="func"),
        ):
            return word.upper()
        case Construct(name="cast", arguments=(inner, Construct() as type_, *_)):
            sql, spelled = _argument_sql(inner), sql_type(type_)
            return f"CAST({sql} AS {spelled.sql})" if sql and spelled else None
        case Construct(name=name, owner=Construct(name="func"), arguments=arguments):
            parts = [_argument_sql(item) for item in arguments]
            return f"{name}({', '.join(filter(None, parts))})" if None not in parts else None
        case Construct(name="CreateSequence" | "DropSequence" | "CreateSchema" | "DropSchema" as name):
            return _object_sql(name, value)
        case _:
            return None


def _argument_sql(value: Any) -> str | None:
    if isinstance(value, str):
        return literal(value)
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return sql_text(value)


def _object_sql(name: str, value: Construct) -> str | None:
    """`CreateSchema("app", if_not_exists=True)`, `CreateSequence(Sequence("numbers"))`."""
    given = value.argument(0, "name")
    schema = None
    if isinstance(given, Construct) and given.name == "Sequence":
        schema, given = given.keywords.get("schema"), given.argument(0, "name")
    if not isinstance(given, str):
        return None
    verb, kind = ("CREATE", name[6:]) if name.startswith("Create") else ("DROP", name[4:])
    guard = " IF NOT EXISTS" if value.keywords.get("if_not_exists") is True else ""
    guard = " IF EXISTS" if value.keywords.get("if_exists") is True else guard
    full = qualified(schema, given) if isinstance(schema, str) else identifier(given)
    cascade = " CASCADE" if value.keywords.get("cascade") is True else ""
    return f"{verb} {kind.upper()}{guard} {full}{cascade}"


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
