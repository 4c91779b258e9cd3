"""ALTER TABLE ... ADD CONSTRAINT."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from migration_ls.operations import probes
from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.foreign_keys import aimed
from migration_ls.operations.lookup import (
    certain,
    exists,
    missing_column,
    missing_table,
    proves_not_null,
    refused,
    unlike_key,
    unordered,
)
from migration_ls.operations.naming import named_constraint
from migration_ls.operations.partitioning import key_below
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants, with_rows
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import (
    Check,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    PrimaryKey,
    RelationKind,
    Table,
    Unique,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddConstraint:
    """Add a constraint. `not_valid` is said by the constraint's own `validated`.

    `using_index` names the unique index that becomes the constraint's.
    """

    table: Name
    constraint: Constraint
    using_index: str | None = None
    only: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The table with the constraint; a primary key makes its columns NOT NULL, a used index becomes its own."""
        table = schema.table(self.table)
        if table is None:
            return schema
        constraint = self._complete(table)
        if isinstance(constraint, ForeignKey):
            constraint = aimed(constraint, schema)
        table = table.with_constraint(constraint)
        if self.using_index:
            table = replace(table, indexes=tuple(item for item in table.indexes if item.name != self.using_index))
        if isinstance(constraint, PrimaryKey):
            for name in constraint.columns:
                if column := table.column(name):
                    table = table.with_column(replace(column, nullable=False))
        return self._handed_down(schema.with_table(table), constraint)

    def _handed_down(self, schema: Schema, constraint: Constraint) -> Schema:
        """Children get the checks of their parents, partitions the keys too, under names of their own if unique."""
        if isinstance(constraint, Check):
            for child in () if constraint.no_inherit else self._below(schema):
                if (below := schema.table(child)) and child != self.table:
                    schema = schema.with_table(below.with_constraint(constraint))
            return schema
        if self.only or schema.kind(self.table) is not RelationKind.PARTITIONED:
            return schema
        for partition in schema.partitions(self.table):
            if key_below(partition, constraint) is None:
                own = constraint if isinstance(constraint, ForeignKey) else replace(constraint, name=None)
                schema = AddConstraint(table=partition.name, constraint=own).apply(schema)
        return schema

    def _complete(self, table: Table) -> Constraint:
        """With the name it gets, and the columns of the index it is made from."""
        constraint = self.constraint
        if self.using_index and isinstance(constraint, PrimaryKey | Unique):
            index = table.index(self.using_index)
            named = replace(constraint, name=constraint.name or self.using_index)
            if index is None:
                return named
            named = replace(named, columns=index.columns, include=index.include)
            if isinstance(named, Unique):
                return replace(named, nulls_not_distinct=index.nulls_not_distinct)
            return named
        return named_constraint(table, constraint)

    def inverse(self, schema: Schema) -> Inverse:
        """DROP CONSTRAINT."""
        table = schema.table(self.table)
        name = self._complete(table).name if table else self.constraint.name
        return Inverse(operations=(DropConstraint(table=self.table, constraint=name or ""),))

    def effect(self, context: Context) -> Effect:
        """The locks of the kind of constraint; a scan or an index build unless it is NOT VALID or has its index."""
        schema = context.schema
        table = schema.table(self.table)
        parts = [missing_table(schema, self.table)]
        if table and self.constraint.name and table.constraint(self.constraint.name):
            parts.append(exists(f"the constraint `{self.constraint.name}` on `{self.table}`"))
        constraint = self._complete(table) if table else self.constraint
        match constraint:
            case Check():
                parts.append(self._check(context, constraint))
            case ForeignKey():
                parts.append(self._foreign_key(context, constraint))
            case Unique():
                parts.append(self._unique(context, table, constraint))
            case PrimaryKey():
                parts.append(self._primary_key(context, table, constraint))
            case Exclusion():
                parts.append(replace(self._build(context, constraint.name), fails=(Hazard.VIOLATIONS,)))
            case _:
                assert_never(constraint)
        return union(parts)

    def _below(self, schema: Schema) -> tuple[Name, ...]:
        """The table and those below it that get the constraint too."""
        return (self.table,) if self.only else with_descendants(schema, self.table)

    def _columns(self, schema: Schema, names: Iterable[str]) -> list[Effect]:
        return [missing_column(schema, self.table, name) for name in names]

    def _check(self, context: Context, check: Check) -> Effect:
        schema = context.schema
        names = (self.table,) if check.no_inherit else self._below(schema)
        wrong = self._columns(schema, sorted(check.expression.columns))
        if self.only and not check.no_inherit and schema.children(self.table):
            wrong.append(refused(f"the constraint of `{self.table}` has to be added to the tables below it too"))
        # 18 locks those below before it looks whether they are meant
        locked = names if context.postgres < 18 else with_descendants(schema, self.table)
        own = Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, *locked))
        if check.validated:
            own = replace(
                own,
                scans=with_rows(schema, names),
                fails=(Hazard.VIOLATIONS,),
                probes=(probes.violations(self.table, check.name or "check", check.expression),),
            )
        return union([*wrong, own])

    def _foreign_key(self, context: Context, key: ForeignKey) -> Effect:
        schema = context.schema
        other = schema.table(key.ref_table)
        children = tuple(child.name for child in schema.partitions(self.table))
        referenced = with_descendants(schema, key.ref_table) if other and other.partition_key else (key.ref_table,)
        taken = locks(LockMode.SHARE_ROW_EXCLUSIVE, *dict.fromkeys((self.table, *children, *referenced)))
        ref_columns = key.referred(other)
        parts = [missing_table(schema, key.ref_table), *self._columns(schema, key.columns)]
        if other is not None and not other.assumed and certain(schema, other.name) and not _has_key(other, key):
            parts.append(refused(f"`{key.ref_table}` has no unique key of {_listed(key.ref_columns) or 'its own'}"))
        mine = schema.table(self.table)
        if why := unlike_key(schema, [mine.column(name) if mine else None for name in key.columns], key):
            parts.append(refused(why))
        if not key.validated:
            if schema.kind(self.table) is RelationKind.PARTITIONED and context.postgres < 18:
                why = f"a foreign key of the partitioned `{self.table}` can be NOT VALID from 18 on"
                parts.append(refused(why))
            return union([*parts, Effect(locks=taken)])
        if self.table in context.fresh:
            # no rows, so nothing is looked up
            return union([*parts, Effect(locks=taken)])
        own = Effect(
            locks=taken,
            scans=tuple(dict.fromkeys((self.table, *children, *referenced))),
            fails=(Hazard.ORPHANS,),
            probes=(probes.orphans(self.table, key, ref_columns),) if ref_columns else (),
        )
        return union([*parts, own])

    def _unique(self, context: Context, table: Table | None, unique: Unique) -> Effect:
        schema = context.schema
        if self.using_index:
            return self._from_index(schema, table)
        if len(set(unique.columns)) < len(unique.columns):
            return refused("a column stands twice in the unique constraint")
        build = replace(
            self._build(context, unique.name),
            fails=(Hazard.DUPLICATES,),
            probes=(probes.duplicates(self.table, unique.columns),),
        )
        order = unordered(schema, self.table, unique.columns)
        return union([*self._columns(schema, unique.columns), self._unparted(table, unique.columns), order, build])

    def _primary_key(self, context: Context, table: Table | None, key: PrimaryKey) -> Effect:
        schema = context.schema
        columns = [table.column(name) for name in key.columns] if table else [None for _ in key.columns]
        open_columns = [
            name
            for name, column in zip(key.columns, columns, strict=True)
            if column is None or (column.nullable is not False and not (table and proves_not_null(table, name)))
        ]
        parts = self._columns(schema, key.columns)
        if table and table.primary_key:
            parts.append(refused(f"`{self.table}` has a primary key already", Hazard.EXISTS))
        scan = Effect(
            locks=locks(LockMode.ACCESS_EXCLUSIVE, self.table),
            scans=with_rows(schema, with_descendants(schema, self.table)) if open_columns else (),
            fails=(Hazard.NULLS,) if open_columns else (),
            probes=tuple(probes.nulls(self.table, name) for name in open_columns),
        )
        if self.using_index:
            return union([*parts, scan, self._from_index(schema, table)])
        build = replace(
            self._build(context, key.name),
            fails=(Hazard.DUPLICATES,),
            probes=(probes.duplicates(self.table, key.columns),),
        )
        order = unordered(schema, self.table, key.columns)
        return union([*parts, self._unparted(table, key.columns), order, scan, build])

    def _unparted(self, table: Table | None, columns: tuple[str, ...]) -> Effect:
        """A key of a partitioned table has to hold what it is partitioned by."""
        if table is None or not table.partition_key:
            return Effect()
        _, _, inside = table.partition_key.partition("(")
        for part in inside.rpartition(")")[0].split(","):
            name = part.strip().strip('"')
            if table.column(name) is not None and name not in columns:
                return refused(f"a unique key of the partitioned `{self.table}` has to hold `{name}`")
        return Effect()

    def _from_index(self, schema: Schema, table: Table | None) -> Effect:
        own = Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, self.table))
        name = self.using_index or ""
        index: Index | None = table.index(name) if table else None
        if table is None or table.assumed or not certain(schema, self.table):
            return own
        if table.kind is RelationKind.PARTITIONED:
            why = refused(f"the partitioned `{self.table}` takes no constraint from an index")
        elif index is None:
            why = refused(f"the index `{name}` does not exist on `{self.table}` at this point", Hazard.MISSING)
        elif not index.unique:
            why = refused(f"the index `{name}` is not unique")
        elif index.where is not None:
            why = refused(f"the index `{name}` is partial")
        elif any(part.is_expression for part in index.parts):
            why = refused(f"the index `{name}` is on an expression")
        else:
            return own
        return union([why, own])

    def _build(self, context: Context, name: str | None) -> Effect:
        """The index of the constraint; before 18 partitions get theirs under a weaker lock."""
        schema = context.schema
        weaker = LockMode.SHARE if context.postgres < 18 else LockMode.ACCESS_EXCLUSIVE
        below = tuple(child for child in with_descendants(schema, self.table) if child != self.table)
        partitioned = schema.kind(self.table) is RelationKind.PARTITIONED
        built_on = with_rows(schema, below) if partitioned else (self.table,)
        return Effect(
            locks=(
                *locks(LockMode.ACCESS_EXCLUSIVE, self.table),
                *(locks(weaker, *below) if partitioned else ()),
            ),
            builds=(name or "?",) * len(built_on),
            built_on=built_on,
        )


def _has_key(table: Table, key: ForeignKey) -> bool:
    """Whether the columns a foreign key refers to are unique, as PostgreSQL wants them."""
    wanted = frozenset(key.ref_columns)
    if not wanted:
        return table.primary_key is not None
    keys = [table.primary_key.columns] if table.primary_key else []
    keys += [unique.columns for unique in table.uniques]
    keys += [
        index.columns
        for index in table.indexes
        if index.unique and index.where is None and len(index.columns) == len(index.parts)
    ]
    return any(frozenset(columns) == wanted for columns in keys)


def _listed(columns: tuple[str, ...]) -> str:
    return " and ".join(f"`{column}`" for column in columns)
