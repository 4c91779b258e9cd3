"""How risky a plan is, and what it takes, with the assumptions printed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.base import Grade
from migration_ls.operations.create_index import CreateIndex
from migration_ls.planning.plan import Backfill, Phase, Plan, PlanStep
from migration_ls.rendering.document.volumes import Volumes
from migration_ls.rendering.sql.backfill import BATCH, PAUSE_SECONDS
from migration_ls.schema.names import Name

ROWS_PER_SECOND_SCANNED = 1_000_000
ROWS_PER_SECOND_INDEXED = 200_000
ROWS_PER_SECOND_REWRITTEN = 100_000
ROWS_PER_SECOND_FILLED = 20_000
"""Rates of a small server with a disk of its own; a machine with everything in memory is several times as fast."""
ASSUMED_ROWS = 1_000_000
BRIEF_MILLISECONDS = 50
_IMAGES = 4
"""Bytes of WAL for each byte that a backfill writes: most pages are written whole after a checkpoint (900 bytes a row
were measured on a table with four indexes, on PostgreSQL 15)."""


class Risk(StrEnum):
    """How much care a plan needs."""

    LOW = "Low"
    MEDIUM = "Medium"
    HIGH = "High"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Seconds and bytes.

    `kept_bytes` stay taken, by indexes and filled columns; `passing_bytes` are taken until the rewrite is done or
    VACUUM has run. `new_row_bytes` come with each row that is written from then on.
    """

    risk: Risk
    why: tuple[str, ...]
    seconds: float
    blocking_seconds: float
    index_seconds: float
    kept_bytes: int
    passing_bytes: int
    wal_bytes: int
    new_row_bytes: int
    downtime: bool
    assumptions: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class _Sum:
    """What steps and backfills take together."""

    volumes: Volumes
    seconds: float = 0.0
    blocking: float = 0.0
    index: float = 0.0
    kept: float = 0.0
    passing: float = 0.0
    wal: float = 0.0
    tables: dict[Name, None] = field(default_factory=dict)

    def count(self, name: Name) -> int:
        """The rows of a table; it is named in the assumptions then."""
        self.tables[name] = None
        return self.volumes.rows.get(name, ASSUMED_ROWS)

    def add_step(self, step: PlanStep) -> None:
        effect = step.effect
        took = sum(self.count(name) / ROWS_PER_SECOND_SCANNED for name in effect.scans)
        took += sum(self.count(name) / ROWS_PER_SECOND_REWRITTEN for name in effect.rewrites)
        built = sum(self.count(name) / ROWS_PER_SECOND_INDEXED for name in effect.built_on)
        took += built + BRIEF_MILLISECONDS / 1000
        self.seconds += took
        self.index += built
        self.blocking += took if effect.blocks_writes else 0
        for name in effect.rewrites:
            size = self.count(name) * (self.volumes.row(name) + self.volumes.entries(name))
            self.passing += size
            self.wal += size
        for name in effect.built_on if not effect.rewrites else ():
            columns = step.operation.index.columns if isinstance(step.operation, CreateIndex) else ()
            size = self.count(name) * self.volumes.entry(name, columns)
            self.kept += size
            self.wal += size

    def add_backfill(self, item: Backfill) -> None:
        rows, name = self.count(item.table), item.table
        self.seconds += rows / ROWS_PER_SECOND_FILLED + rows / BATCH * PAUSE_SECONDS
        columns = (item.column, *(column for column, _ in item.more))
        kept = self.volumes.columns(name, columns)
        versions = self.volumes.row(name) + kept + self.volumes.entries(name)
        self.kept += rows * kept
        self.passing += rows * versions
        self.wal += rows * versions * _IMAGES


def estimate(plan: Plan, rows: Mapping[Name, int], sizes: Mapping[Name, int]) -> Estimate:
    """The figures of a plan for the rows and bytes per table that are known, else for a million rows in each table."""
    total = _Sum(volumes=Volumes(before=plan.current, after=plan.wanted, rows=rows, sizes=sizes))
    for step in plan.steps:
        total.add_step(step)
    for item in plan.backfills:
        total.add_backfill(item)
    reasons = tuple(_reasons(plan))
    rewrites = any(step.effect.rewrites and not _small(step.effect.rewrites, rows) for step in plan.steps)
    risk = Risk.HIGH if losing(plan) or rewrites else Risk.MEDIUM if reasons or plan.backfills else Risk.LOW
    added = [step.operation for step in plan.steps if isinstance(step.operation, AddColumn)]
    return Estimate(
        risk=risk,
        why=reasons,
        seconds=total.seconds,
        blocking_seconds=total.blocking,
        index_seconds=total.index,
        kept_bytes=round(total.kept),
        passing_bytes=round(total.passing),
        wal_bytes=round(total.wal),
        new_row_bytes=round(sum(total.volumes.columns(item.table, [item.column.name]) for item in added)),
        downtime=any(
            step.effect.blocks_writes and step.effect.work_grows and not _small(step.effect.rewrites, rows)
            for step in plan.steps
        ),
        assumptions=tuple(_assumptions(total)),
    )


