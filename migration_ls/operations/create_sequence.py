"""CREATE SEQUENCE and ALTER SEQUENCE."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_sequence import DropSequence
from migration_ls.operations.effect import Effect, locks
from migration_ls.operations.lookup import NOTHING
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.schema import Schema, Sequence

_DEFAULTS = {
    "as": "bigint",
    "increment": "1",
    "minvalue": "no",
    "maxvalue": "no",
    "start": "1",
    "cache": "1",
    "cycle": "no",
}
"""What a sequence is when nothing is said; `start` follows the bounds where they are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSequence:
    """Make a sequence, or (`alters`) change what it counts or which column owns it."""

    sequence: Sequence
    alters: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema with the sequence; what a change does not name stays as it was."""
        sequence = self.sequence
        old = schema.sequences.get(sequence.name)
        if self.alters and old:
            options = dict(old.options) | dict(sequence.options)
            sequence = replace(sequence, options=tuple(options.items()), owned_by=sequence.owned_by or old.owned_by)
        return replace(schema, sequences={**schema.sequences, sequence.name: plain(sequence)})

    def inverse(self, schema: Schema) -> Inverse:
        """DROP SEQUENCE, or the sequence as it was."""
        old = schema.sequences.get(self.sequence.name)
        if old:
            return Inverse(operations=(change_sequence(self.apply(schema).sequences[old.name], old),))
        if self.alters:
            return NOTHING
        return Inverse(operations=(DropSequence(name=self.sequence.name),))

    def effect(self, context: Context) -> Effect:
        """A new one locks nothing; a change takes SHARE ROW EXCLUSIVE on the sequence."""
        if self.alters and self.sequence.name in context.schema.sequences:
            return Effect(locks=locks(LockMode.SHARE_ROW_EXCLUSIVE, self.sequence.name))
        return Effect()


def plain(sequence: Sequence) -> Sequence:
    """The sequence without options that say what holds anyway."""
    kept = {name: value for name, value in sequence.options if _DEFAULTS.get(name) != value}
    return replace(sequence, options=tuple(sorted(kept.items())))


def change_sequence(old: Sequence, new: Sequence) -> CreateSequence:
    """ALTER SEQUENCE that makes the one of the other, with every option that differs."""
    wanted = dict(new.options)
    told = {name: wanted.get(name, _DEFAULTS[name]) for name, _ in old.options if name in _DEFAULTS} | wanted
    changed = {name: value for name, value in told.items() if dict(old.options).get(name) != value}
    return CreateSequence(sequence=replace(new, options=tuple(sorted(changed.items()))), alters=True)
