"""CREATE TYPE ... AS ENUM."""

from dataclasses import dataclass

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.effect import Effect
from migration_ls.operations.lookup import NOTHING, exists
from migration_ls.schema.schema import Enum, Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateEnum:
    """Make an enum type."""

    enum: Enum

    def apply(self, schema: Schema) -> Schema:
        """The schema with the type."""
        return schema if self.enum.name in schema.enums else schema.with_enum(self.enum)

    def inverse(self, schema: Schema) -> Inverse:
        """DROP TYPE."""
        if self.enum.name in schema.enums:
            return NOTHING
        return Inverse(operations=(DropType(name=self.enum.name),))

    def effect(self, context: Context) -> Effect:
        """No lock on any relation."""
        return exists(f"the type `{self.enum.name}`") if self.enum.name in context.schema.enums else Effect()
