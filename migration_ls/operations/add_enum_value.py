"""ALTER TYPE ... ADD VALUE."""

from dataclasses import dataclass, replace
from typing import Literal

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard
from migration_ls.operations.lookup import NOTHING, certain, exists, impossible, refused
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEnumValue:
    """Add a label to an enum type, before or after `neighbour`, or at the end."""

    enum: Name
    value: str
    neighbour: str | None = None
    side: Literal["before", "after"] = "after"
    if_not_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema with the label in its place."""
        enum = schema.enums.get(self.enum)
        if enum is None or self.value in enum.values:
            return schema
        values = list(enum.values)
        if self.neighbour in values:
            values.insert(values.index(self.neighbour) + (self.side == "after"), self.value)
        else:
            values.append(self.value)
        return schema.with_enum(replace(enum, values=tuple(values)))

    def inverse(self, schema: Schema) -> Inverse:
        """None: PostgreSQL cannot take a label away."""
        enum = schema.enums.get(self.enum)
        if enum and self.value in enum.values:
            return NOTHING
        return impossible(f"the enum `{self.enum}` without the label `{self.value}`, which PostgreSQL cannot take away")

    def effect(self, context: Context) -> Effect:
        """No lock on any relation; the label cannot be used before the transaction ends."""
        enum = context.schema.enums.get(self.enum)
        if enum is None and certain(context.schema, self.enum):
            return refused(f"the type `{self.enum}` does not exist at this point", Hazard.MISSING)
        if enum and self.value in enum.values and not self.if_not_exists:
            return exists(f"the label `{self.value}` of `{self.enum}`")
        if enum and self.neighbour is not None and self.neighbour not in enum.values:
            return refused(f"`{self.enum}` has no label `{self.neighbour}`", Hazard.MISSING)
        return Effect()
