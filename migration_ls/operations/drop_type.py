"""DROP TYPE and DROP DOMAIN."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, impossible
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class DropType:
    """Drop an enum, a domain or another type; with `cascade` the columns of that type go too."""

    name: Name
    if_exists: bool = False
    cascade: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema without the type."""
        schema = replace(
            schema,
            enums={key: value for key, value in schema.enums.items() if key != self.name},
            domains={key: value for key, value in schema.domains.items() if key != self.name},
        )
        if self.cascade:
            for table in self._users(schema):
                kept = tuple(column for column in table.columns if column.type.name != str(self.name))
                schema = schema.with_table(replace(table, columns=kept))
        return schema

    def _users(self, schema: Schema) -> tuple[Table, ...]:
        wanted = str(self.name)
        return tuple(
            table for table in schema.tables.values() if any(column.type.name == wanted for column in table.columns)
        )

    def inverse(self, schema: Schema) -> Inverse:
        """The type again, when no column went with it."""
        from migration_ls.operations.create_domain import CreateDomain  # noqa: PLC0415 - each undoes the other
        from migration_ls.operations.create_enum import CreateEnum  # noqa: PLC0415 - each undoes the other

        if self.cascade and self._users(schema):
            return impossible(f"the columns of type `{self.name}`")
        if enum := schema.enums.get(self.name):
            return Inverse(operations=(CreateEnum(enum=enum),))
        if domain := schema.domains.get(self.name):
            return Inverse(operations=(CreateDomain(domain=domain),))
        return NOTHING

    def effect(self, context: Context) -> Effect:
        """No lock on a relation, unless CASCADE drops columns."""
        schema = context.schema
        users = tuple(table.name for table in self._users(schema))
        if users and not self.cascade:
            reason = f"columns of `{users[0]}` have the type `{self.name}`"
            return Effect(fails_always=(Hazard.DEPENDENTS,), reason=reason)
        if users:
            return Effect(
                locks=locks(LockMode.ACCESS_EXCLUSIVE, *users),
                loses=f"the columns of type `{self.name}`",
                breaks=(Hazard.NAME_GONE,),
            )
        return Effect()
