"""ALTER TABLE ... ALTER COLUMN ... ADD GENERATED AS IDENTITY, DROP IDENTITY, DROP EXPRESSION."""

from dataclasses import dataclass, replace
from typing import Literal

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.base import Grade, Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, change_table, column_of, missing_column
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class SetIdentity:
    """Make a column an identity column, or (None) an ordinary one; `drops_expression` ends its being generated."""

    table: Name
    column: str
    identity: Literal["always", "by default"] | None
    drops_expression: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The table with the column changed."""
        return change_table(schema, self.table, self._changed)

    def _changed(self, table: Table) -> Table:
        column = table.column(self.column)
        if column is None:
            return table
        generated = None if self.drops_expression else column.generated
        return table.with_column(replace(column, identity=self.identity, generated=generated))

    def inverse(self, schema: Schema) -> Inverse:
        """What the column was."""
        column = column_of(schema, self.table, self.column)
        if column is None:
            return NOTHING
        if self.drops_expression:
            if column.generated is None:
                return NOTHING
            back = AddColumn(table=self.table, column=replace(column, origin=None, places=()))
            return Inverse(
                operations=(DropColumn(table=self.table, column=self.column), back),
                grade=Grade.LOSES,
                loss=f"values written to `{self.table}.{self.column}` since: they are computed again",
            )
        return Inverse(operations=(SetIdentity(table=self.table, column=self.column, identity=column.identity),))

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE, brief."""
        column = column_of(context.schema, self.table, self.column)
        gone = self.identity is None and not self.drops_expression and column is not None and bool(column.identity)
        return replace(
            missing_column(context.schema, self.table, self.column),
            locks=locks(LockMode.ACCESS_EXCLUSIVE, self.table),
            breaks=(Hazard.DEFAULT_GONE,) if gone else (),
        )
