"""How rules are made: from a judge of one step, or from a function over the whole script."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from migration_ls.operations.change_rows import ChangeRows
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect
from migration_ls.operations.replay import ReplayedStatement, Step
from migration_ls.operations.statement import Clause
from migration_ls.operations.union import Operation
from migration_ls.rules.finding import Finding, Fix, Severity
from migration_ls.rules.layout import Layout, lay_out
from migration_ls.rules.rule import Check, Deploy, Rule, RuleSettings, Script
from migration_ls.rules.wording import small
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.text.span import Span


class Danger(Enum):
    """Why a verdict is as bad as it is; severities follow from it and from nothing else."""

    FAILS = auto()
    """Fails on every database with this schema."""
    LOSES = auto()
    """Stored data is gone."""
    MAY_FAIL = auto()
    """May fail on existing rows, and nothing before it proves them."""
    BREAKS = auto()
    """Statements of the previous release that work today fail."""
    BLOCKS = auto()
    """Reads or writes wait for work that grows with the rows."""
    ADVICE = auto()
    """Everything else that is worth a look."""
    NOTE = auto()
    """Good to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a rule has to say. `blocked` are the tables that wait: where all are small, blocking is no danger.

    `span` is the place where it is not the clause.
    """

    message: str
    help: str
    dangers: tuple[Danger, ...]
    blocked: tuple[Name, ...] = ()
    span: Span | None = None
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A step in its script: what a judge looks at."""

    script: Script
    layout: Layout
    number: int
    step: Step

    @property
    def statement(self) -> ReplayedStatement:
        """The statement the step belongs to."""
        return self.script.statements[self.number]

    @property
    def clause(self) -> Clause:
        """The clause that asks for the step."""
        return self.step.clause

    @property
    def operation(self) -> Operation:
        """What is done."""
        return self.step.clause.operation

    @property
    def effect(self) -> Effect:
        """What it does to relations that were there before the file."""
        return self.step.effect

    @property
    def context(self) -> Context:
        """The situation it runs in."""
        return self.step.context

    def is_fresh(self, table: Name) -> bool:
        """Whether the same file made the table."""
        return table in self.step.context.fresh

    def is_old(self, table: Name, columns: Iterable[str]) -> bool:
        """Whether any of the columns was there before the file; unknown tables count as old."""
        before = self.script.base.table(table)
        return before is None or any(before.column(column) is not None for column in columns)

    def has_only_nulls(self, table: Name, columns: Iterable[str]) -> bool:
        """Whether one of the columns is only asked for, without any value for the rows that are there."""
        known = self.step.context.schema.table(table)
        return (
            self.script.requested
            and known is not None
            and any(
                (column := known.column(name)) is not None
                and column.nullable is not False
                and not column.has_default
                and not self.is_old(table, [name])
                for name in columns
            )
        )

    def schema_after_transaction(self) -> Schema:
        """The schema that other sessions see once the step is committed."""
        block = self.layout.of[self.number]
        if block is None:
            return self.statement.after.schema
        last = block.inner.stop - 1 if block.inner else self.number
        return self.script.statements[max(last, self.number)].after.schema

    def holds(self) -> Effect:
        """What the transaction holds before the statement, together with the statement's own locks."""
        transaction = self.context.transaction
        return Effect(locks=(*(transaction.held if transaction else ()), *self.statement.effect.locks))


def is_notable(step: Step) -> bool:
    """Whether rules that look at steps of every kind have to look: the rest fails nowhere, holds and hides nothing."""
    effect = step.effect
    return (
        bool(effect.fails_always)
        or not effect.analysed
        or step.context.transaction is not None
        or isinstance(step.clause.operation, ChangeRows)
    )


Judge = Callable[[Place, Any], Verdict | None]
"""Takes a step's place and its operation, which is of a kind the rule asked for."""


