"""ALTER TABLE ... ALTER COLUMN ... SET DEFAULT and DROP DEFAULT."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.create_sequence import as_serial
from migration_ls.operations.default_fits import default_fits
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, base_type, change_table, column_of, missing_column, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDefault:
    """Give a column another default for rows to come; None drops it."""

    table: Name
    column: str
    default: Expression | None
    only: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The table with the column's new default."""
        changed = schema
        for name in self._tables(schema):
            changed = change_table(changed, name, self._changed)
        return as_serial(changed, self.table, self.column) if self.default is not None else changed

    def _tables(self, schema: Schema) -> tuple[Name, ...]:
        return (self.table,) if self.only else with_descendants(schema, self.table)

    def _changed(self, table: Table) -> Table:
        column = table.column(self.column)
        if column is None:
            return table
        serial = column.autoincrement and self.default is not None and "nextval" in self.default.functions
        default = None if serial or (self.default is not None and self.default.is_null) else self.default
        return table.with_column(replace(column, default=default, autoincrement=serial))

    def inverse(self, schema: Schema) -> Inverse:
        """The old default again."""
        column = column_of(schema, self.table, self.column)
        if column is None:
            return NOTHING
        return Inverse(operations=(SetDefault(table=self.table, column=self.column, default=column.default),))

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE, brief; an INSERT of the running release that leaves the column out changes its meaning."""
        column = column_of(context.schema, self.table, self.column)
        table = context.schema.table(self.table)
        required = column is not None and (
            column.nullable is False
            # a check that is not proven for old rows refuses new ones all the same
            or any(self.column in check.expression.not_nulls for check in (table.checks if table else ()))
        )
        gone = self.default is None and column is not None and column.has_default and required
        schema = context.schema
        refusal = self._refused(schema, column) if column else missing_column(schema, self.table, self.column)
        return replace(
            refusal,
            locks=locks(LockMode.ACCESS_EXCLUSIVE, *self._tables(schema)),
            breaks=(Hazard.DEFAULT_GONE,) if gone else (),
        )

    def _refused(self, schema: Schema, column: Column) -> Effect:
        if column.generated and (self.default is not None or not column.virtual):
            return refused(f"`{self.table}.{self.column}` is a generated column")
        if column.identity:
            return refused(f"`{self.table}.{self.column}` is an identity column")
        if self.default is not None and not default_fits(base_type(schema, column.type), self.default):
            return refused(f"`{self.default.text}` is no `{column.type}`")
        return Effect()
