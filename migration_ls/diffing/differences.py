"""Two schemas to operations: what has to be done to the first to get the second."""

from collections.abc import Iterator
from dataclasses import replace

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
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, PrimaryKey, Table


def differences(current: Schema, wanted: Schema) -> tuple[Operation, ...]:
    """Plain operations that turn the current schema into the wanted one, in an order that works.

    Renames are not guessed: they come as a drop and an add.
    """
    return (
        *_new_enums(current, wanted),
        *_new_tables(current, wanted),
        *(item for before, after in _common(current, wanted) for item in _columns(before, after)),
        *(item for before, after in _common(current, wanted) for item in _constraints(before, after)),
        *(item for before, after in _common(current, wanted) for item in _indexes(before, after)),
        *(item for before, after in _common(current, wanted) for item in _dropped_columns(before, after)),
        *_gone(current, wanted),
    )


def _common(current: Schema, wanted: Schema) -> Iterator[tuple[Table, Table]]:
    for name, after in wanted.tables.items():
        before = current.table(name)
        if before is not None and before is not after:
            yield before, after


def _new_enums(current: Schema, wanted: Schema) -> Iterator[Operation]:
    for name, enum in wanted.enums.items():
        before = current.enums.get(name)
        if before is None:
            yield CreateEnum(enum=replace(enum, origin=None))
            continue
        known = list(before.values)
        for position, value in enumerate(enum.values):
            if value in known:
                continue
            neighbour = enum.values[position - 1] if position else (known[0] if known else None)
            yield AddEnumValue(
                enum=name,
                value=value,
                neighbour=neighbour,
                side="after" if position else "before",
            )
            known.append(value)


def _new_tables(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """New tables, those first that others refer to; keys that close a circle are added afterwards."""
    waiting = {name: table for name, table in wanted.tables.items() if current.kind(name) is None}
    late: list[Operation] = []
    while waiting:
        ready = [name for name, table in waiting.items() if not _needs(table) & waiting.keys()]
        name = ready[0] if ready else next(iter(waiting))
        table = waiting.pop(name)
        kept = tuple(key for key in table.foreign_keys if key.ref_table not in waiting)
        late += [AddConstraint(table=name, constraint=key) for key in table.foreign_keys if key.ref_table in waiting]
        yield CreateTable(table=replace(table, foreign_keys=kept))
    yield from late


def _needs(table: Table) -> set[Name]:
    return {key.ref_table for key in table.foreign_keys if key.ref_table != table.name}


def _columns(before: Table, after: Table) -> Iterator[Operation]:
    for column in after.columns:
        old = before.column(column.name)
        if old is None:
            yield AddColumn(table=after.name, column=column)
        elif old != column:
            yield from _column(after.name, old, column)


def _column(table: Name, old: Column, new: Column) -> Iterator[Operation]:
    if old.type != new.type or (old.collation or None) != (new.collation or None):
        if old.default is not None and old.default != new.default:
            yield SetDefault(table=table, column=old.name, default=None)
        yield SetType(table=table, column=old.name, type=new.type, collation=new.collation)
    if old.default != new.default:
        yield SetDefault(table=table, column=old.name, default=new.default)
    if old.nullable is not False and new.nullable is False:
        yield SetNotNull(table=table, column=old.name)
    if old.nullable is False and new.nullable is True:
        yield DropNotNull(table=table, column=old.name)
    if old.identity != new.identity:
        yield SetIdentity(table=table, column=old.name, identity=new.identity)


def _constraints(before: Table, after: Table) -> Iterator[Operation]:
    """Constraints by name; one whose body changed is dropped and added."""
    gone = {column.name for column in before.columns} - {column.name for column in after.columns}
    for constraint in before.constraints:
        if constraint.name is None or after.constraint(constraint.name) == constraint:
            continue
        columns = getattr(constraint, "columns", ()) or getattr(getattr(constraint, "expression", None), "columns", ())
        if not gone.intersection(columns):
            yield DropConstraint(table=before.name, constraint=constraint.name)
    for constraint in after.constraints:
        if constraint.name is None or before.constraint(constraint.name) == constraint:
            continue
        if isinstance(constraint, PrimaryKey) and before.primary_key == constraint:
            continue
        yield AddConstraint(table=after.name, constraint=constraint)


def _indexes(before: Table, after: Table) -> Iterator[Operation]:
    gone = {column.name for column in before.columns} - {column.name for column in after.columns}
    for index in before.indexes:
        if index.name and after.index(index.name) != index and not gone.intersection(index.columns):
            yield DropIndex(name=Name(index.name, before.name.namespace), table=before.name)
    for index in after.indexes:
        if index.name and before.index(index.name) != index:
            yield CreateIndex(table=after.name, index=index)


def _dropped_columns(before: Table, after: Table) -> Iterator[Operation]:
    for column in before.columns:
        if after.column(column.name) is None:
            yield DropColumn(table=before.name, column=column.name)


def _gone(current: Schema, wanted: Schema) -> Iterator[Operation]:
    gone = [table for name, table in current.tables.items() if name not in wanted.tables]
    # A table that refers to another goes before it.
    for table in sorted(gone, key=lambda table: any(table.name in _needs(other) for other in gone)):
        yield DropTable(name=table.name)
    for name in current.enums:
        if name not in wanted.enums:
            yield DropType(name=name)
