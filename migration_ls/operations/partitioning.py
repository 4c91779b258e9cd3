"""What a table becomes as a partition, and what making it one locks, builds and reads."""

import re
from dataclasses import replace

from migration_ls.operations.bounds import bounds_overlap, plain_limits, proves_bound, proves_outside
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import refused, wrong_kind
from migration_ls.postgres.locks import LockMode
from migration_ls.postgres.versions import DEFAULT
from migration_ls.schema.dependents import with_descendants, with_rows
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Constraint, ForeignKey, Index, PrimaryKey, RelationKind, Table, Unique

_KEY = re.compile(r"\w+ \((.*)\)\Z", re.DOTALL)


def key_columns(table: Table) -> tuple[str, ...] | None:
    """The columns a table is partitioned by; None where it is by an expression."""
    match = _KEY.match(table.partition_key or "")
    if match is None or "(" in match[1]:
        return None
    return tuple(part.strip() for part in match[1].split(", "))


def key_refused(table: Table, columns: tuple[str, ...]) -> Effect | None:
    """An effect that says so when a unique key leaves out what the table is partitioned by."""
    if table.kind is not RelationKind.PARTITIONED:
        return None
    parted = key_columns(table)
    if parted is not None and set(parted) <= set(columns):
        return None
    reason = f"a unique key of the partitioned `{table.name}` has to hold what it is partitioned by"
    return refused(reason)


def partition_like(table: Table, parent: Table) -> Table:
    """The partition with the keys, checks and indexes that its parent has, where it has none of its own for them."""
    key = parent.primary_key
    checks = {check.name: check for check in parent.checks} | {check.name: check for check in table.checks}
    return replace(
        table,
        columns=tuple(
            replace(column, nullable=False)
            if (above := parent.column(column.name)) and above.nullable is False
            else column
            for column in table.columns
        ),
        primary_key=table.primary_key or (replace(key, name=None) if key else None),
        uniques=(
            *table.uniques,
            *(replace(item, name=None) for item in parent.uniques if not _has_unique(table, item.columns)),
        ),
        checks=tuple(checks.values()),
        foreign_keys=(*table.foreign_keys, *(item for item in parent.foreign_keys if not has_key(table, item))),
        indexes=(
            *(
                replace(item, attached=True) if any(like_index_of(item, above) for above in parent.indexes) else item
                for item in table.indexes
            ),
            *(replace(item, name=None, attached=True) for item in parent.indexes if like_index(table, item) is None),
        ),
    )


def has_key(table: Table, key: ForeignKey) -> bool:
    """Whether the table has a key that means the same."""
    return any(
        (item.columns, item.ref_table, item.on_delete) == (key.columns, key.ref_table, key.on_delete)
        for item in table.foreign_keys
    )


def key_below(partition: Table, constraint: Constraint) -> Constraint | None:
    """The key of a partition that is the part of its parent's for it."""
    match constraint:
        case PrimaryKey():
            key = partition.primary_key
            return key if key and key.columns == constraint.columns else None
        case Unique():
            return next((item for item in partition.uniques if item.columns == constraint.columns), None)
        case ForeignKey():
            return next(
                (
                    item
                    for item in partition.foreign_keys
                    if (item.columns, item.ref_table) == (constraint.columns, constraint.ref_table)
                ),
                None,
            )
        case _:
            return partition.constraint(constraint.name) if constraint.name else None


def like_index(table: Table, index: Index) -> Index | None:
    """The index of the table that means the same as another table's."""
    return next((item for item in table.indexes if like_index_of(item, index)), None)


def like_index_of(one: Index, other: Index) -> bool:
    """Whether two indexes of different tables mean the same."""
    return (one.parts, one.unique, one.using, one.where, one.include) == (
        other.parts,
        other.unique,
        other.using,
        other.where,
        other.include,
    )


def _has_unique(table: Table, columns: tuple[str, ...]) -> bool:
    return any(item.columns == columns for item in table.uniques)


def inherited(schema: Schema, table: Table, constraint: Constraint) -> bool:
    """Whether a parent has the constraint too."""
    above = schema.table(table.partition_of) if table.partition_of else None
    return bool(above and constraint.name and above.constraint(constraint.name))


def new_partition(
    schema: Schema, parent: Name, bound: str | None, *, is_default: bool, postgres: int = DEFAULT
) -> Effect:
    """What a new partition asks of its parent's other tables, whatever lock the parent itself gets."""
    table = schema.tables.get(parent)
    if table is None or table.kind is not RelationKind.PARTITIONED:
        return wrong_kind(schema, parent, "partitioned table")
    siblings = schema.partitions(parent)
    default = next((item for item in siblings if item.is_default_partition), None)
    if default and is_default:
        reason = f"`{parent}` has the default partition `{default.name}` already"
        return refused(reason, Hazard.EXISTS)
    for other in siblings:
        if bound and other.bound and bounds_overlap(bound, other.bound):
            reason = f"the rows of `{other.name}` would belong to both partitions"
            return refused(reason, Hazard.EXISTS)
    referring = [other.name for other in schema.referencing(parent) if other.name != parent]
    mode = LockMode.ACCESS_SHARE if postgres < _REFERRING_LOCKED_SINCE else LockMode.SHARE_ROW_EXCLUSIVE
    parts = [
        Effect(locks=locks(mode, *referring)),
        Effect(locks=locks(LockMode.SHARE_ROW_EXCLUSIVE, *_referred(schema, table))),
    ]
    if default and not is_default:
        names = with_descendants(schema, default.name)
        proven = bound is not None and outside(table, default, bound)
        parts.append(
            Effect(
                locks=locks(LockMode.ACCESS_EXCLUSIVE, *names),
                scans=() if proven else with_rows(schema, names),
                fails=() if proven else (Hazard.VIOLATIONS,),
            )
        )
    return union(parts)


def _referred(schema: Schema, table: Table) -> tuple[Name, ...]:
    """The tables that the partitioned table refers to, as its new partition will."""
    found = [name for key in table.foreign_keys for name in with_descendants(schema, key.ref_table)]
    return tuple(name for name in dict.fromkeys(found) if name != table.name)


_REFERRING_LOCKED_SINCE = 15


def member(parent: Table, child: Table, bound: str) -> bool:
    """Whether validated checks of the table prove that all its rows belong to the partition."""
    return proves_bound(child, _only_column(parent), bound)


def outside(parent: Table, child: Table, bound: str) -> bool:
    """Whether validated checks of the table prove that none of its rows belongs to the partition."""
    return proves_outside(child, _only_column(parent), bound)


def bound_as_check(parent: Table, child: Table) -> Check | None:
    """The check that a partition keeps of its bound when it is detached concurrently; None where it is not plain."""
    column = _only_column(parent)
    limits = plain_limits(child.bound or "") if column else None
    if column is None or limits is None:
        return None
    text = f"{column} IS NOT NULL AND {column} >= {limits[0]} AND {column} < {limits[1]}"
    expression = Expression(text=text, canonical=text, columns=frozenset({column}), not_nulls=frozenset({column}))
    return Check(name=None, expression=expression)


def _only_column(parent: Table) -> str | None:
    columns = key_columns(parent)
    return columns[0] if columns and len(columns) == 1 else None
