"""CREATE DOMAIN."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.effect import Effect
from migration_ls.schema.schema import Domain, Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateDomain:
    """Make a domain."""

    domain: Domain

    def apply(self, schema: Schema) -> Schema:
        """The schema with the domain."""
        return replace(schema, domains={**schema.domains, self.domain.name: self.domain})

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """DROP DOMAIN."""
        return Inverse(operations=(DropType(name=self.domain.name),))

    def effect(self, context: Context) -> Effect:  # noqa: ARG002
        """No lock on any relation."""
        return Effect()
