"""Enum types that lose labels or get another order: no statement does that, so a new type takes the old one's place."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.rename_type import RenameType
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.postgres.quoting import identifier, object_name
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Enum, Schema
from migration_ls.schema.tables import Column, RelationKind, Table
from migration_ls.sources.sql.expressions import expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Relabelling:
    """An enum before and after, the name that the former type has meanwhile, and the columns of it."""

    before: Enum
    after: Enum
    former: Name
    columns: tuple[tuple[Table, Column], ...]

    @property
    def gone(self) -> tuple[str, ...]:
        """The labels that no row may hold any more."""
        return tuple(value for value in self.before.values if value not in self.after.values)


def relabellings(current: Schema, wanted: Schema) -> tuple[Relabelling, ...]:
    """The enums whose labels cannot be had by adding some."""
    return tuple(
        Relabelling(
            before=before,
            after=replace(after, origin=None),
            former=free_type(name, "former", current, wanted),
            columns=tuple(columns_of_type(wanted, name)),
        )
        for name, after in wanted.enums.items()
        if (before := current.enums.get(name)) is not None and before is not after and _is_relabelled(before, after)
    )


def _is_relabelled(before: Enum, after: Enum) -> bool:
    kept = [value for value in after.values if value in before.values]
    return kept != list(before.values)


def free_type(name: Name, ending: str, *schemas: Schema) -> Name:
    """The type's name with an ending, that no type has."""
    number = 0
    while True:
        found = Name(object_name("", name.name[:50], f"{ending}{number or ''}"), name.namespace)
        if not any(schema.has_type(found) for schema in schemas):
            return found
        number += 1


def added_labels(before: Enum, after: Enum) -> Iterator[AddEnumValue]:
    """Every new label, each beside one that is there by then."""
    known = list(before.values)
    for position, value in enumerate(after.values):
        if value in known:
            continue
        neighbour = after.values[position - 1] if position else (known[0] if known else None)
        yield AddEnumValue(enum=after.name, value=value, neighbour=neighbour, side="after" if position else "before")
        known.append(value)


def is_of(column: Column, enum: Name) -> bool:
    """Whether the column holds values of the type, or arrays of them."""
    return column.type.element.name == enum.sql


def columns_of_type(schema: Schema, name: Name) -> Iterator[tuple[Table, Column]]:
    """The columns of a type; those that a parent hands down change with it."""
    for table in schema.tables.values():
        if table.kind not in {RelationKind.TABLE, RelationKind.PARTITIONED} or table.partition_of:
            continue
        for column in table.columns:
            if is_of(column, name) and not column.inherited:
                yield table, column


def relabelled(change: Relabelling) -> tuple[Operation, ...]:
    """The operations, in order: run again, they lead to the same."""
    name = change.after.name
    found: list[Operation] = [RenameType(name=name, to=change.former.name), CreateEnum(enum=change.after)]
    for table, column in change.columns:
        checks = [item for item in table.checks if column.name in item.expression.columns]
        found += [DropConstraint(table=table.name, constraint=item.name or "") for item in checks]
        if column.default is not None:
            found.append(SetDefault(table=table.name, column=column.name, default=None))
        found.append(by_label(table.name, column, name))
        if column.default is not None:
            found.append(SetDefault(table=table.name, column=column.name, default=column.default))
        found += [AddConstraint(table=table.name, constraint=item) for item in checks]
    return (*found, DropType(name=change.former))


def by_label(table: Name, column: Column, to: Name) -> SetType:
    """The change of a column to another enum, label by label."""
    array = "[]" if column.type.is_array else ""
    using = expression(f"{identifier(column.name)}::text{array}::{to.sql}{array}")
    return SetType(table=table, column=column.name, type=replace(column.type, name=to.sql), using=using)
