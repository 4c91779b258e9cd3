"""ALTER TABLE ... ADD CONSTRAINT."""

from dataclasses import dataclass, replace
from typing import assert_never

from migration_ls.operations import probes
from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import exists, missing_column, missing_table, proves_not_null
from migration_ls.operations.naming import named_constraint
from migration_ls.postgres.locks import LockMode
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

    def apply(self, schema: Schema) -> Schema:
        """The table with the constraint; a primary key makes its columns NOT NULL, a used index becomes its own."""
        table = schema.table(self.table)
        if table is None:
            return schema
        constraint = self._complete(table)
        table = table.with_constraint(constraint)
        if self.using_index:
            table = replace(table, indexes=tuple(item for item in table.indexes if item.name != self.using_index))
        if isinstance(constraint, PrimaryKey):
            for name in constraint.columns:
                if column := table.column(name):
                    table = table.with_column(replace(column, nullable=False))
        return schema.with_table(table)

    def _complete(self, table: Table) -> Constraint:
        """With the name it gets, and the columns of the index it is made from."""
        constraint = self.constraint
        if self.using_index and isinstance(constraint, PrimaryKey | Unique):
            index = table.index(self.using_index)
            columns = index.columns if index else constraint.columns
            return replace(constraint, columns=columns, name=constraint.name or self.using_index)
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
                parts.append(self._check(schema, constraint))
            case ForeignKey():
                parts.append(self._foreign_key(context, constraint))
            case Unique():
                parts += [missing_column(schema, self.table, name) for name in constraint.columns]
                parts.append(self._unique(table, constraint))
            case PrimaryKey():
                parts += [missing_column(schema, self.table, name) for name in constraint.columns]
                parts.append(self._primary_key(table, constraint))
            case Exclusion():
                parts.append(replace(self._build(constraint.name), fails=(Hazard.VIOLATIONS,)))
            case _:
                assert_never(constraint)
        return union(parts)

    def _check(self, schema: Schema, check: Check) -> Effect:
        children = tuple(child.name for child in schema.partitions(self.table))
        taken = locks(LockMode.ACCESS_EXCLUSIVE, self.table, *children)
        if not check.validated:
            return Effect(locks=taken)
        table = schema.table(self.table)
        leaves = children if table and table.kind is RelationKind.PARTITIONED else (self.table, *children)
        return Effect(
            locks=taken,
            scans=leaves,
            fails=(Hazard.VIOLATIONS,),
            probes=(probes.violations(self.table, check.name or "check", check.expression),),
        )

    def _foreign_key(self, context: Context, key: ForeignKey) -> Effect:
        schema = context.schema
        other = schema.table(key.ref_table)
        children = tuple(child.name for child in schema.partitions(self.table))
        taken = locks(LockMode.SHARE_ROW_EXCLUSIVE, *dict.fromkeys((self.table, *children, key.ref_table)))
        missing = missing_table(schema, key.ref_table)
        if not key.validated:
            early = schema.kind(self.table) is RelationKind.PARTITIONED and context.postgres < 18
            reason = f"a foreign key of the partitioned `{self.table}` can be NOT VALID from 18 on" if early else ""
            refused = (Hazard.DEPENDENTS,) if early else ()
            return union([missing, Effect(locks=taken, fails_always=refused, reason=reason)])
        ref_columns = key.ref_columns or (other.primary_key.columns if other and other.primary_key else ())
        if self.table in context.fresh:
            # no rows, so nothing is looked up
            return union([missing, Effect(locks=taken)])
        return union(
            [
                missing,
                Effect(
                    locks=taken,
                    scans=tuple(dict.fromkeys((self.table, *children, key.ref_table))),
                    fails=(Hazard.ORPHANS,),
                    probes=(probes.orphans(self.table, key, ref_columns),) if ref_columns else (),
                ),
            ]
        )

    def _unique(self, table: Table | None, unique: Unique) -> Effect:
        if self.using_index:
            return self._from_index(table)
        return replace(
            self._build(unique.name),
            fails=(Hazard.DUPLICATES,),
            probes=(probes.duplicates(self.table, unique.columns),),
        )

    def _primary_key(self, table: Table | None, key: PrimaryKey) -> Effect:
        columns = [table.column(name) for name in key.columns] if table else [None for _ in key.columns]
        open_columns = [
            name
            for name, column in zip(key.columns, columns, strict=True)
            if column is None or (column.nullable is not False and not (table and proves_not_null(table, name)))
        ]
        scan = Effect(
            locks=locks(LockMode.ACCESS_EXCLUSIVE, self.table),
            scans=(self.table,) if open_columns else (),
            fails=(Hazard.NULLS,) if open_columns else (),
            probes=tuple(probes.nulls(self.table, name) for name in open_columns),
        )
        if self.using_index:
            return union([scan, self._from_index(table)])
        build = replace(
            self._build(key.name),
            fails=(Hazard.DUPLICATES,),
            probes=(probes.duplicates(self.table, key.columns),),
        )
        return union([scan, build])

    def _from_index(self, table: Table | None) -> Effect:
        index: Index | None = table.index(self.using_index) if table and self.using_index else None
        if table and index is None and not table.assumed:
            return Effect(
                locks=locks(LockMode.ACCESS_EXCLUSIVE, self.table),
                fails_always=(Hazard.MISSING,),
                reason=f"the index `{self.using_index}` does not exist at this point",
            )
        return Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, self.table))

    def _build(self, name: str | None) -> Effect:
        return Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, self.table), builds=(name or "?",), built_on=(self.table,))
