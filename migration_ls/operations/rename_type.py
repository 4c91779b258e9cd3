"""ALTER TYPE and ALTER DOMAIN ... RENAME TO and SET SCHEMA."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard
from migration_ls.operations.lookup import certain, exists, refused
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameType:
    """Call a type otherwise, or (`to_namespace`) move it to another namespace."""

    name: Name
    to: str
    to_namespace: str | None = None

    @property
    def new_name(self) -> Name:
        """The name after it."""
        return Name(self.to, self.to_namespace or self.name.namespace)

    def apply(self, schema: Schema) -> Schema:
        """The schema with the new name wherever the old one stood."""
        new = self.new_name
        if enum := schema.enums.get(self.name):
            others = {key: value for key, value in schema.enums.items() if key != self.name}
            schema = replace(schema, enums={**others, new: replace(enum, name=new)})
        if domain := schema.domains.get(self.name):
            rest = {key: value for key, value in schema.domains.items() if key != self.name}
            schema = replace(schema, domains={**rest, new: replace(domain, name=new)})
        if self.name in schema.types:
            schema = replace(schema, types=schema.types - {self.name} | {new})
        for table in tuple(schema.tables.values()):
            if any(self._is_meant(column) for column in table.columns):
                schema = schema.with_table(self._renamed(table))
        return schema

    def _is_meant(self, column: Column) -> bool:
        return column.type.element.name == self.name.sql

    def _renamed(self, table: Table) -> Table:
        columns = tuple(
            replace(column, type=replace(column.type, name=self.new_name.sql)) if self._is_meant(column) else column
            for column in table.columns
        )
        return replace(table, columns=columns)

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """The rename back."""
        back = RenameType(name=self.new_name, to=self.name.name, to_namespace=self.name.namespace)
        return Inverse(operations=(back,))

    def effect(self, context: Context) -> Effect:
        """No lock on any relation; casts of the running release name the old type."""
        schema = context.schema
        if not schema.has_type(self.name) and certain(schema, self.name) and not schema.extensions:
            return refused(f"the type `{self.name}` does not exist at this point", Hazard.MISSING)
        if schema.has_type(self.new_name) and not (self.to_namespace and self.new_name == self.name):
            return exists(f"the type `{self.new_name}`")
        return Effect(breaks=(Hazard.NAME_GONE,))
