"""Two schemas to operations: what has to be done to the first to get the second."""

from collections.abc import Iterator
from dataclasses import replace

from migration_ls.diffing.conditions import dropped_domains, dropped_namespaces, new_domains, triggers
from migration_ls.diffing.objects import (
    changed_views,
    comments,
    dropped_sequences,
    dropped_views,
    missing_extensions,
    missing_namespaces,
    new_sequences,
    new_views,
    unused_extensions,
)
from migration_ls.diffing.relabelling import added_labels, relabelled, relabellings
from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
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
from migration_ls.schema.tables import Check, Column, Constraint, Index, RelationKind, Table


def differences(current: Schema, wanted: Schema) -> tuple[Operation, ...]:
    """Plain operations that turn the current schema into the wanted one, in an order that works.

    Renames are not guessed: they come as a drop and an add.
    """
    if current is wanted:
        return ()
    common = tuple(_common(current, wanted))
    return (
        *missing_namespaces(current, wanted),
        *missing_extensions(current, wanted),
        *_new_enums(current, wanted),
        *new_domains(current, wanted),
        *new_sequences(current, wanted),
        *_new_tables(current, wanted),
        *(item for before, after in common for item in _columns(before, after)),
        *(item for before, after in common for item in _constraints(before, after)),
        *(item for before, after in common for item in _indexes(before, after)),
        *changed_views(current, wanted),
        *new_views(current, wanted),
        *triggers(current, wanted),
        *comments(current, wanted),
        *dropped_views(current, wanted),
        *(item for before, after in common for item in _dropped_columns(before, after)),
        *(item for change in relabellings(current, wanted) for item in relabelled(change)),
        *_gone(current, wanted),
        *dropped_domains(current, wanted),
        *dropped_sequences(current, wanted),
        *unused_extensions(current, wanted),
        *dropped_namespaces(current, wanted),
    )


def _common(current: Schema, wanted: Schema) -> Iterator[tuple[Table, Table]]:
    for name, after in wanted.tables.items():
        before = current.table(name)
        if before is None or before is after:
            continue
        above = wanted.table(after.partition_of) if after.partition_of else None
        if above is not None and before.partition_of == after.partition_of and current.table(above.name):
            # the partitioned table hands down what it gets
            yield _own(before, current.tables[above.name]), _own(after, above)
        else:
            yield before, after


def _own(partition: Table, above: Table) -> Table:
    """What a partition has besides what it has from the partitioned table."""
    constraints = [replace(item, name=None) for item in above.constraints]
    indexes = [replace(item, name=None) for item in above.indexes]
    return replace(
        partition,
        columns=(),
        primary_key=None,
        uniques=tuple(item for item in partition.uniques if replace(item, name=None) not in constraints),
        checks=tuple(item for item in partition.checks if replace(item, name=None) not in constraints),
        foreign_keys=tuple(item for item in partition.foreign_keys if replace(item, name=None) not in constraints),
        indexes=tuple(item for item in partition.indexes if replace(item, name=None) not in indexes),
    )


def _new_enums(current: Schema, wanted: Schema) -> Iterator[Operation]:
    for name, enum in wanted.enums.items():
        before = current.enums.get(name)
        if before is None:
            yield CreateEnum(enum=replace(enum, origin=None))
            continue
        yield from added_labels(before, enum)


