"""CREATE SEQUENCE and ALTER SEQUENCE."""

from dataclasses import dataclass, replace

from migration_ls.operations import probes
from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_sequence import DropSequence
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import (
    NOTHING,
    column_of,
    exists,
    missing_column,
    missing_table,
    refused,
    wrong_kind,
)
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import made_by, relation_named, sequence_users
from migration_ls.schema.expression import next_value
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema, Sequence
from migration_ls.schema.tables import Column, RelationKind

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
    """Make a sequence, or (`alters`) change what it counts or which column owns it.

    `owns` says that the statement names an owner, or NONE; `if_exists` goes with ALTER.
    """

    sequence: Sequence
    alters: bool = False
    if_not_exists: bool = False
    if_exists: bool = False
    owns: bool = False
    restarts: bool = False
    """Whether ALTER says where to count on from."""

    def apply(self, schema: Schema) -> Schema:
        """The schema with the sequence; what a change does not name stays as it was."""
        sequence = self.sequence
        made = made_by(schema, sequence.name) if self.alters else None
        if made and not made[1].identity:
            schema = counting_apart(schema, made[0].name, made[1])
        old = schema.sequences.get(sequence.name)
        if self.alters:
            if old is None:
                return schema
            options = dict(old.options) | dict(sequence.options)
            owner = sequence.owned_by if self.owns else old.owned_by
            sequence = replace(sequence, options=tuple(options.items()), owned_by=owner)
        elif schema.kind(sequence.name) is not None:
            return schema
        schema = replace(schema, sequences={**schema.sequences, sequence.name: plain(sequence)})
        return as_serial(schema, *sequence.owned_by) if sequence.owned_by else schema

    def inverse(self, schema: Schema) -> Inverse:
        """DROP SEQUENCE, or the sequence as it was."""
        old = schema.sequences.get(self.sequence.name)
        if old:
            return Inverse(operations=(change_sequence(self.apply(schema).sequences[old.name], old),))
        if self.alters:
            return NOTHING
        return Inverse(operations=(DropSequence(name=self.sequence.name),))

    def effect(self, context: Context) -> Effect:
        """A new one locks its owner's table alone; a change takes SHARE ROW EXCLUSIVE on the sequence."""
        schema, name = context.schema, self.sequence.name
        kind = schema.kind(name)
        owner = Effect()
        if self.sequence.owned_by:
            table, column = self.sequence.owned_by
            owner = union([missing_column(schema, table, column), Effect(locks=locks(LockMode.ACCESS_SHARE, table))])
        if not self.alters:
            if relation_named(schema, name):
                return Effect() if self.if_not_exists else exists(f"`{name}`")
            return owner
        if kind is None:
            return Effect() if self.if_exists else missing_table(schema, name)
        if kind is not RelationKind.SEQUENCE:
            return wrong_kind(schema, name, "sequence")
        made = made_by(schema, name)
        own = Effect(locks=locks(LockMode.SHARE_ROW_EXCLUSIVE, name))
        if self.owns and made and made[1].identity:
            reason = f"`{name}` is the sequence of the identity column `{made[0].name}.{made[1].name}`"
            own = replace(own, fails_always=(Hazard.DEPENDENTS,), reason=reason)
        return union([own, owner, self._bounds(schema)])

    def _bounds(self, schema: Schema) -> Effect:
        """New bounds that do not hold where the sequence starts, or may not hold where it stands."""
        told = dict(self.sequence.options)
        old = schema.sequences.get(self.sequence.name)
        options = (dict(old.options) if old else {}) | told
        for bound, beyond in (("maxvalue", int.__gt__), ("minvalue", int.__lt__)):
            value, start = told.get(bound), options.get("start", "1")
            if value is None or not _is_number(value):
                continue
            if _is_number(start) and beyond(int(start), int(value)):
                return refused(f"`{self.sequence.name}` starts at {start}, beyond the {bound.upper()} {value}")
            if not self.restarts:
                return Effect(
                    fails=(Hazard.OVERFLOW,),
                    probes=(probes.beyond(self.sequence.name, int(value), is_maximum=bound == "maxvalue"),),
                )
        return Effect()


def _is_number(text: str) -> bool:
    return text.lstrip("-").isdigit()


def as_serial(schema: Schema, table: Name, name: str) -> Schema:
    """The schema with the column as a SERIAL, where it counts with a plain sequence that it owns: that is no other."""
    column = column_of(schema, table, name)
    if column is None or column.default is None or "nextval" not in column.default.functions:
        return schema
    for sequence in schema.sequences.values():
        odd = [option for option, _ in sequence.options if option != "as"]
        mine = sequence.owned_by == (table, name) and any(
            user.name == table and used == name for user, used in sequence_users(schema, sequence.name)
        )
        if mine and not odd and column.type.name in COUNTING:
            counting = replace(column, default=None, autoincrement=True, sequence=sequence.name)
            rest = {key: item for key, item in schema.sequences.items() if key != sequence.name}
            return replace(schema.with_table(schema.tables[table].with_column(counting)), sequences=rest)
    return schema


COUNTING = frozenset({"integer", "bigint", "smallint"})
"""The types of which a SERIAL can be."""


def counting_apart(schema: Schema, table: Name, column: Column) -> Schema:
    """The schema with a SERIAL column written as what it is: a default, and a sequence that the column owns.

    A column that has lost that default still owns the sequence.
    """
    if column.sequence is None:
        return schema
    default = next_value(column.sequence.sql) if column.autoincrement else column.default
    apart = replace(column, default=default, autoincrement=False, sequence=None)
    options = () if column.type.name == "bigint" else (("as", column.type.name),)
    sequence = Sequence(name=column.sequence, owned_by=(table, column.name), options=options)
    schema = schema.with_table(schema.tables[table].with_column(apart))
    return replace(schema, sequences={**schema.sequences, sequence.name: sequence})


def plain(sequence: Sequence) -> Sequence:
    """The sequence without options that say what holds anyway."""
    kept = {name: value for name, value in sequence.options if _DEFAULTS.get(name) != value}
    return replace(sequence, options=tuple(sorted(kept.items())))


def change_sequence(old: Sequence, new: Sequence) -> CreateSequence:
    """ALTER SEQUENCE that makes the one of the other, with every option that differs."""
    wanted = dict(new.options)
    told = {name: wanted.get(name, _DEFAULTS[name]) for name, _ in old.options if name in _DEFAULTS} | wanted
    changed = {name: value for name, value in told.items() if dict(old.options).get(name) != value}
    return CreateSequence(sequence=replace(new, options=tuple(sorted(changed.items()))), alters=True, owns=True)
