"""CREATE SEQUENCE and ALTER SEQUENCE."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_sequence import DropSequence
from migration_ls.operations.effect import Effect, locks
from migration_ls.operations.lookup import NOTHING
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.schema import Schema, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSequence:
    """Make a sequence, or (`alters`) change what it counts or which column owns it."""

    sequence: Sequence
    alters: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema with the sequence."""
        return replace(schema, sequences={**schema.sequences, self.sequence.name: self.sequence})

    def inverse(self, schema: Schema) -> Inverse:
        """DROP SEQUENCE, or the sequence as it was."""
        old = schema.sequences.get(self.sequence.name)
        if old:
            return Inverse(operations=(CreateSequence(sequence=old, alters=True),))
        if self.alters:
            return NOTHING
        return Inverse(operations=(DropSequence(name=self.sequence.name),))

    def effect(self, context: Context) -> Effect:
        """A new one locks nothing; a change takes SHARE ROW EXCLUSIVE on the sequence."""
        if self.alters and self.sequence.name in context.schema.sequences:
            return Effect(locks=locks(LockMode.SHARE_ROW_EXCLUSIVE, self.sequence.name))
        return Effect()
