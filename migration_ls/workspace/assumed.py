"""Tables that no migration makes: as they were before the migrations changed them, by what other sources say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_constraint import RenameConstraint
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.union import Operation
from migration_ls.schema.changed import changed
from migration_ls.schema.names import Name, type_named
from migration_ls.schema.schema import Enum, Schema
from migration_ls.schema.tables import Constraint, Index, Table


def assumed_schema(missing: frozenset[Name], operations: Sequence[Operation], *sources: Schema) -> Schema:
    """The tables that the migrations' `operations` find and none of them makes, marked as assumed.

    Each is as the first source that knows it tells, with what the operations did to it undone. The first of the
    sources tells of tables that the operations do not speak of, too.
    """
    made = {operation.table.name for operation in operations if isinstance(operation, CreateTable)}
    made |= {operation.new_name for operation in operations if isinstance(operation, RenameTable)}
    known = sources[0].tables if sources else {}
    wanted = sorted(missing | {name for name in known if name not in made})
    chains = {name: _chain(name, operations) for name in wanted}
    renamed = {last for name, (last, _) in chains.items() if last != name}
    schema = Schema()
    waiting = [name for name in wanted if name not in renamed]
    while waiting:
        name = waiting.pop(0)
        last, changes = chains[name] if name in chains else _chain(name, operations)
        table = next((source.tables[last] for source in sources if last in source.tables), None)
        if table is None or name in schema.tables:
            continue
        former = changed(_undone(table, changes), name=name, assumed=True)
        schema = schema.with_table(former)
        for enum in _enums(table, sources):
            schema = schema.with_enum(_former(enum, operations))
        # What it refers to was there, too.
        waiting += [key.ref_table for key in former.foreign_keys if key.ref_table not in made]
    return schema


def _chain(name: Name, operations: Iterable[Operation]) -> tuple[Name, list[Operation]]:
    """What the table is called in the end, and the operations on it, under whatever name."""
    found: list[Operation] = []
    for operation in operations:
        match operation:
            case RenameTable() if operation.name == name:
                name = operation.new_name
            case DropTable() if operation.name == name:
                break
            case CreateTable() if operation.table.name == name:
                break
            case _ if getattr(operation, "table", None) == name:
                found.append(operation)
            case _:
                pass
    return name, found


def _undone(table: Table, operations: Sequence[Operation]) -> Table:
    schema = Schema(tables={table.name: table})
    for operation in reversed(operations):
        schema = _before(schema, schema.tables[table.name], operation)
    return schema.tables[table.name]


def _before(schema: Schema, table: Table, operation: Operation) -> Schema:
    """The schema before an operation on its one table; where that is not known, as after it."""
    name = table.name
    match operation:
        case AddColumn(column=column) if table.column(column.name):
            return DropColumn(table=name, column=column.name, cascade=True).apply(schema)
        case RenameColumn(column=column, to=to) if table.column(to) and not table.column(column):
            return RenameColumn(table=name, column=to, to=column).apply(schema)
        case RenameConstraint(constraint=constraint, to=to):
            return RenameConstraint(table=name, constraint=to, to=constraint).apply(schema)
        case AddConstraint(constraint=constraint):
            return schema.with_table(_without(table, constraint))
        case CreateIndex(index=index):
            kept = tuple(known for known in table.indexes if not _same_index(known, index))
            return schema.with_table(changed(table, indexes=kept))
        case SetNotNull(column=column):
            return DropNotNull(table=name, column=column).apply(schema)
        case DropNotNull(column=column):
            return SetNotNull(table=name, column=column).apply(schema)
        case SetDefault(column=column, default=default) if default is not None:
            return SetDefault(table=name, column=column, default=None).apply(schema)
        case _:
            return schema


def _without(table: Table, constraint: Constraint) -> Table:
    """Without the constraint, and without the unique index that a source may call it."""
    same = [known for known in table.constraints if _same_constraint(known, constraint)]
    return changed(
        table,
        primary_key=None if table.primary_key in same else table.primary_key,
        uniques=tuple(item for item in table.uniques if item not in same),
        checks=tuple(item for item in table.checks if item not in same),
        foreign_keys=tuple(item for item in table.foreign_keys if item not in same),
        exclusions=tuple(item for item in table.exclusions if item not in same),
        indexes=tuple(item for item in table.indexes if item.name is None or item.name != constraint.name),
    )


def _same_constraint(one: Constraint, other: Constraint) -> bool:
    if one.name is not None and one.name == other.name:
        return True
    return type(one) is type(other) and replace(one, name=None) == replace(other, name=None)


def _same_index(one: Index, other: Index) -> bool:
    if one.name is not None and one.name == other.name:
        return True
    return (one.parts, one.unique, one.where) == (other.parts, other.unique, other.where)


def _enums(table: Table, sources: Iterable[Schema]) -> Iterator[Enum]:
    for column in table.columns:
        for source in sources:
            enum = source.enums.get(type_named(column.type.name))
            if enum is not None:
                yield enum
                break


def _former(enum: Enum, operations: Iterable[Operation]) -> Enum:
    """The enum without the labels that the migrations add."""
    added = {item.value for item in operations if isinstance(item, AddEnumValue) and item.enum == enum.name}
    return replace(enum, values=tuple(value for value in enum.values if value not in added))
