"""What models and schema documents ask for, by what they say otherwise than the current schema."""

from collections.abc import Iterator
from dataclasses import replace

from migration_ls.diffing.wanted import has_constraint, has_index
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_table import RenameTable
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.request import Change, Grade, Request
from migration_ls.schema.schema import Enum, Schema, schema_of
from migration_ls.schema.tables import (
    Check,
    Column,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    PrimaryKey,
    Table,
    Unique,
)


def asked_by_models(current: Schema, models: Schema, before: Schema | None) -> tuple[Request, ...]:
    """Requests of the models: where they differ from the current schema.

    `before` is what the models said at the base, when that is known: tables, columns, indexes and constraints are asked
    to go only when they stood there. Where it is not, a column that the models lack is asked to go, and nothing else. A
    default, a check or an index that only the database has is no request.
    """
    return tuple(_of_models(current, models, before))


def _of_models(current: Schema, models: Schema, before: Schema | None) -> Iterator[Request]:
    for name, enum in models.enums.items():
        old = current.enums.get(name)
        if old is None and _enum_is_new(current, models, name) and enum.origin:
            yield _request(asked.AddEnum(enum=enum), enum.origin, str(name))
        known = before.enums.get(name) if before else None
        if old and known and enum.origin and _takes_away(old, known, enum):
            yield _request(asked.ChangeEnum(enum=name, values=enum.values), enum.origin, str(name))
            continue
        for position, value in enumerate(enum.values if old else ()):
            if old and value not in old.values and enum.origin:
                after = enum.values[position - 1] if position else None
                yield _request(asked.AddEnumValue(enum=name, value=value, after=after), enum.origin, value)
    renamed: set[Name] = set()
    for name, table in models.tables.items():
        if table.external or table.origin is None:
            continue
        old_table = current.table(name)
        former = _former_table(current, models, table) if old_table is None else None
        if former is not None:
            yield _request(asked.RenameTable(table=former, to=name.name), table.origin, table.class_name or str(name))
            renamed.add(former)
            old_table = RenameTable(name=former, to=name.name).apply(current).tables[name]
            yield from _of_model(old_table, table, before, former, half_read=name in models.uncertain)
        elif old_table is None:
            yield _request(asked.AddTable(table=table), table.origin, table.class_name or str(name))
        elif not old_table.external:
            yield from _of_model(old_table, table, before, name, half_read=name in models.uncertain)
    for name, old_table in before.tables.items() if before and not models.uncertain_all else ():
        if name not in models.tables and name not in renamed and current.table(name) and old_table.origin:
            place = next((table.origin for table in models.tables.values() if table.origin), old_table.origin)
            origin = place if place.path != old_table.origin.path else replace(place, path=old_table.origin.path)
            yield _request(asked.DropTable(table=name), origin, old_table.class_name or str(name))


def _takes_away(old: Enum, before: Enum, new: Enum) -> bool:
    """Whether the models had the labels as the database has them, and now lack some or order them otherwise."""

    def common(one: Enum, other: Enum) -> list[str]:
        return [value for value in one.values if value in other.values]

    return common(before, old) == common(old, before) and common(new, old) != common(old, before)


def _former_table(current: Schema, models: Schema, table: Table) -> Name | None:
    """The table that the model says it was, where that is there still and no other model has it."""
    if table.renamed_from is None:
        return None
    name = Name(table.renamed_from, table.name.namespace)
    return name if current.table(name) is not None and name not in models.tables else None


def _renamed_columns(old: Table, new: Table) -> Iterator[asked.RenameColumn]:
    """The columns that the model says were called otherwise, where the old ones are there still."""
    for column in new.columns:
        former = column.renamed_from
        if former and old.column(column.name) is None and old.column(former) and new.column(former) is None:
            yield asked.RenameColumn(table=old.name, column=former, to=column.name)


