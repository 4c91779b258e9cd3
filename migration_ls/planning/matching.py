"""Which request an operation comes from."""

from collections.abc import Iterable

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.rename_type import RenameType
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Change, Request
from migration_ls.schema.tables import Check, Constraint


def request_of(operation: Operation, requests: Iterable[Request]) -> Request | None:
    """The request that asks for the operation; the first of several."""
    return next((request for request in requests if matches(operation, request.change)), None)


class Wishes:
    """Requests by what they are about, so that each operation looks at few."""

    def __init__(self, requests: Iterable[Request]) -> None:
        self._by_thing: dict[Name, list[Request]] = {}
        for request in requests:
            for thing in _about(request.change):
                self._by_thing.setdefault(thing, []).append(request)

    def of(self, operation: Operation) -> Request | None:
        """The request that asks for the operation; the first of several."""
        thing = _object(operation)
        return request_of(operation, self._by_thing.get(thing, ())) if thing else None


def _about(change: Change) -> tuple[Name, ...]:
    match change:
        case asked.AddTable(table=table):
            return (table.name,)
        case asked.AddEnum(enum=enum):
            return (enum.name,)
        case asked.AddEnumValue(enum=name) | asked.ChangeEnum(enum=name):
            return (name,)
        case asked.MoveColumns(table=name, to=to):
            return name, to
        case _:
            return (change.table,)


def _object(operation: Operation) -> Name | None:
    match operation:
        case CreateTable(table=table):
            return table.name
        case DropTable(name=name) | RenameTable(name=name):
            return name
        case CreateEnum(enum=enum):
            return enum.name
        case AddEnumValue(enum=name) | RenameType(name=name):
            return name
        case _:
            found = getattr(operation, "table", None)
            return found if isinstance(found, Name) else None


def matches(operation: Operation, change: Change) -> bool:
    """Whether the operation is what the change asks for."""
    match operation, change:
        case AddColumn(table=table, column=column), asked.AddColumn() as wish:
            return (table, column.name) == (wish.table, wish.column.name)
        case DropColumn(table=table, column=name), asked.DropColumn() as wish:
            return (table, name) == (wish.table, wish.column)
        case SetType(table=table, column=name), asked.ChangeType() as wish:
            return (table, name) == (wish.table, wish.column)
        case SetNotNull(table=table, column=name), asked.ChangeNullable() as wish:
            return (table, name) == (wish.table, wish.column)
        case DropNotNull(table=table, column=name), asked.ChangeNullable() as wish:
            return (table, name) == (wish.table, wish.column)
        case SetDefault(table=table, column=name), asked.ChangeDefault() as wish:
            return (table, name) == (wish.table, wish.column)
        case SetDefault(table=table, column=name), asked.ChangeType() as wish:
            return (table, name) == (wish.table, wish.column)
        case AddConstraint(table=table, constraint=constraint), asked.AddConstraint() as wish:
            return table == wish.table and _same_constraint(constraint, wish.constraint)
        case DropConstraint(table=table, constraint=name), asked.DropConstraint() as wish:
            return (table, name) == (wish.table, wish.constraint)
        case CreateIndex(table=table, index=index), asked.AddIndex() as wish:
            wanted = wish.index
            return (table, index.parts, index.using, index.unique) == (
                wish.table,
                wanted.parts,
                wanted.using,
                wanted.unique,
            )
        case DropIndex(name=name), asked.DropIndex() as wish:
            return name.name == wish.index
        case CreateTable(table=table), asked.AddTable() as wish:
            return table.name == wish.table.name
        case RenameTable(name=name, to=to), asked.RenameTable() as wish:
            return (name, to) == (wish.table, wish.to)
        case RenameColumn(table=table, column=name, to=to), asked.RenameColumn() as wish:
            return (table, name, to) == (wish.table, wish.column, wish.to)
        case DropTable(name=name), asked.DropTable() as wish:
            return name == wish.table
        case _, asked.MoveColumns() as wish:
            return _matches_move(operation, wish)
        case _:
            return _matches_type(operation, change)


def _matches_move(operation: Operation, wish: asked.MoveColumns) -> bool:
    match operation:
        case AddColumn(table=table, column=column):
            return table == wish.to and column.name in {item.name for item in wish.into}
        case DropColumn(table=table, column=name):
            return table == wish.table and name in wish.columns
        case CreateTable(table=table):
            return wish.new is not None and table.name == wish.to
        case _:
            return False


def _matches_type(operation: Operation, change: Change) -> bool:
    match operation, change:
        case CreateEnum(enum=enum), asked.AddEnum() as wish:
            return enum.name == wish.enum.name
        case RenameType(name=name), asked.ChangeEnum() as wish:
            return name == wish.enum
        case AddEnumValue(enum=name, value=value), asked.ChangeEnum() as wish:
            return name == wish.enum and value in wish.values
        case AddEnumValue(enum=name, value=value), asked.AddEnumValue() as wish:
            return (name, value) == (wish.enum, wish.value)
        case _:
            return False


def _same_constraint(one: Constraint, two: Constraint) -> bool:
    if type(one) is not type(two):
        return False
    if isinstance(one, Check) and isinstance(two, Check):
        return one.expression == two.expression
    return getattr(one, "columns", None) == getattr(two, "columns", None)
