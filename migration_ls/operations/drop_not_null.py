"""ALTER TABLE ... ALTER COLUMN ... DROP NOT NULL."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Grade, Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, locks
from migration_ls.operations.lookup import NOTHING, change_table, column_of, missing_column, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class DropNotNull:
    """Allow nulls in a column."""

    table: Name
    column: str

    def apply(self, schema: Schema) -> Schema:
        """The table with the column nullable."""
        for name in with_descendants(schema, self.table):
            schema = change_table(schema, name, self._changed)
        return schema

    def _changed(self, table: Table) -> Table:
        column = table.column(self.column)
        return table.with_column(replace(column, nullable=True)) if column else table

    def inverse(self, schema: Schema) -> Inverse:
        """SET NOT NULL, which fails while there are nulls written since."""
        from migration_ls.operations.set_not_null import SetNotNull  # noqa: PLC0415 - each undoes the other

        column = column_of(schema, self.table, self.column)
        if column is None or column.nullable is not False:
            return NOTHING
        return Inverse(
            operations=(SetNotNull(table=self.table, column=self.column),),
            grade=Grade.LOSES,
            loss=f"nulls written to `{self.table}.{self.column}` since, which need a value first",
        )

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE, brief."""
        schema = context.schema
        table = schema.table(self.table)
        column = column_of(schema, self.table, self.column)
        refusal = missing_column(schema, self.table, self.column)
        if table and table.primary_key and self.column in table.primary_key.columns:
            refusal = refused(f"`{self.table}.{self.column}` is in the primary key")
        elif column and column.identity:
            refusal = refused(f"`{self.table}.{self.column}` is an identity column")
        elif table and table.partition_of and _is_required(schema, table.partition_of, self.column):
            refusal = refused(f"`{self.column}` is NOT NULL in `{table.partition_of}`")
        return replace(refusal, locks=locks(LockMode.ACCESS_EXCLUSIVE, *with_descendants(schema, self.table)))


def _is_required(schema: Schema, table: Name, column: str) -> bool:
    found = column_of(schema, table, column)
    return found is not None and found.nullable is False