def _enum_is_new(current: Schema, models: Schema, name: Name) -> bool:
    """Whether a new column or table uses the enum; one of another name on an old column is a change of type."""
    return any(
        column.type.name == name.sql and ((old := current.table(table.name)) is None or old.column(column.name) is None)
        for table in models.tables.values()
        for column in table.columns
    )


def _of_model(old: Table, new: Table, before: Schema | None, name: Name, *, half_read: bool) -> Iterator[Request]:
    """What one model asks for; of a class that could be read in part, or is new to an old table, nothing has to go."""
    known = before.table(name) if before else None
    yield from _of_table(old, new, known, may_drop=not half_read and (before is None or known is not None))


def _of_table(old: Table, new: Table, before: Table | None, *, may_drop: bool) -> Iterator[Request]:
    place = new.origin
    if place is None:
        return
    for rename in _renamed_columns(old, new):
        column = new.column(rename.to)
        yield _request(rename, (column.origin if column else None) or place, rename.to)
        alone = RenameColumn(table=old.name, column=rename.column, to=rename.to).apply(schema_of([old]))
        old = alone.tables[old.name]
    for column in new.columns:
        known = old.column(column.name)
        if known is None:
            if column.origin:
                yield _request(asked.AddColumn(table=old.name, column=column), column.origin, column.name)
        else:
            yield from _of_column(old.name, known, column)
    before = before if may_drop else None
    for known in old.columns if may_drop else ():
        stood = before is None or before.column(known.name) is not None
        if stood and new.column(known.name) is None:
            yield _request(asked.DropColumn(table=old.name, column=known.name), place, new.class_name or str(old.name))
    yield from _of_constraints(old, new, before)
    yield from _of_indexes(old, new, before)


def _of_column(table: Name, old: Column, new: Column) -> Iterator[Request]:
    if not same_type(old, new) and (origin := new.place("length") if _only_length(old, new) else new.place("type")):
        yield _request(asked.ChangeType(table=table, column=old.name, type=new.type), origin, new.name)
    if new.nullable is not None and old.nullable is not new.nullable and (origin := new.place("type")):
        change = asked.ChangeNullable(table=table, column=old.name, nullable=new.nullable)
        yield _request(change, origin, new.name)
    if new.default is not None and new.default != old.default and (origin := new.place("default")):
        yield _request(asked.ChangeDefault(table=table, column=old.name, default=new.default), origin, new.name)


def same_type(old: Column, new: Column) -> bool:
    """Whether two sources mean the same type; a type that PostgreSQL does not bring is compared by its last name."""
    if old.type == new.type:
        return True
    if old.type.is_built_in or new.type.is_built_in:
        return False
    return (
        old.type.name.rpartition(".")[2].lower() == new.type.name.rpartition(".")[2].lower()
        and old.type.is_array == new.type.is_array
    )


def _only_length(old: Column, new: Column) -> bool:
    return old.type.name == new.type.name and old.type.is_array == new.type.is_array


def _of_constraints(old: Table, new: Table, before: Table | None) -> Iterator[Request]:
    for constraint in new.constraints:
        if isinstance(constraint, PrimaryKey):
            continue
        origin = constraint.origin or new.origin
        if _covered(old, constraint) or origin is None:
            continue
        yield _request(asked.AddConstraint(table=old.name, constraint=constraint), origin, _words(constraint))
    for constraint in before.constraints if before else ():
        if isinstance(constraint, PrimaryKey) or has_constraint(new, constraint) or _columns_gone(new, constraint):
            continue
        match = next((item for item in old.constraints if has_constraint(_only(old, item), constraint)), None)
        if match and match.name and new.origin:
            change = asked.DropConstraint(table=old.name, constraint=match.name)
            yield _request(change, new.origin, match.name)


def _words(constraint: Constraint) -> str:
    """A constraint's name; of one without a name, its columns."""
    return constraint.name or ", ".join(_columns(constraint))