def _assumptions(total: _Sum) -> list[str]:
    """What the figures rest on, as sentences without a full stop."""
    rows, sizes = total.volumes.rows, total.volumes.sizes
    known = [f"{rows[name]:,} in `{name}`" for name in total.tables if name in rows]
    wanting = [f"`{name}`" for name in total.tables if name not in rows]
    lines = [f"Row counts, from the settings: {', '.join(known)}"] if known else []
    if wanting:
        lines.append(
            f"Row counts that are not known: {', '.join(wanting)}. Figures are for {ASSUMED_ROWS:,} rows each; tell "
            "them in the settings, as `[tables.NAME] rows = N`"
        )
    if total.tables:
        widths = ", ".join(
            f"{round(total.volumes.row(name))} bytes in `{name}` ({'settings' if name in sizes else 'its columns'})"
            for name in total.tables
        )
        lines.append(f"A row takes {widths}")
        lines.append(
            f"A server scans {ROWS_PER_SECOND_SCANNED:,} rows a second, indexes {ROWS_PER_SECOND_INDEXED:,}, rewrites "
            f"{ROWS_PER_SECOND_REWRITTEN:,} and backfills {ROWS_PER_SECOND_FILLED:,}; `migration-ls verify` measures "
            "on a real one"
        )
    return lines


def _small(names: tuple[Name, ...], rows: Mapping[Name, int]) -> bool:
    return bool(names) and all(rows.get(name, ASSUMED_ROWS) < ROWS_PER_SECOND_REWRITTEN for name in names)


def losing(plan: Plan) -> list[tuple[PlanStep, str]]:
    """The steps after which values are gone, and which; what lives on elsewhere is not."""
    steps = [step for step in plan.steps if step.effect.loses and step.inverse_grade is not Grade.EXACT]
    pairs = [(step, step.loses if step.lives_on else step.effect.loses) for step in steps]
    return [(step, loses) for step, loses in pairs if loses]


def _reasons(plan: Plan) -> list[str]:
    reasons = [f"{step.title} loses {loses}" for step, loses in losing(plan)]
    reasons += [f"`{name}` is written anew" for step in plan.steps for name in step.effect.rewrites]
    reasons += [
        f"{step.title} breaks statements of the previous release, so it runs after that release is gone"
        for step in plan.steps
        if step.effect.breaks and step.phase is Phase.CONTRACT
    ]
    reasons += [
        f"{step.title} fails when rows that exist violate it"
        for step in plan.steps
        if step.effect.fails and not _on_new_column(plan, step.effect.scans)
    ]
    for step in plan.steps:
        if step.inverse_grade is Grade.IMPOSSIBLE:
            whole = f"undoing it is not possible by SQL: {step.title}"
            reasons.append(f"undoing it does not bring back {step.loss}" if step.inverse and step.loss else whole)
    return list(dict.fromkeys(reasons))


def _on_new_column(plan: Plan, tables: tuple[Name, ...]) -> bool:
    """Whether only a column made by this plan can be violated: its default satisfies what the plan adds."""
    added = {step.operation.table for step in plan.steps if isinstance(step.operation, AddColumn)}
    return bool(tables) and set(tables) <= added


def seconds_words(seconds: float) -> str:
    """A duration as people say it."""
    if seconds < 1:
        return "less than 1 second"
    if seconds < 120:
        return f"about {round(seconds)} seconds"
    if seconds < 2 * 60 * 60:
        return f"about {round(seconds / 60)} minutes"
    return f"about {round(seconds / 60 / 60)} hours"


def bytes_words(count: float) -> str:
    """A volume as people say it."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            break
        count /= 1000
    return f"about {count:.1f} {unit}" if unit == "GB" else f"about {round(count)} {unit}"


def indexes(plan: Plan) -> tuple[CreateIndex, ...]:
    """The indexes that the plan builds."""
    return tuple(step.operation for step in plan.steps if isinstance(step.operation, CreateIndex))