def step_rule(
    module: str,
    doc: str | None,
    judge: Judge,
    *,
    on: tuple[type, ...],
    severity: Severity,
) -> Rule:
    """A rule that judges the steps of the kinds `on` (none: the notable ones of every kind), each by itself."""
    name = rule_name(module)

    def check_step(place: Place) -> tuple[Finding, ...]:
        verdict = judge(place, place.operation)
        if verdict is not None and place.number in place.layout.undone:
            # what is rolled back loses and breaks nothing
            kept = tuple(item for item in verdict.dangers if item not in {Danger.LOSES, Danger.BREAKS})
            verdict = replace(verdict, dangers=kept) if kept else None
        return (_finding(name, place, verdict),) if verdict is not None else ()

    def check(script: Script) -> Iterator[Finding]:
        layout = lay_out(script.statements)
        for number, statement in enumerate(script.statements):
            for step in statement.steps:
                if isinstance(step.clause.operation, on) if on else is_notable(step):
                    yield from check_step(Place(script, layout, number, step))

    return Rule(
        name=name, summary=_summary(doc), check=check, doc=doc or "", severity=severity, on=on, check_step=check_step
    )


def script_rule(module: str, doc: str | None, check: Check, *, severity: Severity) -> Rule:
    """A rule that looks at the whole script."""
    return Rule(name=rule_name(module), summary=_summary(doc), check=check, doc=doc or "", severity=severity)


def deploy_rule(
    module: str, doc: str | None, check: Callable[[Deploy], Iterator[Finding]], *, severity: Severity
) -> Rule:
    """A rule that looks at the migrations of one deploy together."""
    return Rule(
        name=rule_name(module),
        summary=_summary(doc),
        check=_nothing,
        doc=doc or "",
        severity=severity,
        check_deploy=check,
    )


def _nothing(script: Script) -> Iterator[Finding]:  # noqa: ARG001
    """What a rule across files says of one of them."""
    return iter(())


def rule_name(module: str) -> str:
    """The rule's name: the module's, with dashes."""
    return module.rpartition(".")[2].replace("_", "-")


def part_of(clause: Clause, *names: str) -> Span:
    """The finer place of the first of these names, such as `column priority`; the clause where there is none."""
    for wanted in names:
        for what, span in clause.parts:
            if what == wanted:
                return span.shifted(clause.span.start)
    return clause.span


def severity_of(verdict: Verdict, settings: RuleSettings, *, requested: bool = False) -> Severity:
    """How bad it is. Blocking is information where it is short, allowed, or avoided by the plan that will be made."""
    return min(_severity(danger, verdict, settings, requested=requested) for danger in verdict.dangers)


def _severity(danger: Danger, verdict: Verdict, settings: RuleSettings, *, requested: bool) -> Severity:
    match danger:
        case Danger.FAILS | Danger.LOSES:
            return Severity.ERROR
        case Danger.MAY_FAIL | Danger.BREAKS:
            return Severity.WARNING
        case Danger.BLOCKS:
            harmless = requested or settings.downtime or _all_small(verdict, settings)
            return Severity.INFORMATION if harmless else Severity.WARNING
        case Danger.ADVICE:
            return Severity.INFORMATION
        case Danger.NOTE:
            return Severity.HINT


def _all_small(verdict: Verdict, settings: RuleSettings) -> bool:
    return bool(verdict.blocked) and all(settings.is_small(table) for table in verdict.blocked)


def _finding(name: str, place: Place, verdict: Verdict) -> Finding:
    settings = place.script.settings
    message = verdict.message
    if Danger.BLOCKS in verdict.dangers and _all_small(verdict, settings):
        message += small(verdict.blocked)
    return Finding(
        path=place.script.path,
        span=verdict.span or place.clause.span,
        rule=name,
        severity=severity_of(verdict, settings, requested=place.script.requested),
        message=message,
        help=verdict.help,
        effect=place.effect,
        fixes=() if place.script.requested else verdict.fixes,
    )


def _summary(doc: str | None) -> str:
    first = (doc or "").strip().partition("\n")[0]
    return first.rstrip(".")
