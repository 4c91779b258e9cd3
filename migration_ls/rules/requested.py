"""Findings for changes that models, specs or the schema document ask for, at the place where they ask."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.effect import Effect
from migration_ls.operations.replay import ReplayedStatement, run, start
from migration_ls.operations.statement import Clause, Statement
from migration_ls.operations.union import Operation
from migration_ls.rules.finding import Finding
from migration_ls.rules.registry import find
from migration_ls.rules.rule import RuleSettings, Script
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import PythonDefault
from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedStep:
    """The direct form of a change that is asked for: `sql` as one statement, what it does, and who asks.

    Without an origin it runs for the sake of the steps behind it, and nothing is said about it. `place_span` is the
    narrowest place in the origin's file: the `max_length`, the class's name, the cell of a table.
    """

    operation: Operation
    sql: str
    origin: Origin | None
    place_span: Span | None = None
    python_default: PythonDefault | None = None
    effect: Effect | None = None
    """Where the caller knows it already; it is worked out otherwise."""


def find_requested(steps: Sequence[RequestedStep], settings: RuleSettings, *, current: Schema) -> tuple[Finding, ...]:
    """What the rules say about the steps, run in order on the current schema.

    Whatever the plan that will be generated avoids (blocking, a missing timeout) is information at most here; loss,
    failures on existing rows and breaking the previous release stay what they are.
    """
    found: list[Finding] = []
    state = start(current)
    for step in steps:
        replayed = run(state, _statement(step), postgres=settings.postgres)
        state = replayed.after
        if step.origin is not None:
            found += _of_step(step, step.origin.path, replayed, settings, current)
    return tuple(sorted(found, key=lambda finding: (finding.path, finding.span, finding.severity, finding.rule)))


_NOWHERE = Span(0, 0)


def _statement(step: RequestedStep) -> Statement:
    operation = step.operation
    if isinstance(operation, AddColumn) and step.python_default and not operation.column.python_default:
        operation = replace(operation, column=replace(operation.column, python_default=step.python_default))
    origin = step.origin
    span = step.place_span or (origin.span if origin else _NOWHERE)
    parts = _columns(operation, origin.path, span) if origin else ()
    clause = Clause(operation=operation, span=span, parts=tuple(parts))
    return Statement(span=span, sql=step.sql, kind=_kind(step.sql), clauses=(clause,))


def _columns(operation: Operation, path: str, span: Span) -> Iterator[tuple[str, Span]]:
    """Where the columns of a new table stand, as parts of the clause."""
    for column in operation.table.columns if isinstance(operation, CreateTable) else ():
        origin = column.place("type")
        if origin and origin.path == path and origin.span.start >= span.start:
            yield f"column {column.name}", Span(origin.span.start - span.start, origin.span.end - span.start)


def _of_step(
    step: RequestedStep, path: str, replayed: ReplayedStatement, settings: RuleSettings, current: Schema
) -> list[Finding]:
    script = Script(
        path=path,
        text="",
        statements=(replayed,),
        settings=settings,
        base=current,
        requested=True,
    )
    return [
        replace(finding, sql=step.sql, fixes=(), effect=finding.effect or replayed.effect)
        for finding in find(script)
        if finding.rule not in _OF_FILES
    ]


_OF_FILES = frozenset(
    {
        "begin-without-commit",
        "drop-index-not-concurrent",
        "foreign-key-without-index",
        "identifier-too-long",
        "lock-timeout-ineffective",
        "locks-on-several-tables",
        "missing-lock-timeout",
        "missing-statement-timeout",
        "suppression-without-reason",
        "unnamed-object",
        "unused-suppression",
    }
)
"""Rules about how a migration is written, which nobody has done yet."""

_TWO_WORDS = frozenset({"ALTER", "CREATE", "DROP"})


def _kind(sql: str) -> str:
    words = [word for word in sql.upper().split() if word not in {"UNIQUE", "OR", "REPLACE", "MATERIALIZED"}][:2]
    return " ".join(words if words and words[0] in _TWO_WORDS else words[:1])
