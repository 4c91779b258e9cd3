"""What is said of tables and columns that are there: what shall be otherwise, and what they allow from now on."""

from collections.abc import Iterator
from dataclasses import replace

from migration_ls.postgres.quoting import identifier, literal
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Change, Grade
from migration_ls.schema.schema import Enum, Schema
from migration_ls.schema.tables import Check, Column, Unique
from migration_ls.sources.problem import Problem
from migration_ls.sources.spec.details import Details
from migration_ls.sources.spec.items import SaidColumn
from migration_ls.sources.spec.merging import is_other_type, too_short
from migration_ls.sources.spec.tables import Tables

_OF_TYPES = asked.AddTable | asked.AddEnum | asked.AddEnumValue | asked.ChangeEnum


def is_satisfied(change: Change, tables: Tables) -> bool:
    """Whether the current schema is so already, or is not ours to change."""
    if not isinstance(change, _OF_TYPES) and tables.is_external(change.table):
        return True
    match change:
        case asked.DropColumn(table=table, column=column) | asked.ChangeType(table=table, column=column):
            return tables.column(table, column) is None
        case asked.AddTable(table=table):
            return tables.table(table.name) is not None
        case asked.RenameColumn(table=table, column=column):
            return tables.column(table, column) is None
        case asked.ChangeNullable(table=table, column=column, nullable=nullable):
            known = tables.column(table, column)
            return known is not None and known.nullable is nullable
        case asked.DropTable(table=table) | asked.RenameTable(table=table):
            return tables.table(table) is None
        case asked.AddEnum(enum=enum):
            return enum.name in tables.schema.enums
        case _:
            return False


def otherwise(table: Name, column: Column, details: Details) -> Iterator[Change | Unique]:
    """The changes that make the column what a definition of it says, where it is said to change."""
    from migration_ls.sources.sql.expressions import expression

    if details.state != "changed" or not details.type or not is_other_type(column.type, details.type):
        return
    yield asked.ChangeType(table=table, column=column.name, type=details.type)
    # what else the definition says counts too, since it is the whole of what the column becomes
    default = expression(details.default) if details.default else None
    if default is not None and default != column.default:
        yield asked.ChangeDefault(table=table, column=column.name, default=default)
    if details.nullable is not None and details.nullable != column.nullable:
        fill = None if details.nullable else default or column.default
        yield asked.ChangeNullable(table=table, column=column.name, nullable=details.nullable, fill=fill)
    if details.unique:
        yield Unique(name=None, columns=(column.name,))


def more_of(table: Name, column: Column, item: SaidColumn, schema: Schema) -> Iterator[Change | Check | Problem]:
    """What a detail of the column comes to: a longer limit, or the values that it allows."""
    from migration_ls.sources.sql.expressions import expression

    length, type_ = item.details.length, column.type
    if item.details.values and item.said.grade is Grade.DECLARED:
        yield from _allowed(column, item, schema)
    elif length is None:
        return
    elif type_.name == "text":
        limit = expression(f"char_length({identifier(column.name)}) <= {length}")
        yield Check(name=None, expression=limit, origin=item.said.origin)
    elif type_.name == "character varying" and type_.length is not None and type_.length > length:
        yield too_short(table, column, length, item.said)
    elif type_.name == "character varying" and type_.length != length:
        yield asked.ChangeType(table=table, column=column.name, type=replace(type_, modifiers=(str(length),)))


def _allowed(column: Column, item: SaidColumn, schema: Schema) -> Iterator[Change | Check]:
    """A check of the values; an enum gets those that it has not."""
    from migration_ls.sources.sql.expressions import expression

    enum = _enum_of(column, schema)
    if enum is None:
        values = ", ".join(map(literal, item.details.values))
        check = expression(f"{identifier(column.name)} IN ({values})")
        yield Check(name=None, expression=check, origin=item.said.origin)
        return
    for value in item.details.values:
        if value not in enum.values:
            yield asked.AddEnumValue(enum=enum.name, value=value)


def _enum_of(column: Column, schema: Schema) -> Enum | None:
    spelled = column.type.element.name
    return next((enum for name, enum in schema.enums.items() if spelled in {name.sql, str(name), name.name}), None)
