"""DROP SEQUENCE."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, impossible, missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class DropSequence:
    """Drop a sequence; the number it had reached is lost."""

    name: Name
    if_exists: bool = False
    cascade: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema without the sequence."""
        return replace(schema, sequences={key: value for key, value in schema.sequences.items() if key != self.name})

    def inverse(self, schema: Schema) -> Inverse:
        """None: the number it had reached is gone."""
        if self.name not in schema.sequences:
            return NOTHING
        return impossible(f"the number that `{self.name}` had reached")

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE on the sequence."""
        if self.name not in context.schema.sequences:
            return Effect() if self.if_exists else missing_table(context.schema, self.name)
        return Effect(
            locks=locks(LockMode.ACCESS_EXCLUSIVE, self.name),
            loses=f"the number that `{self.name}` had reached",
            breaks=(Hazard.NAME_GONE,),
        )
