"""COMMENT ON."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, locks
from migration_ls.operations.lookup import NOTHING, change_table, missing_column, missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Comment, Schema
from migration_ls.schema.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentOn:
    """Comment a table or one of its columns; other objects have no `table`."""

    table: Name | None
    column: str | None = None
    comment: str | None = None
    part: bool = False
    """Whether it comments a constraint, trigger, policy or rule of the table."""
    what: str = ""
    """Of anything but a table and its columns: the object as it is called behind COMMENT ON."""

    def apply(self, schema: Schema) -> Schema:
        """The schema with the comment."""
        if self.what:
            others = {key: item for key, item in schema.comments.items() if key != self.what}
            if self.comment is not None:
                others[self.what] = Comment(what=self.what, text=self.comment, table=self.table, part=self.part)
            schema = replace(schema, comments=others)
        return change_table(schema, self.table, self._changed) if self.table else schema

    def _changed(self, table: Table) -> Table:
        if self.part:
            return table
        if self.column is None:
            return replace(table, comment=self.comment)
        column = table.column(self.column)
        return table.with_column(replace(column, comment=self.comment)) if column else table

    def inverse(self, schema: Schema) -> Inverse:
        """The comment as it was."""
        if self.what:
            known = schema.comments.get(self.what)
            return Inverse(operations=(replace(self, comment=known.text if known else None),))
        table = schema.table(self.table) if self.table else None
        if table is None or self.part:
            return NOTHING
        column = table.column(self.column) if self.column else None
        old = column.comment if column else table.comment
        return Inverse(operations=(CommentOn(table=self.table, column=self.column, comment=old),))

    def effect(self, context: Context) -> Effect:
        """SHARE UPDATE EXCLUSIVE, ACCESS SHARE for a part of a table: nobody waits."""
        if self.table is None:
            return Effect()
        schema = context.schema
        missing = missing_column(schema, self.table, self.column) if self.column else missing_table(schema, self.table)
        mode = LockMode.ACCESS_SHARE if self.part else LockMode.SHARE_UPDATE_EXCLUSIVE
        return replace(missing, locks=locks(mode, self.table))
