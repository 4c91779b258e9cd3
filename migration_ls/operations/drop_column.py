"""ALTER TABLE ... DROP COLUMN."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import NOTHING, change_table, column_of, impossible, missing_column
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import views_going_with, views_on
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class DropColumn:
    """Drop a column, and with it every index and constraint of the table that uses it."""

    table: Name
    column: str
    if_exists: bool = False
    cascade: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The table without the column and what stands on it."""
        if self.cascade:
            for view in views_on(schema, self.table, self.column):
                schema = DropView(name=view.name, cascade=True).apply(schema)
        schema = change_table(schema, self.table, self._without)
        for child in schema.partitions(self.table):
            schema = DropColumn(table=child.name, column=self.column, cascade=self.cascade).apply(schema)
        return schema

    def _without(self, table: Table) -> Table:
        name = self.column
        key = table.primary_key
        return replace(
            table,
            columns=tuple(column for column in table.columns if column.name != name),
            primary_key=None if key and name in key.columns else key,
            uniques=tuple(item for item in table.uniques if name not in item.columns),
            checks=tuple(item for item in table.checks if name not in item.expression.columns),
            foreign_keys=tuple(item for item in table.foreign_keys if name not in item.columns),
            indexes=tuple(
                item
                for item in table.indexes
                if name not in item.columns
                and name not in item.include
                and not (item.where and name in item.where.columns)
                and not any(part.is_expression and _mentions(part.text, name) for part in item.parts)
            ),
        )

    def inverse(self, schema: Schema) -> Inverse:
        """None: adding the column again brings no values back."""
        if column_of(schema, self.table, self.column) is None:
            return NOTHING
        return impossible(f"the values of `{self.table}.{self.column}`")

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE, brief; the values are gone, and so are indexes on the column."""
        schema = context.schema
        table = schema.table(self.table)
        if table and table.column(self.column) is None and self.if_exists:
            return Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, self.table))
        keys = table.foreign_keys if table else ()
        referenced = tuple(key.ref_table for key in keys if self.column in key.columns and key.ref_table != self.table)
        children = tuple(child.name for child in schema.partitions(self.table))
        views = tuple(view.name for view in views_on(schema, self.table, self.column))
        viewed = not self.cascade and bool(views)
        gone = views_going_with(schema, views) if self.cascade else ()
        own = Effect(
            locks=locks(LockMode.ACCESS_EXCLUSIVE, self.table, *children, *dict.fromkeys(referenced), *gone),
            loses=f"the values of `{self.table}.{self.column}`",
            breaks=(Hazard.NAME_GONE,),
            fails_always=(Hazard.DEPENDENTS,) if viewed else (),
            reason=f"the view `{views[0]}` depends on `{self.table}.{self.column}`" if viewed else "",
        )
        missing = Effect() if self.if_exists else missing_column(schema, self.table, self.column)
        return union([missing, own])


def _mentions(expression: str, column: str) -> bool:
    """Whether the word occurs in the expression; indexes on expressions are few, so a word is close enough."""
    word = "".join(char if char.isalnum() or char in "_$" else " " for char in expression)
    return column in word.split()
