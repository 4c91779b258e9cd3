"""The wanted schema: the current one with every request."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from migration_ls.diffing.following import renames
from migration_ls.diffing.naming import Naming, naming_of
from migration_ls.diffing.python_defaults import server_default
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_table import RenameTable
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Grade, Request
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Column, Constraint, ForeignKey, Index, Table

_ColumnChange = Callable[[Column], Column]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two requests for one thing that disagree."""

    first: Request
    second: Request
    what: str
    """`tasks.priority`"""
    says: tuple[str, str]
    """What each says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The wanted schema, requests that disagree, and what was assumed on the way."""

    schema: Schema
    conflicts: tuple[Conflict, ...] = ()
    assumptions: tuple[str, ...] = ()


def wanted_schema(current: Schema, requests: Iterable[Request]) -> Wanted:
    """The current schema with the requests; declared ones win over implied ones."""
    naming = naming_of(current)
    schema = current
    conflicts: list[Conflict] = []
    assumptions: dict[str, None] = {}
    columns: dict[tuple[Name, str], Request] = {}
    ordered = sorted(requests, key=lambda request: (_turn(request), request.grade is Grade.IMPLIED))
    names = renames(request.change for request in ordered)
    for asked_for in ordered:
        request = replace(asked_for, change=names.followed(asked_for.change, schema))
        change = request.change
        if isinstance(change, asked.AddColumn):
            key = (change.table, change.column.name)
            if earlier := columns.get(key):
                conflicts += _disagreement(earlier, request)
                schema = _joined(schema, change)
                continue
            columns[key] = request
        schema = _apply(schema, request, naming, assumptions)
        if request.assumption:
            assumptions[request.assumption] = None
    return Wanted(schema=schema, conflicts=tuple(conflicts), assumptions=tuple(assumptions))


def _turn(request: Request) -> int:
    """Types and tables first, then columns, then what stands on them."""
    order = (
        asked.AddEnum,
        asked.RenameTable,
        asked.AddTable,
        asked.RenameColumn,
        asked.ReplaceColumns,
        asked.MoveColumns,
        asked.AddColumn,
    )
    return next((turn for turn, kind in enumerate(order) if isinstance(request.change, kind)), len(order))


def _apply(schema: Schema, request: Request, naming: Naming, assumptions: dict[str, None]) -> Schema:
    match request.change:
        case asked.AddTable(table=table):
            return schema if schema.kind(table.name) else schema.with_table(_named_table(table, naming))
        case asked.DropTable(table=name):
            return DropTable(name=name).apply(schema)
        case asked.RenameTable(table=name, to=to):
            return RenameTable(name=name, to=to).apply(schema)
        case asked.DropColumn(table=name, column=column_name):
            return DropColumn(table=name, column=column_name).apply(schema)
        case asked.RenameColumn(table=name, column=column_name, to=to):
            return RenameColumn(table=name, column=column_name, to=to).apply(schema)
        case asked.ReplaceColumns(table=name, columns=columns, into=into):
            return _replaced(schema, name, columns, [_completed(name, column, assumptions) for column in into])
        case asked.MoveColumns() as move:
            return _moved(schema, move, naming)
        case asked.AddEnum(enum=enum):
            return schema if enum.name in schema.enums else schema.with_enum(enum)
        case asked.AddEnumValue(enum=enum_name, value=value, after=after):
            return AddEnumValue(enum=enum_name, value=value, neighbour=after).apply(schema)
        case asked.ChangeEnum(enum=enum_name, values=values):
            known = schema.enums.get(enum_name)
            return schema.with_enum(replace(known, values=values)) if known else schema
        case change:
            present = schema.table(change.table)
            if present is None:
                return schema
            return schema.with_table(_apply_to_table(present, change, naming, assumptions))


def _replaced(schema: Schema, name: Name, columns: Iterable[str], into: Iterable[Column]) -> Schema:
    table = schema.table(name)
    if table is None or any(table.column(column) is None for column in columns):
        return schema
    for column in into:
        table = table if table.column(column.name) else table.with_column(column)
    schema = schema.with_table(table)
    for gone in set(columns) - {column.name for column in into}:
        schema = DropColumn(table=name, column=gone).apply(schema)
    return schema


def _moved(schema: Schema, move: asked.MoveColumns, naming: Naming) -> Schema:
    table = schema.table(move.table)
    if table is None or any(table.column(column) is None for column in move.columns):
        return schema
    if move.new and schema.kind(move.to) is None:
        schema = schema.with_table(_named_table(move.new, naming))
    target = schema.table(move.to)
    if target is None:
        return schema
    for column in move.into:
        target = target if target.column(column.name) else target.with_column(column)
    schema = schema.with_table(target)
    for gone in move.columns:
        schema = DropColumn(table=move.table, column=gone).apply(schema)
    return schema


_TableChange = (
    asked.AddColumn
    | asked.ChangeType
    | asked.ChangeNullable
    | asked.ChangeDefault
    | asked.AddIndex
    | asked.DropIndex
    | asked.AddConstraint
    | asked.DropConstraint
)


