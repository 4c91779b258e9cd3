"""What a change of rows does beyond its target: sequences, foreign keys, partitions; and why it may be refused."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migration_ls.operations import bounds
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import certain
from migration_ls.operations.partitioning import key_columns
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import keys_to, sequences_counted, with_descendants
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, ForeignKey, RelationKind, Table

if TYPE_CHECKING:
    from migration_ls.operations.change_rows import ChangeRows

_STRING = re.compile(r"'(?:[^']|'')*'")
_NOT_WRITABLE = re.compile(
    r"\b(?:group\s+by|having|distinct|limit|offset|union|intersect|except|with)\b|\b(?:sum|count|min|max|avg)\s*\(",
    re.IGNORECASE,
)
_LENGTH = frozenset({"character varying", "varchar", "character", "char", "bpchar", "numeric"})


@dataclass(frozen=True, slots=True)
class Target:
    """The table that is changed in the end (None where it is not known), and the relations under a view."""

    table: Table | None
    under: tuple[Name, ...] = ()


def target_of(schema: Schema, name: Name) -> Target | Effect:
    """The table that a change of the relation changes; an effect that says so when it changes none."""
    under: list[Name] = []
    while (view := schema.views.get(name)) is not None:
        if schema.table(name) is not None:
            return _refused(Hazard.DEPENDENTS, f"`{name}` is a materialized view, whose rows cannot be changed")
        if any(table == name for table, _ in schema.triggers):
            return Target(None)
        if len(view.reads) != 1 or _NOT_WRITABLE.search(_STRING.sub("''", view.query)):
            return _refused(Hazard.DEPENDENTS, f"the rows of the view `{name}` cannot be changed")
        (name,) = view.reads
        if name in under:
            return _refused(Hazard.DEPENDENTS, f"the view `{name}` reads itself")
        under.append(name)
    return Target(schema.table(name), tuple(under))


def effects(schema: Schema, table: Table, change: "ChangeRows") -> Iterator[Effect]:
    """The parts of the effect of changing rows of the table."""
    plain = change.table == table.name
    known = plain and not table.assumed and certain(schema, table.name)
    if change.kind == "insert":
        if known:
            yield from _insert_refused(table, change)
        yield from _inserted(schema, table, change, plain=plain)
        return
    if change.kind == "copy":
        return
    if known and not table.inherits:
        yield from _columns_refused(table, change)
    yield Effect(locks=locks(LockMode.ROW_EXCLUSIVE, *_changed_parts(schema, table, change)))
    if change.kind == "update":
        yield from _updated(schema, table, change)
    elif change.kind == "delete":
        yield from _deleted(schema, table, frozenset({table.name}))


# INSERT


def _written(table: Table, change: "ChangeRows") -> tuple[str, ...]:
    """The columns that an INSERT writes."""
    if change.columns:
        return change.columns
    names = tuple(column.name for column in table.columns)
    return names[: max((len(row) for row in change.rows), default=0)] if change.rows is not None else names


def _insert_refused(table: Table, change: "ChangeRows") -> Iterator[Effect]:
    unknown = next((name for name in change.columns if table.column(name) is None), None)
    if unknown is not None and not table.inherits:
        yield _refused(Hazard.MISSING, f"`{table.name}` has no column `{unknown}` at this point")
        return
    written = _written(table, change)
    for row in change.rows or ():
        if row and len(row) > (len(change.columns) or len(table.columns)):
            yield _refused(Hazard.MISSING, f"it gives more values than there are columns in `{table.name}`")
            return
        if change.columns and len(row) < len(change.columns):
            yield _refused(Hazard.NO_VALUE, f"it names more columns of `{table.name}` than it gives values")
            return
    for place, name in enumerate(written):
        column = table.column(name)
        given = change.rows is None or any(place < len(row) and row[place] != "DEFAULT" for row in change.rows)
        if column and column.identity == "always" and given and not change.overriding:
            yield _refused(Hazard.DEPENDENTS, f"`{table.name}.{name}` is always generated")
            return
    missing = [column for column in table.columns if _needed(column) and column.name not in written]
    if missing:
        reason = f"`{table.name}.{missing[0].name}` needs a value, and gets none"
        yield _refused(Hazard.NO_VALUE, reason) if change.rows is not None else Effect(fails=(Hazard.NO_VALUE,))
    if change.conflict and not _unique_on(table, change.conflict):
        yield _refused(Hazard.DEPENDENTS, f"nothing makes `{', '.join(change.conflict)}` of `{table.name}` unique")
    elif change.conflict is not None and (key := _deferrable_arbiter(table, change)):
        yield _refused(Hazard.DEPENDENTS, f"ON CONFLICT cannot go by `{key}`, which is deferrable")


def _deferrable_arbiter(table: Table, change: "ChangeRows") -> str | None:
    """A deferrable constraint that ON CONFLICT would go by: the one it names, those of its columns, or any at all."""
    keys = [item for item in (table.primary_key, *table.uniques) if item and item.deferrable]
    for key in keys:
        if change.conflict_constraint is not None:
            meant = key.name == change.conflict_constraint
        else:
            meant = not change.conflict or set(change.conflict) == set(key.columns)
        if meant:
            return key.name
    return None


def _needed(column: Column) -> bool:
    return column.nullable is False and not column.has_default and column.type.name not in {"serial", "bigserial"}


def _unique_on(table: Table, columns: tuple[str, ...]) -> bool:
    keys = [item.columns for item in (table.primary_key, *table.uniques) if item]
    keys += [index.columns for index in table.indexes if index.unique]
    return any(set(key) == set(columns) for key in keys) or any(
        index.unique and len(index.columns) != len(index.parts) for index in table.indexes
    )


def _inserted(schema: Schema, table: Table, change: "ChangeRows", *, plain: bool) -> Iterator[Effect]:
    written = _written(table, change) if plain else tuple(column.name for column in table.columns)
    defaults = {
        name for place, name in enumerate(written) if any(_at(row, place) == "DEFAULT" for row in change.rows or ())
    }
    counted = [column for column in table.columns if column.name not in written or column.name in defaults]
    used = [name for column in counted for name in _sequences(schema, table, column)]
    yield Effect(locks=locks(LockMode.ROW_EXCLUSIVE, *dict.fromkeys(used)))
    for key in table.foreign_keys:
        if _key_written(table, key, written, change) and key.ref_table != table.name:
            # a deferred key is looked up when the transaction ends
            taken = () if key.deferred else locks(LockMode.ROW_SHARE, *with_descendants(schema, key.ref_table))
            yield Effect(locks=taken, fails=(Hazard.ORPHANS,))
    if change.conflict is None and (table.primary_key or table.uniques or any(item.unique for item in table.indexes)):
        yield Effect(fails=(Hazard.DUPLICATES,))
    if table.checks:
        yield Effect(fails=(Hazard.VIOLATIONS,))
    if table.kind is RelationKind.PARTITIONED:
        routed = tuple(_routed(schema, table, written, change))
        yield Effect(locks=locks(LockMode.ROW_EXCLUSIVE, *routed))
        if not routed and change.rows is not None:
            yield _refused(Hazard.MISSING, f"`{table.name}` has no partition for the row")
        elif change.rows is None:
            yield Effect(fails=(Hazard.MISSING,))


def _at(row: tuple[str, ...], place: int) -> str:
    return row[place] if place < len(row) else ""


def _key_written(table: Table, key: ForeignKey, written: tuple[str, ...], change: "ChangeRows") -> bool:
    """Whether some row may get a value in all the columns of the key."""
    for name in key.columns:
        column = table.column(name)
        if name not in written:
            if column is None or not column.has_default:
                return False
        elif (
            change.rows is not None
            and change.rows
            and all(_at(row, written.index(name)).upper() == "NULL" for row in change.rows)
        ):
            return False
    return True


def _sequences(schema: Schema, table: Table, column: Column) -> Iterator[Name]:
    if column.sequence is not None and (column.autoincrement or column.identity):
        yield column.sequence
    elif column.default is not None:
        for name in sequences_counted(column.default.canonical, table.name.namespace):
            if name in schema.sequences or schema.kind(name) is RelationKind.SEQUENCE:
                yield name


def _routed(schema: Schema, table: Table, written: tuple[str, ...], change: "ChangeRows") -> Iterator[Name]:
    """The partitions that the rows go to, as far as their key is a literal; else all of them."""
    columns = key_columns(table)
    place = written.index(columns[0]) if columns and len(columns) == 1 and columns[0] in written else None
    for row in change.rows if change.rows is not None and place is not None else ((),):
        value = bounds.value_of(_at(row, place)) if place is not None else None
        for part in _parts_for(schema, table, value):
            yield part.name
            if part.kind is RelationKind.PARTITIONED:
                yield from _routed(schema, part, written, change)


def _parts_for(schema: Schema, table: Table, value: bounds.Value | None) -> Iterable[Table]:
    parts = schema.partitions(table.name)
    if value is None:
        return parts
    answers = {part.name: bounds.holds(part.bound or "", value) for part in parts if not part.is_default_partition}
    if any(answer is None for answer in answers.values()):
        return parts
    chosen = [part for part in parts if answers.get(part.name)]
    return chosen or [part for part in parts if part.is_default_partition]


# UPDATE and DELETE


def _columns_refused(table: Table, change: "ChangeRows") -> Iterator[Effect]:
    names = change.columns if change.kind == "update" else ()
    unknown = next((name for name in names if table.column(name) is None), None)
    if unknown is None and change.where is not None and not change.reads:
        words = change.where.canonical.upper()
        plain = "SELECT" not in words and "(" not in words.replace("IN (", "")
        used = sorted(change.where.columns) if plain else []
        unknown = next((name for name in used if table.column(name) is None and name not in _SYSTEM), None)
    if unknown is not None:
        yield _refused(Hazard.MISSING, f"`{table.name}` has no column `{unknown}` at this point")
    elif len(set(names)) < len(names):
        yield _refused(Hazard.EXISTS, f"a column of `{table.name}` is set twice")


_SYSTEM = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"})


def _changed_parts(schema: Schema, table: Table, change: "ChangeRows") -> Iterator[Name]:
    """The partitions and children whose rows may be changed: those that the condition does not exclude."""
    if change.only:
        return
    columns = key_columns(table)
    tested = _tests(change) if columns and len(columns) == 1 else {}
    for child in schema.children(table.name):
        wanted = tested.get(columns[0], ()) if columns and child.partition_of == table.name else ()
        if _excluded(schema, table, child, wanted):
            continue
        yield child.name
        yield from _changed_parts(schema, child, change)


def _excluded(
    schema: Schema, table: Table, child: Table, wanted: Iterable[tuple[str, tuple[bounds.Value, ...]]]
) -> bool:
    if child.is_default_partition:
        # it is left out only where all wanted values belong elsewhere
        for sign, values in wanted:
            others = [part for part in schema.partitions(table.name) if not part.is_default_partition]
            if sign == "=" and all(any(bounds.holds(part.bound or "", value) for part in others) for value in values):
                return True
        return False
    return any(not bounds.may_hold(child.bound or "", sign, values) for sign, values in wanted)


def _tests(change: "ChangeRows") -> dict[str, list[tuple[str, tuple[bounds.Value, ...]]]]:
    found: dict[str, list[tuple[str, tuple[bounds.Value, ...]]]] = {}
    if change.where is not None:
        for name, sign, values in bounds.terms(change.where.canonical):
            found.setdefault(name, []).append((sign, values))
    return found


def _updated(schema: Schema, table: Table, change: "ChangeRows") -> Iterator[Effect]:
    moved = set(change.columns) - set(change.unchanged)
    for key in table.foreign_keys:
        if moved & set(key.columns) and not set(key.columns) <= set(change.nulls):
            taken = locks(LockMode.ROW_SHARE, *with_descendants(schema, key.ref_table))
            # a deferred key is looked up when the transaction ends
            looked_up = key.ref_table != table.name and not key.deferred
            yield Effect(locks=taken if looked_up else (), fails=(Hazard.ORPHANS,))
    for other, key in keys_to(schema, table, moved):
        mode = LockMode.ROW_SHARE if key.on_update in {"NO ACTION", "RESTRICT"} else LockMode.ROW_EXCLUSIVE
        yield Effect(locks=locks(mode, other.name), fails=(Hazard.ORPHANS,))
    keys = [item.columns for item in (table.primary_key, *table.uniques) if item]
    keys += [index.columns for index in table.indexes if index.unique]
    if any(moved & set(columns) for columns in keys):
        yield Effect(fails=(Hazard.DUPLICATES,))
    if any(moved & check.expression.columns for check in table.checks):
        yield Effect(fails=(Hazard.VIOLATIONS,))
    for name in moved:
        column = table.column(name)
        if column and column.nullable is False:
            yield Effect(fails=(Hazard.NULLS,))
        if column and column.type.name in _LENGTH and column.type.modifiers:
            yield Effect(fails=(Hazard.OVERFLOW,))


def _deleted(schema: Schema, table: Table, seen: frozenset[Name]) -> Iterator[Effect]:
    for other in schema.referencing(table.name):
        for key in other.foreign_keys:
            if key.ref_table != table.name:
                continue
            if key.on_delete in {"NO ACTION", "RESTRICT"}:
                yield Effect(locks=locks(LockMode.ROW_SHARE, other.name), fails=(Hazard.ORPHANS,))
                continue
            yield Effect(locks=locks(LockMode.ROW_EXCLUSIVE, other.name))
            if key.on_delete == "CASCADE" and other.name not in seen:
                yield from _deleted(schema, other, seen | {other.name})


def _refused(hazard: Hazard, reason: str) -> Effect:
    return Effect(fails_always=(hazard,), reason=reason)
