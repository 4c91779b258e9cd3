"""CREATE DOMAIN."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.effect import Effect
from migration_ls.operations.lookup import exists
from migration_ls.schema.schema import Domain, Schema


def check_name(domain: Domain) -> str:
    """The name PostgreSQL gives a check without one (`ChooseConstraintName`)."""
    taken = {name for name, _ in domain.checks}
    number = 0
    while (name := f"{domain.name.name}_check{number or ''}") in taken:
        number += 1
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateDomain:
    """Make a domain."""

    domain: Domain

    def apply(self, schema: Schema) -> Schema:
        """The schema with the domain."""
        domain = replace(self.domain, checks=())
        for name, check in self.domain.checks:
            domain = replace(domain, checks=(*domain.checks, (name or check_name(domain), check)))
        return replace(schema, domains={**schema.domains, self.domain.name: domain})

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """DROP DOMAIN."""
        return Inverse(operations=(DropType(name=self.domain.name),))

    def effect(self, context: Context) -> Effect:
        """No lock on any relation."""
        if context.schema.has_type(self.domain.name):
            return exists(f"the type `{self.domain.name}`")
        return Effect()