def _apply_to_table(table: Table, change: _TableChange, naming: Naming, assumptions: dict[str, None]) -> Table:
    match change:
        case asked.AddColumn(column=column):
            if table.column(column.name):
                return table
            return table.with_column(_completed(table.name, column, assumptions))
        case asked.ChangeType(column=name, type=type_):
            return _changed(table, name, lambda column: replace(column, type=type_))
        case asked.ChangeNullable(column=name, nullable=nullable):
            return _changed(table, name, lambda column: replace(column, nullable=nullable))
        case asked.ChangeDefault(column=name, default=default):
            return _changed(table, name, lambda column: replace(column, default=default))
        case asked.AddIndex(index=index):
            return table if has_index(table, index) else table.with_index(_named_index(table, index, naming))
        case asked.DropIndex(index=index_name):
            return replace(table, indexes=tuple(item for item in table.indexes if item.name != index_name))
        case asked.AddConstraint(constraint=constraint):
            if has_constraint(table, constraint):
                return table
            return _constrained(table, _named_constraint(table, constraint, naming))
        case asked.DropConstraint(constraint=constraint_name):
            return table.without_constraint(constraint_name)
        case _:
            assert_never(change)


def _constrained(table: Table, constraint: Constraint) -> Table:
    alone = Schema(tables={table.name: table})
    return AddConstraint(table=table.name, constraint=constraint).apply(alone).tables[table.name]


def _completed(table: Name, column: Column, assumptions: dict[str, None]) -> Column:
    """A NOT NULL column whose default only Python knows gets it on the server too: old rows and releases need it."""
    nullable = column.nullable is not False
    if not nullable and not column.has_default and column.python_default:
        default = server_default(column)
        if default is not None:
            assumptions[
                f"The Python default of `{table}.{column.name}` becomes the server default `{default.text}`, "
                "so that existing rows and the previous release's INSERTs have a value"
            ] = None
            return replace(column, default=default)
    return replace(column, nullable=nullable)


def _changed(table: Table, name: str, change: _ColumnChange) -> Table:
    column = table.column(name)
    return table.with_column(change(column)) if column else table


def _joined(schema: Schema, change: asked.AddColumn) -> Schema:
    """What a second request for a new column adds to the first: a default or a length that the first leaves open."""
    table = schema.table(change.table)
    column = table.column(change.column.name) if table else None
    if table is None or column is None:
        return schema
    more = change.column
    default = column.default or more.default
    type_ = more.type if more.type.name == column.type.name and not column.type.modifiers else column.type
    return schema.with_table(table.with_column(replace(column, default=default, type=type_)))


def _disagreement(first: Request, second: Request) -> list[Conflict]:
    if not (isinstance(first.change, asked.AddColumn) and isinstance(second.change, asked.AddColumn)):
        return []
    one, two = first.change.column, second.change.column
    what = f"{first.change.table}.{one.name}"
    found: list[Conflict] = []
    types_differ = one.type != two.type and (
        one.type.name != two.type.name or (one.type.modifiers and two.type.modifiers)
    )
    both_declared = first.grade is Grade.DECLARED and second.grade is Grade.DECLARED
    if types_differ and (both_declared or one.type.name != two.type.name):
        found.append(Conflict(first=first, second=second, what=what, says=(f"`{one.type}`", f"`{two.type}`")))
    if one.default and two.default and one.default != two.default:
        says = (f"the default {one.default.text}", f"the default {two.default.text}")
        found.append(Conflict(first=first, second=second, what=what, says=says))
    return found


def has_index(table: Table, index: Index) -> bool:
    """Whether the table has such an index already, under any name."""
    return any(
        (old.parts, old.unique, old.using, old.where) == (index.parts, index.unique, index.using, index.where)
        for old in table.indexes
    )


def has_constraint(table: Table, constraint: Constraint) -> bool:
    """Whether the table has such a constraint already, under any name."""
    unnamed = replace(constraint, name=None)
    return any(
        type(old) is type(constraint) and _settled(replace(old, name=None)) == _settled(unnamed)
        for old in table.constraints
    )


def _settled(constraint: Constraint) -> Constraint:
    """Without what may differ between two constraints that refuse the same rows."""
    return replace(constraint, validated=True) if isinstance(constraint, Check | ForeignKey) else constraint


def _named_index(table: Table, index: Index, naming: Naming) -> Index:
    return index if index.name else replace(index, name=naming.index_name(table.name, index))


def _named_constraint(table: Table, constraint: Constraint, naming: Naming) -> Constraint:
    return constraint if constraint.name else replace(constraint, name=naming.constraint_name(table.name, constraint))


def _named_table(table: Table, naming: Naming) -> Table:
    return replace(
        table,
        primary_key=replace(table.primary_key, name=table.primary_key.name or f"{table.name.name}_pkey")
        if table.primary_key
        else None,
        uniques=tuple(
            replace(item, name=item.name or naming.constraint_name(table.name, item)) for item in table.uniques
        ),
        checks=tuple(
            replace(item, name=item.name or naming.constraint_name(table.name, item)) for item in table.checks
        ),
        foreign_keys=tuple(
            replace(item, name=item.name or naming.constraint_name(table.name, item)) for item in table.foreign_keys
        ),
        indexes=tuple(_named_index(table, index, naming) for index in table.indexes),
    )
