"""ALTER DOMAIN: what it demands, it demands of every column of the domain."""

from dataclasses import dataclass, replace
from typing import Literal

from migration_ls.operations.base import Grade, Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.create_domain import check_name
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, certain, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_rows
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Domain, Schema

Action = Literal[
    "add check", "validate", "set not null", "drop not null", "set default", "drop constraint", "rename constraint"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterDomain:
    """Change a domain. `constraint` is the name of a check, `expression` its condition or the new default."""

    domain: Name
    action: Action
    constraint: str | None = None
    expression: Expression | None = None
    validated: bool = True
    to: str | None = None
    if_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema with the domain changed."""
        domain = schema.domains.get(self.domain)
        if domain is None:
            return schema
        return replace(schema, domains={**schema.domains, self.domain: self._changed(domain)})

    def _changed(self, domain: Domain) -> Domain:
        checks = domain.checks
        match self.action:
            case "add check" if self.expression is not None:
                name = self.constraint or check_name(domain)
                return replace(domain, checks=(*checks, (name, self.expression)))
            case "set not null" | "drop not null":
                return replace(domain, nullable=self.action == "drop not null")
            case "set default":
                return replace(domain, default=self.expression)
            case "drop constraint":
                return replace(domain, checks=tuple(item for item in checks if item[0] != self.constraint))
            case "rename constraint":
                renamed = ((self.to if name == self.constraint else name, check) for name, check in checks)
                return replace(domain, checks=tuple(renamed))
            case _:
                return domain

    def inverse(self, schema: Schema) -> Inverse:
        """What the domain was."""
        domain = schema.domains.get(self.domain)
        back = AlterDomain(domain=self.domain, action="drop constraint", constraint=self.constraint)
        match self.action:
            case "add check":
                name = self.constraint or (check_name(domain) if domain else None)
                return Inverse(operations=(replace(back, constraint=name),))
            case "set not null":
                return Inverse(operations=(replace(back, action="drop not null"),))
            case "drop not null":
                loss = f"nulls of the domain `{self.domain}` written since, which need a value first"
                again = replace(back, action="set not null")
                return Inverse(operations=(again,), grade=Grade.LOSES, loss=loss)
            case "set default":
                default = domain.default if domain else None
                return Inverse(operations=(replace(back, action="set default", expression=default),))
            case "rename constraint":
                renamed = replace(back, action="rename constraint", constraint=self.to, to=self.constraint)
                return Inverse(operations=(renamed,))
            case "drop constraint":
                old = (
                    next((check for name, check in domain.checks if name == self.constraint), None) if domain else None
                )
                again = replace(back, action="add check", expression=old)
                return Inverse(operations=(again,)) if old else NOTHING
            case "validate":
                return NOTHING

    def effect(self, context: Context) -> Effect:
        """No lock, but SHARE on every table with a column of the domain while its rows are read for a new demand."""
        schema = context.schema
        domain = schema.domains.get(self.domain)
        if domain is None:
            missing = certain(schema, self.domain) and not schema.extensions
            return (
                refused(f"the domain `{self.domain}` does not exist at this point", Hazard.MISSING)
                if missing
                else Effect()
            )
        known = {name for name, _ in domain.checks}
        if self.action in {"drop constraint", "rename constraint", "validate"} and self.constraint not in known:
            if self.if_exists or any(name is None for name in known):
                return Effect()
            return refused(f"the domain `{self.domain}` has no constraint `{self.constraint}`", Hazard.MISSING)
        if self.action not in {"add check", "validate", "set not null"} or (
            self.action == "add check" and not self.validated
        ):
            return Effect()
        users = tuple(name for name in with_rows(schema, schema.tables) if self._is_used(schema, name))
        return Effect(
            locks=locks(LockMode.SHARE, *users),
            scans=users,
            fails=((Hazard.NULLS if self.action == "set not null" else Hazard.VIOLATIONS),) if users else (),
        )

    def _is_used(self, schema: Schema, name: Name) -> bool:
        table = schema.table(name)
        return table is not None and any(column.type.element.name == self.domain.sql for column in table.columns)
