"""DROP TYPE and DROP DOMAIN."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, certain, impossible, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import views_going_with, views_on
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
            types=schema.types - {self.name},
        )
        if self.cascade:
            for table in self._users(schema):
                for column in self._columns(table):
                    schema = DropColumn(table=table.name, column=column, cascade=True).apply(schema)
        return schema

    def _columns(self, table: Table) -> tuple[str, ...]:
        return tuple(column.name for column in table.columns if column.type.element.name == self.name.sql)

    def _users(self, schema: Schema) -> tuple[Table, ...]:
        return tuple(table for table in schema.tables.values() if self._columns(table))

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
            return refused(reason)
        if users:
            views = [
                view.name
                for table in self._users(schema)
                for column in self._columns(table)
                for view in views_on(schema, table.name, column)
            ]
            return Effect(
                locks=locks(LockMode.ACCESS_EXCLUSIVE, *users, *views_going_with(schema, views)),
                loses=f"the columns of type `{self.name}`",
                breaks=(Hazard.NAME_GONE,),
            )
        known = schema.has_type(self.name) or self.if_exists or bool(schema.extensions)
        if not known and certain(schema, self.name):
            return refused(f"the type `{self.name}` does not exist at this point", Hazard.MISSING)
        return Effect()
