"""ALTER TYPE ... RENAME VALUE."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard
from migration_ls.operations.lookup import exists, refused
from migration_ls.postgres.quoting import literal
from migration_ls.schema.names import Name, type_named
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameEnumValue:
    """Call a label otherwise; every row that has it changes at once."""

    enum: Name
    value: str
    to: str

    def apply(self, schema: Schema) -> Schema:
        """The schema with the label renamed."""
        enum = schema.enums.get(self.enum)
        if enum is None:
            return schema
        values = tuple(self.to if value == self.value else value for value in enum.values)
        schema = schema.with_enum(replace(enum, values=values))
        for table in schema.tables.values():
            for column in table.columns:
                if column.default and column.default.value == self.value and type_named(column.type.name) == self.enum:
                    schema = schema.with_table(schema.tables[table.name].with_column(self._followed(column)))
        return schema

    def _followed(self, column: Column) -> Column:
        """The column whose default is the label, under its new name."""
        old, new = literal(self.value), literal(self.to)
        default = column.default and replace(
            column.default,
            text=column.default.text.replace(old, new),
            canonical=column.default.canonical.replace(old, new),
            value=self.to,
        )
        return replace(column, default=default)

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """The rename back."""
        return Inverse(operations=(RenameEnumValue(enum=self.enum, value=self.to, to=self.value),))

    def effect(self, context: Context) -> Effect:
        """No lock on any relation; the running release writes and reads the old label."""
        enum = context.schema.enums.get(self.enum)
        if enum and self.value not in enum.values:
            return refused(f"`{self.enum}` has no label `{self.value}`", Hazard.MISSING)
        if enum and self.to in enum.values:
            return exists(f"the label `{self.to}` of `{self.enum}`")
        return Effect(breaks=(Hazard.NAME_GONE,))
