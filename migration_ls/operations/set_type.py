"""ALTER TABLE ... ALTER COLUMN ... TYPE."""

from dataclasses import dataclass, replace

from migration_ls.operations import probes
from migration_ls.operations.base import Grade, Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, Probe, locks, union
from migration_ls.operations.lookup import NOTHING, change_table, column_of, missing_column
from migration_ls.postgres.casts import TypeChange, type_change
from migration_ls.postgres.locks import LockMode
from migration_ls.postgres.types import ColumnType
from migration_ls.schema.dependents import views_on
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class SetType:
    """Give a column another type; `using` is the expression that makes the new values."""

    table: Name
    column: str
    type: ColumnType
    using: Expression | None = None
    collation: str | None = None

    def apply(self, schema: Schema) -> Schema:
        """The table with the column's new type."""
        return change_table(schema, self.table, self._changed)

    def _changed(self, table: Table) -> Table:
        column = table.column(self.column)
        if column is None:
            return table
        return table.with_column(replace(column, type=self.type, collation=self.collation or column.collation))

    def inverse(self, schema: Schema) -> Inverse:
        """The old type again; values that lost digits stay so, values that grew may not fit."""
        column = column_of(schema, self.table, self.column)
        if column is None:
            return NOTHING
        back = SetType(table=self.table, column=self.column, type=column.type)
        there = type_change(column.type, self.type)
        returns = type_change(self.type, column.type)
        if there.lossy or self.using:
            return Inverse(
                operations=(back,), grade=Grade.LOSES, loss=f"what `{self.table}.{self.column}` held before the change"
            )
        if returns.may_fail or returns.lossy:
            loss = f"values of `{self.table}.{self.column}` written since that the old type does not hold"
            return Inverse(operations=(back,), grade=Grade.LOSES, loss=loss)
        return Inverse(operations=(back,))

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE; a rewrite unless the old values are valid as they stand on disk."""
        schema = context.schema
        table = schema.table(self.table)
        column = table.column(self.column) if table else None
        taken = locks(LockMode.ACCESS_EXCLUSIVE, self.table, *(child.name for child in schema.partitions(self.table)))
        if table is None or column is None:
            reason = "the present type is not known, so a rewrite has to be expected"
            unknown = Effect(locks=taken, rewrites=(self.table,), reason=reason)
            return union([missing_column(schema, self.table, self.column), unknown])
        change = type_change(column.type, self.type, context.session.time_zone)
        if self.using and not self._trivial():
            change = TypeChange(rewrites=True, may_fail=change.may_fail, lossy=change.lossy)
        checked = any(self.column in check.expression.columns for check in table.checks)
        keys = [key for key in table.foreign_keys if self.column in key.columns]
        referencing = [other for other in schema.referencing(self.table) if other.name != self.table]
        taken = (
            *taken,
            *locks(
                LockMode.SHARE_ROW_EXCLUSIVE,
                *dict.fromkeys(key.ref_table for key in keys if key.ref_table != self.table),
            ),
        )
        viewed = bool(views_on(schema, self.table, self.column))
        recollated = self.collation is not None and self.collation != column.collation and not change.rewrites
        rebuilt = tuple(item.name or "?" for item in table.indexes if recollated and self.column in item.columns)
        in_key = bool(table.primary_key and self.column in table.primary_key.columns)
        if in_key and change.rewrites:
            taken = (*taken, *locks(LockMode.ACCESS_EXCLUSIVE, *(other.name for other in referencing)))
        always = (
            *((Hazard.OVERFLOW,) if change.needs_using and not self.using else ()),
            *((Hazard.DEPENDENTS,) if viewed else ()),
        )
        return Effect(
            locks=taken,
            rewrites=(self.table,) if change.rewrites else (),
            builds=rebuilt,
            built_on=(self.table,) * len(rebuilt),
            scans=(self.table,) if checked and not change.rewrites and column.type != self.type else (),
            loses=f"digits of `{self.table}.{self.column}`" if change.lossy else None,
            fails=(Hazard.OVERFLOW,) if change.may_fail else (),
            fails_always=always,
            breaks=(Hazard.NEW_RESTRICTION,) if change.may_fail else (),
            reason=self._reason(column.type, change, viewed=viewed),
            probes=self._probes(change),
        )

    def _trivial(self) -> bool:
        """Whether USING is the column itself, cast at most to the new type."""
        return self.using is not None and (
            self.using.canonical == self.column
            or (
                self.using.columns == frozenset({self.column})
                and self.using.casts == (str(self.type),)
                and not self.using.functions
            )
        )

    def _probes(self, change: TypeChange) -> tuple[Probe, ...]:
        if change.may_fail and self.type.length is not None and not self.type.is_array:
            return (probes.too_long(self.table, self.column, self.type.length),)
        return ()

    def _reason(self, old: ColumnType, change: TypeChange, *, viewed: bool) -> str:
        if viewed:
            return f"a view depends on `{self.table}.{self.column}`"
        if change.needs_using and not self.using:
            return f"`{old}` is not cast to `{self.type}` without USING"
        if change.rewrites:
            return f"`{old}` and `{self.type}` are stored differently, or must be checked value by value"
        return ""
