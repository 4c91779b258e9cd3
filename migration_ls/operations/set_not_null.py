"""ALTER TABLE ... ALTER COLUMN ... SET NOT NULL."""

from dataclasses import dataclass, replace

from migration_ls.operations import probes
from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import NOTHING, change_table, column_of, missing_column, proves_not_null
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants, with_rows
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class SetNotNull:
    """Forbid nulls in a column."""

    table: Name
    column: str

    def apply(self, schema: Schema) -> Schema:
        """The table with the column NOT NULL."""
        for name in with_descendants(schema, self.table):
            schema = change_table(schema, name, self._changed)
        return schema

    def _changed(self, table: Table) -> Table:
        column = table.column(self.column)
        return table.with_column(replace(column, nullable=False)) if column else table

    def inverse(self, schema: Schema) -> Inverse:
        """DROP NOT NULL."""
        column = column_of(schema, self.table, self.column)
        if column and column.nullable is False:
            return NOTHING
        return Inverse(operations=(DropNotNull(table=self.table, column=self.column),))

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE; a scan unless a validated check proves that there are no nulls (12 and later)."""
        schema = context.schema
        table = schema.table(self.table)
        names = with_descendants(schema, self.table)
        taken = locks(LockMode.ACCESS_EXCLUSIVE, *names)
        column = table.column(self.column) if table else None
        if column and column.nullable is False:
            return Effect(locks=taken, reason="the column is NOT NULL already")
        if table and proves_not_null(table, self.column):
            reason = "a validated check proves it, so no row is read"
            return Effect(locks=taken, breaks=self._breaks(context, column), reason=reason)
        unproven = tuple(
            name
            for name in with_rows(schema, names)
            if not ((below := schema.table(name)) and (_is_not_null(below, self.column)))
        )
        return union(
            [
                missing_column(schema, self.table, self.column),
                Effect(
                    locks=taken,
                    scans=unproven,
                    fails=(Hazard.NULLS,),
                    breaks=self._breaks(context, column),
                    probes=(probes.nulls(self.table, self.column),),
                ),
            ]
        )

    def _breaks(self, context: Context, column: Column | None) -> tuple[Hazard, ...]:
        """A column that the same file made is one that the running release does not write."""
        new = column is not None and not column.has_default and context.is_new(self.table, self.column)
        return (Hazard.REQUIRED,) if new else ()


def _is_not_null(table: Table, column: str) -> bool:
    found = table.column(column)
    return bool(found and found.nullable is False) or proves_not_null(table, column)
