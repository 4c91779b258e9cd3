"""What is wanted and not there yet: each difference between the current and the wanted schema, with who asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from migration_ls.diffing.following import followed
from migration_ls.diffing.wanted import Conflict
from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.planning.matching import matches
from migration_ls.planning.planner import plan
from migration_ls.planning.situation import Situation
from migration_ls.schema import request as asked
from migration_ls.schema.request import Change, Request
from migration_ls.workspace.analysis import Analysis
from migration_ls.workspace.knowledge import RequestState
from migration_ls.workspace.production import rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference, as the operation that would remove it, and the requests for it: none where it follows."""

    operation: Operation
    requests: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """The differences in the order in which they can be removed.

    `planned` are requests that pending migrations satisfy. `conflicts` are requests that disagree, `assumptions` what
    was taken where they leave something open.
    """

    differences: tuple[Difference, ...] = ()
    planned: tuple[Request, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    assumptions: tuple[str, ...] = ()


def diff_of(analysis: Analysis) -> Diff:
    """Current against wanted; renames are differences of their own kind, not a loss and a gain."""
    knowledge, settings = analysis.knowledge, analysis.snapshot.settings
    requests = [item.request for item in knowledge.asked if item.state is RequestState.OPEN]
    situation = Situation(
        current=knowledge.current,
        wanted=knowledge.wanted,
        postgres=settings.postgres,
        rows=rows_of(analysis.snapshot),
        small_table_rows=settings.small_table_rows,
        downtime=settings.downtime,
    )
    made = plan(situation, requests, analysis.wanted.assumptions)
    asking = followed(requests, knowledge.wanted)
    return Diff(
        differences=tuple(
            Difference(operation=operation, requests=_asking(operation, asking)) for operation in made.differences
        ),
        planned=tuple(item.request for item in knowledge.asked if item.state is RequestState.PLANNED),
        conflicts=analysis.wanted.conflicts,
        assumptions=made.assumptions,
    )


def _asking(operation: Operation, requests: Sequence[Request]) -> tuple[Request, ...]:
    """Everybody who asks for it, the most explicit words first; the same words are named once."""
    found = [request for request in requests if matches(operation, request.change) or _means(operation, request.change)]
    first = {(request.origin.path, request.origin.line, request.grade): request for request in reversed(found)}
    return tuple(sorted(first.values(), key=lambda request: (request.grade, request.origin.path, request.origin.line)))


def _means(operation: Operation, change: Change) -> bool:
    """Whether the operation is a part of what a wider wish means."""
    match operation, change:
        case AddColumn(table=table, column=column), asked.ReplaceColumns() as wish:
            return table == wish.table and column.name in {item.name for item in wish.into}
        case DropColumn(table=table, column=name), asked.ReplaceColumns() as wish:
            return table == wish.table and name in wish.columns
        case DropColumn(table=table, column=name), asked.RenameColumn() as wish:
            return (table, name) == (wish.table, wish.column)
        case AddColumn(table=table, column=column), asked.RenameColumn() as wish:
            return (table, column.name) == (wish.table, wish.to)
        case SetType(table=table, column=name), asked.AddColumn() as wish:
            return (table, name) == (wish.table, wish.column.name)
        case _:
            return False
