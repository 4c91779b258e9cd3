"""Requests from what is said, one for each change."""

from dataclasses import replace

from migration_ls.postgres.types import ColumnType
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.request import Grade, Request
from migration_ls.schema.tables import Check, Column, Constraint, ForeignKey, Index, PrimaryKey, Unique
from migration_ls.sources.problem import Problem
from migration_ls.sources.spec.items import Said

_ALIKE = (
    frozenset({"character varying", "text", "character"}),
    frozenset({"timestamp with time zone", "timestamp without time zone"}),
    frozenset({"integer", "bigint", "smallint"}),
    frozenset({"json", "jsonb"}),
)


def is_other_type(old: ColumnType, new: ColumnType) -> bool:
    """Whether a document means another type, not the same one in looser words (`string` for `varchar(200)`)."""
    if old.name == new.name:
        return bool(new.modifiers) and old.modifiers != new.modifiers
    if any({old.name, new.name} <= alike for alike in _ALIKE):
        return bool(new.modifiers)
    return True


def columns_of(thing: Constraint | Index) -> frozenset[str]:
    """The columns that a constraint or index stands on."""
    match thing:
        case Check(expression=expression):
            return expression.columns
        case Index():
            return frozenset(thing.columns)
        case Unique(columns=columns) | PrimaryKey(columns=columns) | ForeignKey(columns=columns):
            return frozenset(columns)
        case _:
            return frozenset()


def request_for(change: asked.Change, said: Said) -> Request:
    return Request(change=change, origin=said.origin, grade=said.grade, evidence=said.evidence)


def merged(requests: list[Request]) -> list[Request]:
    """One request for each change; the declared one stays, and knows the other's place."""
    kept: dict[tuple[object, ...], Request] = {}
    for number, request in enumerate(requests):
        key = _key(request) or (number,)
        known = kept.get(key)
        if known is None:
            kept[key] = request
            continue
        stays, goes = (
            (request, known) if request.grade is Grade.DECLARED and known.grade is Grade.IMPLIED else (known, request)
        )
        explains: tuple[Origin, ...] = tuple(dict.fromkeys((*stays.explains, goes.origin, *goes.explains)))
        kept[key] = replace(stays, explains=tuple(origin for origin in explains if origin != stays.origin))
    return list(kept.values())


def _key(request: Request) -> tuple[object, ...] | None:
    match request.change:
        case asked.AddColumn(table=table, column=column):
            return ("column", table, column.name)
        case asked.AddTable(table=table):
            return ("table", table.name)
        case asked.AddIndex(table=table, index=index):
            return ("index", table, index.parts, index.using, index.where, index.unique)
        case asked.AddConstraint(table=table, constraint=constraint):
            unnamed: Constraint = replace(constraint, name=None, origin=None)
            return ("constraint", table, unnamed)
        case asked.DropColumn(table=table, column=column_name_):
            return ("drop", table, column_name_)
        case asked.RenameColumn(table=table, column=column_name_):
            return ("rename", table, column_name_)
        case asked.ChangeType(table=table, column=column_name_):
            return ("type", table, column_name_)
        case asked.ChangeNullable(table=table, column=column_name_):
            return ("null", table, column_name_)
        case asked.AddEnum(enum=enum):
            return ("enum", enum.name)
        case asked.AddEnumValue(enum=name, value=value):
            return ("enum value", name, value)
        case asked.ChangeEnum(enum=name):
            return ("enum values", name)
        case _:
            return None


def too_short(table: Name, column: Column, length: int, said: Said) -> Problem:
    """That a limit may be less than what is stored."""
    return Problem(
        code="ambiguous-request",
        message=f"`{table}.{column.name}` holds up to {column.type.length} characters, and stored values may be longer "
        f"than {length}",
        help="Say what happens to longer values, then declare the type under a heading such as `Database changes`",
        span=said.origin.span,
        serious=False,
    )
