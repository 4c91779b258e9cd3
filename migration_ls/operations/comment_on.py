"""COMMENT ON."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, locks
from migration_ls.operations.lookup import NOTHING, change_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentOn:
    """Comment a table or one of its columns; other objects have no `table`."""

    table: Name | None
    column: str | None = None
    comment: str | None = None

    def apply(self, schema: Schema) -> Schema:
        """The schema with the comment."""
        return change_table(schema, self.table, self._changed) if self.table else schema

    def _changed(self, table: Table) -> Table:
        if self.column is None:
            return replace(table, comment=self.comment)
        column = table.column(self.column)
        return table.with_column(replace(column, comment=self.comment)) if column else table

    def inverse(self, schema: Schema) -> Inverse:
        """The comment as it was."""
        table = schema.table(self.table) if self.table else None
        if table is None:
            return NOTHING
        column = table.column(self.column) if self.column else None
        old = column.comment if column else table.comment
        return Inverse(operations=(CommentOn(table=self.table, column=self.column, comment=old),))

    def effect(self, context: Context) -> Effect:  # noqa: ARG002
        """SHARE UPDATE EXCLUSIVE: nobody waits."""
        return Effect(locks=locks(LockMode.SHARE_UPDATE_EXCLUSIVE, self.table)) if self.table else Effect()
