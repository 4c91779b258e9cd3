"""What has to be done to one source so that it says what another says about one thing."""

from collections.abc import Iterator
from dataclasses import replace

from migration_ls.diffing.differences import differences
from migration_ls.diffing.drift import Drift, DriftKind
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.union import Operation
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, Constraint, Index, Table


def aligned(have: Schema, drift: Drift, like: Schema) -> tuple[Schema, tuple[Operation, ...]]:
    """The schema that `have` should say, and the operations on it; none where the thing is missing in `like`.

    Only things are added or changed: what `like` lacks may be a gap of its own.
    """
    model = like.tables.get(drift.table)
    if model is None:
        return have, ()
    table = have.tables.get(drift.table)
    if table is None:
        wanted = have.with_table(replace(model, origin=None))
        for column in model.columns:
            enum = next((enum for name, enum in like.enums.items() if str(name) == column.type.element.name), None)
            wanted = wanted.with_enum(enum) if enum else wanted
        return wanted, (CreateTable(table=wanted.tables[drift.table]),)
    changed = _changed(table, drift, model)
    wanted = have.with_table(changed)
    found = [*differences(have, wanted), *_unnamed(table, changed)]
    return wanted, tuple(dict.fromkeys(found))


def _changed(table: Table, drift: Drift, like: Table) -> Table:
    match drift.kind:
        case DriftKind.MISSING_TABLE:
            return table
        case DriftKind.MISSING_COLUMN:
            column = like.column(drift.column or "")
            return table.with_column(column) if column else table
        case DriftKind.TYPE | DriftKind.NULLABLE | DriftKind.DEFAULT | DriftKind.AUTOINCREMENT:
            column, model = table.column(drift.column or ""), like.column(drift.column or "")
            return table.with_column(_like(column, drift.kind, model)) if column and model else table
        case DriftKind.ON_DELETE | DriftKind.FOREIGN_KEY:
            key = next((key for key in like.foreign_keys if key.columns == drift.columns), None)
            others = tuple(item for item in table.foreign_keys if item.columns != drift.columns)
            return replace(table, foreign_keys=(*others, key)) if key else table
        case DriftKind.UNIQUE:
            unique = next((item for item in like.uniques if set(item.columns) == set(drift.columns)), None)
            index = next((item for item in like.indexes if item.unique and item.columns == drift.columns), None)
            return table.with_constraint(unique) if unique else table.with_index(index) if index else table
        case DriftKind.CHECK:
            check = next((item for item in like.checks if item.expression.text == drift.expression), None)
            return table.with_constraint(check) if check else table
        case DriftKind.INDEX:
            index = next((item for item in like.indexes if tuple(map(str, item.parts)) == drift.columns), None)
            return table.with_index(index) if index else table


def _like(column: Column, kind: DriftKind, model: Column) -> Column:
    match kind:
        case DriftKind.TYPE:
            return replace(column, type=model.type)
        case DriftKind.NULLABLE:
            return replace(column, nullable=model.nullable)
        case DriftKind.DEFAULT:
            return replace(column, default=model.default)
        case _:
            return replace(column, autoincrement=model.autoincrement, identity=model.identity)


def _unnamed(before: Table, after: Table) -> Iterator[Operation]:
    """Constraints and indexes without a name, which the comparison by names leaves out."""
    constraints: list[Constraint] = [item for item in after.constraints if item.name is None]
    for constraint in constraints:
        if constraint not in before.constraints:
            yield AddConstraint(table=after.name, constraint=constraint)
    indexes: list[Index] = [item for item in after.indexes if not item.name]
    for index in indexes:
        if index not in before.indexes:
            yield CreateIndex(table=after.name, index=index)
