"""What a recipe looks at besides the operation, and what it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from migration_ls.operations.base import Inverse
from migration_ls.operations.union import Operation
from migration_ls.planning.plan import Backfill, Check, Mode, Phase
from migration_ls.postgres.versions import DEFAULT
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Enum, Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Recast:
    """An enum type that is made anew beside the old one.

    `passing` is the new one's name until the columns change places, `former` the old one's from then on.
    """

    name: Name
    passing: Name
    former: Name
    before: Enum
    after: Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The current schema, the wanted one, and what is known about production."""

    current: Schema
    wanted: Schema
    postgres: int = DEFAULT
    small_table_rows: int = 10_000
    rows: Mapping[Name, int] = field(default_factory=dict)
    downtime: bool = False
    recasts: tuple[Recast, ...] = ()
    """Types that columns move over to gradually; `wanted` calls them by their passing names."""

    def is_small(self, table: Name) -> bool:
        """Whether simple forms will do: few known rows, or the application may be stopped."""
        return self.simple_reason(table) is not None

    def simple_reason(self, *tables: Name) -> str | None:
        """Why a simple form will do for the tables, as the plan states it; None where it will not."""
        if self.downtime:
            return "the application may be stopped meanwhile, so work under a strong lock is fine"
        counts = [self.rows.get(table) for table in tables]
        if any(rows is None or rows >= self.small_table_rows for rows in counts):
            return None
        known = ", ".join(f"`{table}` has {rows} rows" for table, rows in zip(tables, counts, strict=True))
        return f"{known}, fewer than {self.small_table_rows}: the work under the lock is brief"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A step as a recipe makes it; order, effect and inverse come later.

    `turn` orders steps within a phase. `alone` keeps a step out of its neighbours' transaction.
    """

    phase: Phase
    turn: int
    operation: Operation
    title: str
    why: str
    table: Name | None
    mode: Mode = Mode.TRANSACTION
    alone: bool = False
    checks: tuple[Check, ...] = ()
    accepted: tuple[tuple[str, str], ...] = ()
    joined: bool = False
    """In the transaction of the draft before it, whatever they change."""
    passing: bool = False
    """It takes back what the recipe made for the time being: nothing undoes it."""
    after_last: bool = False
    """Right after the draft before it, in a transaction of its own."""
    always: bool = False
    """Done also where something of that name is there: what was there is replaced."""
    if_there: bool = False
    """Done only while its column is there."""
    inverse: Inverse | None = None
    """What undoes it, where that is not what its operation says by itself."""
    refills: tuple[Backfill, ...] = ()
    """What is filled again once it is undone."""
    lives_on: str | None = None
    """Where the values that its effect loses are from then on."""
    loses: str | None = None
    """What of them is nowhere."""
    advice: str | None = None
    """What to know while it is there."""
    undone_first: tuple[Operation, ...] = ()
    """What undoing it begins with: it was done at the start, and has to be undone before the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a recipe makes of one operation; `refusal` says why and what to do instead."""

    drafts: tuple[Draft, ...] = ()
    backfills: tuple[Backfill, ...] = ()
    refusal: tuple[str, str] | None = None


class Turn:
    """The order of steps within a phase."""

    TYPE = 0
    TABLE = 1
    COLUMN = 2
    NOT_VALID = 3
    DEFAULT = 4
    VALIDATE = 5
    NOT_NULL = 6
    INDEX = 7
    ATTACH = 8
    IDENTITY = 9
    VIEW = 10
    COMMENT = 11
    DROP = 12
