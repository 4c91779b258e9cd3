"""ALTER TYPE and ALTER DOMAIN ... RENAME TO and SET SCHEMA."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard
from migration_ls.operations.lookup import certain, exists, refused
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, Index, Table


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
            changed = self._renamed(table)
            if changed is not table:
                schema = schema.with_table(changed)
        return schema

    def _is_meant(self, column: Column) -> bool:
        return column.type.element.name == self.name.sql

    def _renamed(self, table: Table) -> Table:
        columns = tuple(self.of_column(column) for column in table.columns)
        checks = tuple(
            item if (text := self._said(item.expression)) is item.expression else replace(item, expression=text)
            for item in table.checks
        )
        indexes = tuple(self._index(index) for index in table.indexes)
        pairs = zip((*columns, *checks, *indexes), (*table.columns, *table.checks, *table.indexes), strict=True)
        if all(new is old for new, old in pairs):
            return table
        return replace(table, columns=columns, checks=checks, indexes=indexes)

    def _said(self, expression: Expression) -> Expression:
        """PostgreSQL follows the type in every expression, and prints its new name."""
        return expression.retyped(self.name.sql, self.new_name.sql)

    def of_column(self, column: Column) -> Column:
        """The column with the new name in its type and in its expressions."""
        default = self._said(column.default) if column.default else None
        generated = self._said(column.generated) if column.generated else None
        meant = self._is_meant(column)
        if not meant and default is column.default and generated is column.generated:
            return column
        type_ = replace(column.type, name=self.new_name.sql) if meant else column.type
        return replace(column, type=type_, default=default, generated=generated)

    def _index(self, index: Index) -> Index:
        where = self._said(index.where) if index.where else None
        parts = tuple(
            part
            if part.expression is None or (said := self._said(part.expression)) is part.expression
            else replace(part, expression=said, text=said.canonical)
            for part in index.parts
        )
        if where is index.where and all(new is old for new, old in zip(parts, index.parts, strict=True)):
            return index
        return replace(index, where=where, parts=parts)

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
