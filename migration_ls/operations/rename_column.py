"""ALTER TABLE ... RENAME COLUMN."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import change_table, exists, is_inherited, missing_column, refused, typed
from migration_ls.postgres.locks import LockMode
from migration_ls.postgres.quoting import identifier, identifiers, with_columns
from migration_ls.schema.dependents import views_on, with_descendants
from migration_ls.schema.names import Name
from migration_ls.schema.renamed import renamed
from migration_ls.schema.schema import Schema, View
from migration_ls.schema.tables import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameColumn:
    """Call a column otherwise."""

    table: Name
    column: str
    to: str

    def apply(self, schema: Schema) -> Schema:
        """The schema with the new name in the table, its keys and indexes, and in keys that refer to it."""
        schema = change_table(schema, self.table, self._renamed)
        if views_on(schema, self.table, self.column):
            schema = replace(schema, views={key: self._followed(view) for key, view in schema.views.items()})
        owner, owned = (self.table, self.column), (self.table, self.to)
        if any(item.owned_by == owner for item in schema.sequences.values()):
            sequences = schema.sequences.items()
            followed = {
                key: replace(item, owned_by=owned) if item.owned_by == owner else item for key, item in sequences
            }
            schema = replace(schema, sequences=followed)
        for other in schema.referencing(self.table):
            keys = tuple(
                replace(key, ref_columns=self._names(key.ref_columns)) if key.ref_table == self.table else key
                for key in other.foreign_keys
            )
            schema = schema.with_table(replace(other, foreign_keys=keys))
        for child in schema.children(self.table):
            schema = RenameColumn(table=child.name, column=self.column, to=self.to).apply(schema)
        return schema

    def _followed(self, view: View) -> View:
        old, new = (self.table, self.column), (self.table, self.to)
        followed = replace(view, columns=frozenset(new if item == old else item for item in view.columns))
        named = {column for _, column in view.mentions}
        if old not in view.columns or view.reads != frozenset({self.table}) or "*" in named or view.outputs is None:
            return followed
        # PostgreSQL keeps the names of the view's own columns
        kept = f"({identifiers(view.outputs)})" if self.column in view.outputs and not view.head else view.head
        return replace(
            followed,
            query=with_columns(view.query, {self.column: identifier(self.to)}),
            mentions=frozenset(
                (relation, self.to if name == self.column else name) for relation, name in view.mentions
            ),
            head=kept,
        )

    def _names(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.to if name == self.column else name for name in names)

    def _renamed(self, table: Table) -> Table:
        names = {self.column: self.to}
        key = table.primary_key
        return replace(
            table,
            columns=tuple(self._column(column, names) for column in table.columns),
            primary_key=renamed(key, names) if key else None,
            dependents=tuple(
                replace(item, columns=frozenset(self._names(tuple(item.columns)))) for item in table.dependents
            ),
            uniques=tuple(renamed(item, names) for item in table.uniques),
            checks=tuple(renamed(item, names) for item in table.checks),
            foreign_keys=tuple(renamed(item, names) for item in table.foreign_keys),
            exclusions=tuple(renamed(item, names) for item in table.exclusions),
            indexes=tuple(renamed(item, names) for item in table.indexes),
        )

    def _column(self, column: Column, names: Mapping[str, str]) -> Column:
        generated = column.generated.renamed(names) if column.generated else None
        name = self.to if column.name == self.column else column.name
        return (
            column
            if (generated, name) == (column.generated, column.name)
            else replace(column, name=name, generated=generated)
        )

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """The rename back."""
        return Inverse(operations=(RenameColumn(table=self.table, column=self.to, to=self.column),))

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE, brief; the running release no longer finds the column."""
        schema = context.schema
        table = schema.table(self.table)
        refusal = missing_column(schema, self.table, self.column)
        if table and table.column(self.to):
            refusal = exists(f"the column `{self.table}.{self.to}`")
        elif table and table.of_type:
            refusal = typed(table)
        elif table and table.column(self.column) and is_inherited(schema, table, self.column):
            refusal = refused(f"`{self.table}.{self.column}` is inherited: it is renamed where it comes from")
        return replace(
            refusal,
            locks=locks(LockMode.ACCESS_EXCLUSIVE, *with_descendants(schema, self.table)),
            breaks=(Hazard.NAME_GONE,),
        )
