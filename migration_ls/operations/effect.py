"""What PostgreSQL does when an operation runs, as data. Wording is derived from it, never the other way round."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from migration_ls.postgres.locks import LockMode
from migration_ls.schema.changed import changed
from migration_ls.schema.names import Name

_Item = TypeVar("_Item")


class Hazard(StrEnum):
    """Why an operation may fail on existing rows or break the release that is running; rules turn them into words."""

    NULLS = "nulls in existing rows"
    VIOLATIONS = "existing rows that violate the condition"
    DUPLICATES = "duplicates in existing rows"
    ORPHANS = "rows without a referenced row"
    OVERFLOW = "values that do not fit the new type"
    NO_VALUE = "existing rows have no value"
    MISSING = "an object that does not exist"
    EXISTS = "an object that exists already"
    TRANSACTION = "a transaction block around it"
    SYNTAX = "syntax of a later major"
    DEPENDENTS = "objects that depend on it"
    NAME_GONE = "the running release still uses the name"
    NEW_RESTRICTION = "the running release may write what is now refused"
    REQUIRED = "the running release does not write the column"
    DEFAULT_GONE = "the running release relies on the default"


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that an operation takes on a relation, until the transaction ends."""

    relation: Name
    mode: LockMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A read-only query that tells beforehand whether an operation would fail: it returns the rows in the way."""

    name: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The effect of one operation, or of a whole statement.

    `locks` has the strongest mode per relation. `scans` are tables whose rows are all read, `rewrites` tables that get
    a new heap, `builds` indexes that are built, by name (`?` when unnamed), `built_on` their tables.
    `fails` are reasons for which the statement may fail because of existing rows; `fails_always` the reasons for
    which it fails on every database with this schema. `breaks` are reasons why statements of the previous release
    fail. `loses` says which stored data is gone, in words fit for "loses ...".
    """

    locks: tuple[Lock, ...] = ()
    rewrites: tuple[Name, ...] = ()
    scans: tuple[Name, ...] = ()
    builds: tuple[str, ...] = ()
    built_on: tuple[Name, ...] = ()
    touches_rows: tuple[Name, ...] = ()
    """Tables of which rows are changed, a number that grows with the table."""
    reads_rows: tuple[Name, ...] = ()
    """Tables whose rows a query reads, for nothing to be proven: others go on meanwhile."""
    transaction_forbidden: bool = False
    waits_for_transactions: bool = False
    """Waits for every transaction that uses the table, as the CONCURRENTLY forms do."""
    loses: str | None = None
    fails: tuple[Hazard, ...] = ()
    fails_always: tuple[Hazard, ...] = ()
    breaks: tuple[Hazard, ...] = ()
    reason: str = ""
    """Why, in one sentence without a full stop, where the effect is not plain from the data."""
    probes: tuple[Probe, ...] = field(default=(), compare=False)
    analysed: bool = True

    @property
    def work_grows(self) -> bool:
        """Whether the work grows with the number of rows."""
        return bool(self.rewrites or self.scans or self.builds or self.touches_rows or self.reads_rows)

    @property
    def strongest(self) -> LockMode | None:
        """The strongest mode of any lock."""
        return max((lock.mode for lock in self.locks), default=None)

    def mode(self, relation: Name) -> LockMode | None:
        """The mode of the lock on the relation."""
        return next((lock.mode for lock in self.locks if lock.relation == relation), None)

    @property
    def blocks_reads(self) -> bool:
        """Whether a SELECT on some relation has to wait."""
        return any(lock.mode.blocks_reads for lock in self.locks)

    @property
    def blocks_writes(self) -> bool:
        """Whether a write to some relation has to wait."""
        return bool(self.locks) and any(lock.mode.blocks_writes for lock in self.locks)

    def without(self, relations: Container[Name]) -> "Effect":
        """Without what happens to these relations: made in the same file, they are empty and nobody uses them."""
        touched = (
            {lock.relation for lock in self.locks}
            | set(self.rewrites)
            | set(self.scans)
            | set(self.touches_rows)
            | set(self.reads_rows)
        )
        gone = {name for name in touched.union(self.built_on) if name in relations}
        if not gone:
            return self
        kept_builds = tuple(
            build
            for build, table in zip(self.builds, self.built_on or (None,) * len(self.builds), strict=False)
            if table not in gone
        )
        harmless = bool(touched) and touched <= gone
        return changed(
            self,
            locks=tuple(lock for lock in self.locks if lock.relation not in gone),
            rewrites=tuple(name for name in self.rewrites if name not in gone),
            scans=tuple(name for name in self.scans if name not in gone),
            builds=kept_builds,
            built_on=tuple(name for name in self.built_on if name not in gone),
            touches_rows=tuple(name for name in self.touches_rows if name not in gone),
            reads_rows=tuple(name for name in self.reads_rows if name not in gone),
            loses=None if harmless else self.loses,
            fails=() if harmless else self.fails,
            breaks=() if harmless else self.breaks,
            probes=() if harmless else self.probes,
        )


def locks(mode: LockMode, *relations: Name) -> tuple[Lock, ...]:
    """The same mode on each of the relations."""
    return tuple(Lock(relation, mode) for relation in relations)


NO_EFFECT = Effect()
"""Nothing happens: the one object that functions give which look for a reason and find none."""


def union(effects: Iterable[Effect]) -> Effect:
    """The effect of operations that are one statement."""
    parts = [effect for effect in effects if effect is not NO_EFFECT] or [NO_EFFECT]
    if len(parts) == 1 and len({lock.relation for lock in parts[0].locks}) == len(parts[0].locks):
        return parts[0]
    modes: dict[Name, LockMode] = {}
    for part in parts:
        for lock in part.locks:
            modes[lock.relation] = max(lock.mode, modes.get(lock.relation, lock.mode))
    return Effect(
        locks=tuple(Lock(relation, mode) for relation, mode in modes.items()),
        rewrites=_merged(part.rewrites for part in parts),
        scans=_merged(part.scans for part in parts),
        builds=tuple(build for part in parts for build in part.builds),
        built_on=tuple(table for part in parts for table in part.built_on),
        touches_rows=_merged(part.touches_rows for part in parts),
        reads_rows=_merged(part.reads_rows for part in parts),
        transaction_forbidden=any(part.transaction_forbidden for part in parts),
        waits_for_transactions=any(part.waits_for_transactions for part in parts),
        loses=" and ".join(dict.fromkeys(part.loses for part in parts if part.loses)) or None,
        fails=_merged(part.fails for part in parts),
        fails_always=_merged(part.fails_always for part in parts),
        breaks=_merged(part.breaks for part in parts),
        reason="; ".join(dict.fromkeys(part.reason for part in parts if part.reason)),
        probes=tuple(probe for part in parts for probe in part.probes),
        analysed=all(part.analysed for part in parts),
    )


def _merged(groups: Iterable[Iterable[_Item]]) -> tuple[_Item, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))
