"""CREATE SCHEMA."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_namespace import DropNamespace
from migration_ls.operations.effect import Effect
from migration_ls.operations.lookup import NOTHING, exists
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateNamespace:
    """Make a namespace; `keeps` says that undoing leaves it, since it may have been there before."""

    namespace: str
    if_not_exists: bool = False
    keeps: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema with the namespace."""
        return replace(schema, namespaces=schema.namespaces | {self.namespace})

    def inverse(self, schema: Schema) -> Inverse:
        """DROP SCHEMA, unless it was there."""
        if self.keeps or self.namespace in schema.namespaces:
            return NOTHING
        return Inverse(operations=(DropNamespace(namespace=self.namespace),))

    def effect(self, context: Context) -> Effect:
        """No lock on any relation."""
        there = self.namespace in context.schema.namespaces and self.namespace != "public"
        return exists(f"the namespace `{self.namespace}`") if there and not self.if_not_exists else Effect()
