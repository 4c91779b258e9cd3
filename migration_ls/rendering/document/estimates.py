"""How risky a plan is, and what it takes, with the assumptions printed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.base import Grade
from migration_ls.operations.create_index import CreateIndex
from migration_ls.planning.plan import Phase, Plan
from migration_ls.postgres.types import BYTES, ColumnType
from migration_ls.schema.names import Name

ROWS_PER_SECOND_SCANNED = 1_000_000
ROWS_PER_SECOND_INDEXED = 200_000
ROWS_PER_SECOND_WRITTEN = 50_000
ASSUMED_ROWS = 1_000_000
BRIEF_MILLISECONDS = 50
_USUAL_BYTES = 12


class Risk(StrEnum):
    """How much care a plan needs."""

    LOW = "Low"
    MEDIUM = "Medium"
    HIGH = "High"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Seconds and bytes; `rows_known` says whether row counts were told or assumed."""

    risk: Risk
    why: tuple[str, ...]
    seconds: float
    blocking_seconds: float
    index_seconds: float
    bytes_per_row: int
    downtime: bool
    rows_known: bool


def estimate(plan: Plan, rows: Mapping[Name, int]) -> Estimate:
    """The figures of a plan for the rows that are known, else for a million in each table."""

    def count(name: Name) -> int:
        return rows.get(name, ASSUMED_ROWS)

    seconds = blocking = index = 0.0
    for step in plan.steps:
        effect = step.effect
        took = sum(count(name) / ROWS_PER_SECOND_SCANNED for name in effect.scans)
        took += sum(count(name) / ROWS_PER_SECOND_WRITTEN for name in effect.rewrites)
        built = sum(count(name) / ROWS_PER_SECOND_INDEXED for name in effect.built_on)
        brief = BRIEF_MILLISECONDS / 1000
        seconds += took + built + brief
        index += built
        if effect.blocks_writes:
            blocking += took + built + brief
    seconds += sum(count(item.table) / ROWS_PER_SECOND_WRITTEN for item in plan.backfills)
    touched = {lock.relation for step in plan.steps for lock in step.effect.locks}
    reasons = tuple(_reasons(plan))
    rewrites = any(step.effect.rewrites for step in plan.steps)
    risk = Risk.HIGH if _loses(plan) or rewrites else Risk.MEDIUM if reasons or plan.backfills else Risk.LOW
    return Estimate(
        risk=risk,
        why=reasons,
        seconds=seconds,
        blocking_seconds=blocking,
        index_seconds=index,
        bytes_per_row=sum(
            _bytes(step.operation.column.type) for step in plan.steps if isinstance(step.operation, AddColumn)
        ),
        downtime=any(
            step.effect.blocks_writes and step.effect.work_grows and not _small(step.effect.rewrites, rows)
            for step in plan.steps
        ),
        rows_known=bool(touched) and all(name in rows for name in touched),
    )


def _small(names: tuple[Name, ...], rows: Mapping[Name, int]) -> bool:
    return bool(names) and all(rows.get(name, ASSUMED_ROWS) < ROWS_PER_SECOND_WRITTEN for name in names)


def _loses(plan: Plan) -> bool:
    return any(step.effect.loses for step in plan.steps)


def _reasons(plan: Plan) -> list[str]:
    reasons = [f"`{step.title}` loses {step.effect.loses}" for step in plan.steps if step.effect.loses]
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
    reasons += [
        f"undoing `{step.title}` is not possible by SQL"
        for step in plan.steps
        if step.inverse_grade is Grade.IMPOSSIBLE
    ]
    return list(dict.fromkeys(reason.replace("``", "`") for reason in reasons))


def _on_new_column(plan: Plan, tables: tuple[Name, ...]) -> bool:
    """Whether only a column made by this plan can be violated: its default satisfies what the plan adds."""
    added = {step.operation.table for step in plan.steps if isinstance(step.operation, AddColumn)}
    return bool(tables) and set(tables) <= added


def _bytes(type_: ColumnType) -> int:
    """Bytes a value usually takes; text by its usual length."""
    return 24 if type_.is_array else BYTES.get(type_.name, _USUAL_BYTES)


def seconds_words(seconds: float) -> str:
    """A duration as people say it."""
    if seconds < 1:
        return "less than 1 second"
    if seconds < 120:
        return f"about {round(seconds)} seconds"
    return f"about {round(seconds / 60)} minutes"


def indexes(plan: Plan) -> tuple[CreateIndex, ...]:
    """The indexes that the plan builds."""
    return tuple(step.operation for step in plan.steps if isinstance(step.operation, CreateIndex))
