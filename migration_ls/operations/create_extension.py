"""CREATE EXTENSION and DROP EXTENSION."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect
from migration_ls.operations.lookup import NOTHING, refused
from migration_ls.postgres.extension_types import EXTENSION_OF
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateExtension:
    """Install an extension; `keeps` says that undoing leaves it where others use it: it may have been there before."""

    name: str
    if_not_exists: bool = False
    keeps: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema with the extension."""
        return replace(schema, extensions=schema.extensions | {self.name})

    def inverse(self, schema: Schema) -> Inverse:
        """DROP EXTENSION, unless it was there."""
        if self.name in schema.extensions:
            return NOTHING
        return Inverse(operations=(DropExtension(name=self.name, if_exists=True, unless_used=self.keeps),))

    def effect(self, context: Context) -> Effect:  # noqa: ARG002
        """No lock on any relation."""
        return Effect()


@dataclass(frozen=True, slots=True, kw_only=True)
class DropExtension:
    """Remove an extension, which fails while anything uses it."""

    name: str
    if_exists: bool = False
    unless_used: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema without the extension."""
        return replace(schema, extensions=schema.extensions - {self.name})

    def inverse(self, schema: Schema) -> Inverse:
        """The extension again."""
        if self.name not in schema.extensions:
            return NOTHING
        return Inverse(operations=(CreateExtension(name=self.name, if_not_exists=True),))

    def effect(self, context: Context) -> Effect:
        """No lock on any relation; without CASCADE it refuses to go while anything uses it."""
        if self.unless_used:
            return Effect()
        for table in context.schema.tables.values():
            for column in table.columns:
                if EXTENSION_OF.get(column.type.element.name) == self.name:
                    return refused(f"`{table.name}.{column.name}` is of a type of the extension `{self.name}`")
        return Effect()
