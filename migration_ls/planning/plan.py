"""What shall be done, in which order, and why."""

from dataclasses import dataclass, field
from enum import StrEnum

from migration_ls.operations.base import Grade
from migration_ls.operations.effect import Effect
from migration_ls.operations.union import Operation
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.request import Request
from migration_ls.schema.schema import Schema


class Phase(StrEnum):
    """When a step is done; each phase but the backfill is a version of its own.

    A table gets its new name before anything else is done to it, so that each version can be run again.
    """

    RENAME = "rename"
    EXPAND = "expand"
    BACKFILL = "backfill"
    FINISH = "finish"
    SWITCH = "switch"
    CONTRACT = "contract"


class Switch(StrEnum):
    """Which releases get through the moment in which columns change places under one name."""

    BOTH = "both"
    NEW_FIRST = "the new one alone"
    """The new release also works with the old columns: it is deployed before, and the previous one is gone by then."""
    STOP = "neither"
    """The values mean something else from then on: the previous release stops before, the new one starts after it."""


class Mode(StrEnum):
    """How a step meets transactions."""

    TRANSACTION = "transaction"
    """Together with its neighbours of the same `group`, in one short transaction."""
    AUTOCOMMIT = "autocommit"
    """Each statement by itself, outside a transaction block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A read-only query that returns what is wrong: offending rows, or an object that is missing.

    `about` is what it looks at, `tasks.priority`; `failure` says what is wrong when it returns a row.
    """

    name: str
    query: str
    about: str
    failure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRows:
    """Rows of another table that a backfill writes: `columns` there from `sources`, columns of the backfill's table."""

    table: Name
    columns: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A row of another table that belongs to each row of a backfill, called `alias`; `on` says which.

    `strength` is how it is locked while the batch runs, as PostgreSQL spells it after FOR.
    """

    table: Name
    alias: str
    on: str
    strength: str = "NO KEY UPDATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """Values for rows that have none, written in batches by key.

    `where` is the condition of rows to write, in the place of "has no value"; `more` are further columns that are
    written together with the first. With `rows`, each row that meets `where` gives one to another table instead.
    A backfill that is about two tables (`rows`, or `beside`) waits for no row while it holds others.
    """

    table: Name
    column: str
    value: Expression
    keys: tuple[str, ...]
    where: str | None = None
    more: tuple[tuple[str, Expression], ...] = ()
    rows: NewRows | None = None
    beside: tuple[Beside, ...] = ()

    @property
    def filled(self) -> tuple[Name, str]:
        """The table and the first column that get values."""
        return (self.rows.table, self.rows.columns[-1]) if self.rows else (self.table, self.column)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One operation with all that belongs to it.

    `group` joins steps into one transaction. `inverse` undoes it, in order; `loss` says what it does not bring back.
    `accepted` are rules whose finding the plan knows of, with the reason that the file states.
    """

    title: str
    phase: Phase
    operation: Operation
    mode: Mode
    group: int
    why: str
    effect: Effect
    inverse: tuple[Operation, ...]
    inverse_grade: Grade = Grade.EXACT
    loss: str | None = None
    checks: tuple[Check, ...] = ()
    accepted: tuple[tuple[str, str], ...] = ()
    always: bool = False
    """Done also where something of that name is there: what was there is replaced."""
    if_there: bool = False
    """Done only while its column is there: a later step of the same version takes it away."""
    refills: tuple[Backfill, ...] = ()
    """What is filled again once the step is undone."""
    lives_on: str | None = None
    """Where the values that its effect loses are from then on, what of them is nowhere, and what to do about that."""
    loses: str | None = None
    """What is nowhere from then on, where `lives_on` says that the rest is somewhere."""
    advice: str | None = None
    """What to know while it is there."""
    request: Request | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplanned:
    """A wish that no plan is offered for: why, and what to do instead."""

    what: str
    why: str
    help: str
    request: Request | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Steps in order, from the current schema to the wanted one."""

    current: Schema
    wanted: Schema
    differences: tuple[Operation, ...]
    steps: tuple[PlanStep, ...]
    backfills: tuple[Backfill, ...] = ()
    requests: tuple[Request, ...] = ()
    assumptions: tuple[str, ...] = ()
    unplanned: tuple[Unplanned, ...] = ()
    postgres: int = 15
    switch: Switch = Switch.BOTH

    def in_phase(self, phase: Phase) -> tuple[PlanStep, ...]:
        """The steps of one phase, in order."""
        return tuple(step for step in self.steps if step.phase is phase)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.steps