def _columns(constraint: Constraint) -> tuple[str, ...]:
    match constraint:
        case Check(expression=expression):
            return tuple(sorted(expression.columns))
        case Exclusion():
            return ()
        case _:
            return constraint.columns


def _only(table: Table, constraint: Constraint) -> Table:
    """The table with that constraint alone."""
    bare = replace(table, primary_key=None, uniques=(), checks=(), foreign_keys=(), exclusions=())
    return bare.with_constraint(constraint)


def _columns_gone(new: Table, constraint: Constraint) -> bool:
    return any(new.column(column) is None for column in _columns(constraint))


def _covered(old: Table, constraint: Constraint) -> bool:
    """Whether the table already refuses what the constraint refuses, under whatever name or form."""
    if has_constraint(old, constraint):
        return True
    match constraint:
        case Unique(columns=columns):
            unique_index = any(
                index.unique and index.columns == columns and index.where is None for index in old.indexes
            )
            key = old.primary_key is not None and set(old.primary_key.columns) == set(columns)
            return unique_index or key or any(set(item.columns) == set(columns) for item in old.uniques)
        case ForeignKey():
            return any(
                key.columns == constraint.columns
                and key.ref_table == constraint.ref_table
                and key.on_delete == constraint.on_delete
                for key in old.foreign_keys
            )
        case _:
            return constraint.name is not None and old.constraint(constraint.name) is not None


def _of_indexes(old: Table, new: Table, before: Table | None) -> Iterator[Request]:
    for index in new.indexes:
        origin = index.origin or new.origin
        if origin is None or _index_covered(old, index):
            continue
        yield _request(asked.AddIndex(table=old.name, index=index), origin, index.name or "")
    for index in before.indexes if before else ():
        if _index_covered(new, index) or any(new.column(column) is None for column in index.columns):
            continue
        known = next((item for item in old.indexes if item.name == index.name), None)
        if known and known.name and new.origin:
            yield _request(asked.DropIndex(table=old.name, index=known.name), new.origin, known.name)


def _index_covered(table: Table, index: Index) -> bool:
    if has_index(table, index) or (index.name and table.index(index.name)):
        return True
    return index.unique and index.where is None and any(item.columns == index.columns for item in table.uniques)


def _request(change: Change, origin: Origin, evidence: str) -> Request:
    return Request(change=change, origin=origin, grade=Grade.DECLARED, evidence=evidence)


def asked_by_document(current: Schema, document: Schema) -> tuple[Request, ...]:
    """Requests of a schema document: tables, columns and indexes that the current schema lacks.

    What the document leaves out is a gap of the document, never a request to drop.
    """
    return tuple(_of_document(current, document))


def _of_document(current: Schema, document: Schema) -> Iterator[Request]:
    for name, table in document.tables.items():
        if table.external or table.origin is None:
            continue
        old = current.table(name)
        if old is None:
            yield _request(asked.AddTable(table=_settled(table)), table.origin, str(name))
            continue
        if old.external:
            continue
        added = {column.name for column in table.columns if old.column(column.name) is None}
        for column in table.columns:
            if column.name in added and column.origin:
                change = asked.AddColumn(table=name, column=_settled_column(column))
                yield _request(change, column.origin, column.name)
        for constraint in table.constraints:
            new = added.intersection(_columns(constraint)) and not isinstance(constraint, PrimaryKey)
            if new and (origin := constraint.origin or table.origin):
                yield _request(asked.AddConstraint(table=name, constraint=constraint), origin, constraint.name or "")
        for index in table.indexes:
            if added.intersection(index.columns) and (origin := index.origin or table.origin):
                yield _request(asked.AddIndex(table=name, index=index), origin, index.name or "")


def _settled(table: Table) -> Table:
    return replace(table, columns=tuple(_settled_column(column) for column in table.columns))


def _settled_column(column: Column) -> Column:
    """A column whose document does not say whether it takes nulls takes them."""
    return column if column.nullable is not None else replace(column, nullable=True)