def _new_tables(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """New tables, those first that others refer to; keys that close a circle are added afterwards."""
    waiting = {
        name: table
        for name, table in wanted.tables.items()
        if current.kind(name) is None and table.kind is not RelationKind.MATERIALIZED_VIEW
    }
    late: list[Operation] = []
    while waiting:
        ready = [name for name, table in waiting.items() if not _needs(table) & waiting.keys()]
        for name in ready or [next(iter(waiting))]:
            table = waiting.pop(name)
            kept = tuple(key for key in table.foreign_keys if key.ref_table not in waiting)
            late += [
                AddConstraint(table=name, constraint=key) for key in table.foreign_keys if key.ref_table in waiting
            ]
            yield CreateTable(table=replace(table, foreign_keys=kept))
    yield from late


def _needs(table: Table) -> set[Name]:
    above = {name for name in (table.partition_of, *table.inherits) if name}
    return above | {key.ref_table for key in table.foreign_keys if key.ref_table != table.name}


def _columns(before: Table, after: Table) -> Iterator[Operation]:
    for column in after.columns:
        old = before.column(column.name)
        if old is None:
            yield AddColumn(table=after.name, column=column)
        elif old != column:
            yield from _column(after.name, old, column)


def _column(table: Name, old: Column, new: Column) -> Iterator[Operation]:
    if old.generated != new.generated:
        yield from _generated(table, old, new)
        if new.generated is not None:
            return
    if old.type != new.type or (old.collation or None) != (new.collation or None):
        if old.default is not None and old.default != new.default:
            yield SetDefault(table=table, column=old.name, default=None)
        collation = new.collation or ("default" if old.collation else None)
        yield SetType(table=table, column=old.name, type=new.type, collation=collation)
    if not _same_default(old, new):
        yield SetDefault(table=table, column=old.name, default=new.default)
    if old.nullable is not False and new.nullable is False:
        yield SetNotNull(table=table, column=old.name)
    if old.nullable is False and new.nullable is True:
        yield DropNotNull(table=table, column=old.name)
    if old.identity != new.identity:
        yield SetIdentity(table=table, column=old.name, identity=new.identity)


def _same_default(old: Column, new: Column) -> bool:
    """Whether both say the same; a literal may be spelled otherwise where its column's type was not known."""
    if old.default == new.default:
        return True
    return old.default is not None and new.default is not None and old.default.value == new.default.value is not None


def _generated(table: Name, old: Column, new: Column) -> Iterator[Operation]:
    """A generated column that becomes plain keeps its values; any other change of the expression makes it anew."""
    if new.generated is None:
        yield SetIdentity(table=table, column=old.name, identity=None, drops_expression=True)
    else:
        yield DropColumn(table=table, column=old.name)
        yield AddColumn(table=table, column=new)


def remade(before: Table, after: Table) -> frozenset[str]:
    """Columns that are dropped and made anew under their name, with everything that stands on them."""
    return frozenset(
        column.name
        for column in after.columns
        if column.generated is not None
        and (old := before.column(column.name)) is not None
        and old.generated != column.generated
    )


def columns_of(item: Constraint | Index) -> frozenset[str]:
    """Every column that a constraint or an index stands on, also in expressions."""
    if isinstance(item, Index):
        words = {word for part in item.parts if part.is_expression for word in _words(part.text)}
        where = item.where.columns if item.where else frozenset[str]()
        return frozenset(item.columns) | frozenset(item.include) | where | words
    expression = getattr(item, "expression", None)
    if expression is not None:
        return frozenset(expression.columns)
    definition = getattr(item, "definition", None)
    if definition is not None:
        return frozenset(_words(definition))
    return frozenset(getattr(item, "columns", ())) | frozenset(getattr(item, "include", ()))


def _words(text: str) -> set[str]:
    """The words of an SQL text; close enough to the columns it uses."""
    return set("".join(char if char.isalnum() or char in "_$" else " " for char in text).split())


def _constraints(before: Table, after: Table) -> Iterator[Operation]:
    """Constraints by name; one whose body changed is dropped and added."""
    gone = {column.name for column in before.columns} - {column.name for column in after.columns}
    anew = remade(before, after)
    for constraint in before.constraints:
        if constraint.name is None:
            continue
        new = after.constraint(constraint.name)
        if _alike(constraint, new) or (new is None and gone & columns_of(constraint)):
            continue
        if not anew & columns_of(constraint):
            yield DropConstraint(table=before.name, constraint=constraint.name)
    for constraint in after.constraints:
        if constraint.name is None:
            continue
        if _alike(before.constraint(constraint.name), constraint) and not anew & columns_of(constraint):
            continue
        yield AddConstraint(table=after.name, constraint=constraint)


def _alike(one: Constraint | None, other: Constraint | None) -> bool:
    """Whether both refuse the same rows of the same tables."""
    if isinstance(one, Check) and isinstance(other, Check) and one.no_inherit is not other.no_inherit:
        return False
    return one == other


def _indexes(before: Table, after: Table) -> Iterator[Operation]:
    gone = {column.name for column in before.columns} - {column.name for column in after.columns}
    anew = remade(before, after)
    for index in before.indexes:
        if not index.name:
            continue
        new = after.index(index.name)
        if new == index or (new is None and gone & columns_of(index)):
            continue
        if not anew & columns_of(index):
            yield DropIndex(name=Name(index.name, before.name.namespace), table=before.name)
    for index in after.indexes:
        if index.name and (before.index(index.name) != index or anew & columns_of(index)):
            yield CreateIndex(table=after.name, index=index)


def _dropped_columns(before: Table, after: Table) -> Iterator[Operation]:
    for column in before.columns:
        if after.column(column.name) is None:
            yield DropColumn(table=before.name, column=column.name)


def _gone(current: Schema, wanted: Schema) -> Iterator[Operation]:
    """Tables that go, those first that refer to others; keys that close a circle go before."""
    gone = {
        name: table
        for name, table in current.tables.items()
        if name not in wanted.tables and table.kind is not RelationKind.MATERIALIZED_VIEW
    }
    while gone:
        used = {key.ref_table for table in gone.values() for key in table.foreign_keys if key.ref_table != table.name}
        used |= {name for table in gone.values() for name in (table.partition_of, *table.inherits) if name}
        ready = [name for name in gone if name not in used]
        if not ready:
            name, table = next(iter(gone.items()))
            for other in gone.values():
                for key in other.foreign_keys:
                    if key.ref_table == name and other.name != name and key.name:
                        yield DropConstraint(table=other.name, constraint=key.name)
            ready = [table.name]
        for name in ready:
            del gone[name]
            yield DropTable(name=name)
    for name in current.enums:
        if name not in wanted.enums:
            yield DropType(name=name)
