"""CREATE TYPE of what is no enum, and ALTER TYPE of composite types."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.effect import Effect, Hazard
from migration_ls.operations.lookup import certain, exists, impossible, refused
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateType:
    """Make a composite, a range or a base type."""

    name: Name

    def apply(self, schema: Schema) -> Schema:
        """The schema with the type."""
        return replace(schema, types=schema.types | {self.name})

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """DROP TYPE."""
        return Inverse(operations=(DropType(name=self.name),))

    def effect(self, context: Context) -> Effect:
        """No lock on any relation."""
        if context.schema.has_type(self.name):
            return exists(f"the type `{self.name}`")
        return Effect()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterType:
    """Change an attribute of a composite type; `what` is the action as written."""

    name: Name
    what: str
    attribute: str
    retypes: bool = False
    removes: bool = False
    adds: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is: attributes are not modelled."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Unknown: the former attribute is not modelled."""
        return impossible(f"the former attributes of the type `{self.name}`")

    def effect(self, context: Context) -> Effect:
        """No lock on any relation; the type of an attribute cannot change while a table has a column of the type."""
        schema = context.schema
        if not schema.has_type(self.name) and certain(schema, self.name) and not schema.extensions:
            return refused(f"the type `{self.name}` does not exist at this point", Hazard.MISSING)
        users = [
            f"{table.name}.{column.name}"
            for table in schema.tables.values()
            for column in table.columns
            if column.type.element.name == self.name.sql
        ]
        if self.retypes and users:
            return refused(f"`{users[0]}` is of the type `{self.name}`")
        gone = bool(self.removes and users)
        return Effect(
            loses=f"the attribute `{self.attribute}` of `{users[0]}`" if gone else None,
            # a row as the running release writes it has as many fields as it knows of
            breaks=(Hazard.NAME_GONE,) if gone else (Hazard.REQUIRED,) if self.adds and users else (),
        )
