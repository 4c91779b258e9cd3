"""ALTER TABLE ... DROP COLUMN."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import (
    NOTHING,
    change_table,
    column_of,
    impossible,
    is_inherited,
    missing_column,
    refused,
    typed,
)
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import views_going_with, views_on, with_descendants
from migration_ls.schema.expression import mentions
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import ForeignKey, RelationKind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class DropColumn:
    """Drop a column, and with it every index and constraint of the table that uses it."""

    table: Name
    column: str
    if_exists: bool = False
    cascade: bool = False
    only: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The table without the column and what stands on it."""
        if self.cascade:
            for view in views_on(schema, self.table, self.column):
                materialized = schema.kind(view.name) is RelationKind.MATERIALIZED_VIEW
                schema = DropView(name=view.name, materialized=materialized, cascade=True).apply(schema)
            for other in self._referencing(schema):
                keys = tuple(key for key in other.foreign_keys if not self._is_meant(key))
                schema = schema.with_table(replace(other, foreign_keys=keys))
        for made in self._made_of_it(schema):
            schema = DropColumn(table=self.table, column=made, cascade=True).apply(schema)
        schema = change_table(schema, self.table, self._without)
        owned = [item.name for item in schema.sequences.values() if item.owned_by == (self.table, self.column)]
        if owned:
            kept = {name: item for name, item in schema.sequences.items() if name not in owned}
            schema = replace(schema, sequences=kept)
        for child in () if self.only else schema.children(self.table):
            column = child.column(self.column)
            if column is not None and not column.inherited and child.partition_of is None:
                # It was there before the table inherited, and stays.
                continue
            schema = DropColumn(table=child.name, column=self.column, cascade=self.cascade).apply(schema)
        return schema

    def _is_meant(self, key: ForeignKey) -> bool:
        return key.ref_table == self.table and self.column in key.ref_columns

    def _referencing(self, schema: Schema) -> tuple[Table, ...]:
        """The tables with a foreign key to the column; their keys name it, or mean the primary key it is in."""
        table = schema.table(self.table)
        key = table.primary_key if table else None
        implied = bool(key and self.column in key.columns)
        return tuple(
            other
            for other in schema.referencing(self.table)
            if any(
                self._is_meant(item) or (implied and item.ref_table == self.table and not item.ref_columns)
                for item in other.foreign_keys
            )
        )

    def _made_of_it(self, schema: Schema) -> tuple[str, ...]:
        """The generated columns that are computed from it."""
        table = schema.table(self.table)
        return tuple(item.name for item in table.generated_from((self.column,))) if table else ()

    def _without(self, table: Table) -> Table:
        name = self.column
        key = table.primary_key
        return replace(
            table,
            columns=tuple(column for column in table.columns if column.name != name),
            dependents=tuple(item for item in table.dependents if name not in item.columns),
            primary_key=None if key and name in key.columns else key,
            uniques=tuple(item for item in table.uniques if name not in item.columns),
            checks=tuple(item for item in table.checks if name not in item.expression.columns),
            foreign_keys=tuple(item for item in table.foreign_keys if name not in item.columns),
            exclusions=tuple(item for item in table.exclusions if not mentions(item.definition, name)),
            indexes=tuple(item for item in table.indexes if not item.uses(name)),
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
        children = tuple(name for name in with_descendants(schema, self.table) if name != self.table)
        column = table.column(self.column) if table else None
        sequence = (column.sequence,) if column and column.sequence else ()
        referencing = tuple(other.name for other in self._referencing(schema) if other.name != self.table)
        views = tuple(view.name for view in views_on(schema, self.table, self.column))
        viewed = not self.cascade and bool(views)
        gone = views_going_with(schema, views) if self.cascade else ()
        own = Effect(
            locks=locks(
                LockMode.ACCESS_EXCLUSIVE,
                self.table,
                *children,
                *dict.fromkeys((*referenced, *gone, *sequence, *(referencing if self.cascade else ()))),
            ),
            loses=None
            if schema.kind(self.table) is RelationKind.FOREIGN
            else f"the values of `{self.table}.{self.column}`",
            breaks=(Hazard.NAME_GONE,),
            fails_always=(Hazard.DEPENDENTS,) if viewed else (),
            reason=f"the view `{views[0]}` depends on `{self.table}.{self.column}`" if viewed else "",
        )
        missing = Effect() if self.if_exists else missing_column(schema, self.table, self.column)
        return union([missing, typed(table), self._refused(context, referencing), own])

    def _refused(self, context: Context, referencing: tuple[Name, ...]) -> Effect:
        schema = context.schema
        table = schema.table(self.table)
        if table is None or table.column(self.column) is None:
            return Effect()
        if not self.cascade and referencing:
            return refused(f"a foreign key of `{referencing[0]}` depends on `{self.table}.{self.column}`")
        # before 15 they go silently with it
        if not self.cascade and context.postgres >= 15 and (made := self._made_of_it(schema)):
            return refused(f"the generated column `{made[0]}` depends on `{self.table}.{self.column}`")
        if not self.cascade and (needing := table.needing(self.column)):
            return refused(f"the {needing[0].kind} `{needing[0].name}` depends on `{self.table}.{self.column}`")
        if is_inherited(schema, table, self.column):
            return refused(f"`{self.table}.{self.column}` is inherited: it is dropped where it comes from")
        if table.partition_key and mentions(table.partition_key, self.column):
            return refused(f"`{self.column}` is part of the partition key of `{self.table}`")
        return Effect()
