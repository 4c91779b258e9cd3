"""What a place means: the change it asks for, what PostgreSQL will do, and the queries that validate it."""

from collections.abc import Iterator
from dataclasses import dataclass

from migration_ls.features.targets import plan_target
from migration_ls.operations.effect import Effect
from migration_ls.planning.plan import Plan, PlanStep
from migration_ls.rendering.document.tables import fence
from migration_ls.rendering.sql.definitions import column_sql
from migration_ls.rendering.sql.statements import statement
from migration_ls.rendering.words import blocked_words, describe, lock_words, work_words
from migration_ls.schema.names import Name
from migration_ls.schema.request import Request
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, Table
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span
from migration_ls.workspace.analysis import Analysis
from migration_ls.workspace.files import Role, SourceFile
from migration_ls.workspace.generate import plan_of
from migration_ls.workspace.knowledge import Knowledge, RequestState
from migration_ls.workspace.memory import remembered
from migration_ls.workspace.targets import thing

_MOST_CHECKS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Hover:
    """Markdown for a span."""

    markdown: str
    span: Span


def hover(analysis: Analysis, path: str, offset: int) -> Hover | None:
    """The preview at a cursor; None where there is nothing to say."""
    file = analysis.snapshot.files.get(path)
    if file is None:
        return None
    if file.role in {Role.MIGRATION, Role.SQL, Role.ALEMBIC}:
        return _statement(analysis, path, offset)
    asked = _requested(analysis, file, offset)
    known = _column(analysis, path, offset)
    if asked and known:
        return Hover(markdown=f"{asked.markdown}\n\n{known.markdown}", span=asked.span)
    return asked or known


def _statement(analysis: Analysis, path: str, offset: int) -> Hover | None:
    script = analysis.scripts.get(path)
    for item in script.statements if script else ():
        if item.statement.span.contains(offset):
            parts = [f"**{item.statement.kind}**", *_effect_lines(item.effect)]
            probes = [
                fence("sql", f"-- {probe.name}: no row may come back\n{probe.query}") for probe in item.effect.probes
            ]
            if probes:
                parts += ["Before it runs:", *probes]
            return Hover(markdown="\n\n".join(parts), span=item.statement.span)
    return None


def _effect_lines(effect: Effect) -> Iterator[str]:
    if not effect.analysed:
        yield f"Not analysed: {effect.reason}"
        return
    lines = [f"- Locks: {lock_words(effect)}", f"- Work: {work_words(effect)}", f"- Who waits: {blocked_words(effect)}"]
    if effect.transaction_forbidden:
        lines.append("- Cannot run inside a transaction block")
    if effect.loses:
        lines.append(f"- Loses {effect.loses}")
    lines += [f"- Fails always: {hazard}" for hazard in effect.fails_always]
    lines += [f"- May fail: {hazard}" for hazard in effect.fails]
    lines += [f"- Breaks the previous release: {hazard}" for hazard in effect.breaks]
    if effect.reason:
        lines.append(f"- Since {effect.reason}")
    yield "\n".join(lines)


def _requested(analysis: Analysis, file: SourceFile, offset: int) -> Hover | None:
    """A requirement, field or row that asks for a change."""
    here = [
        item
        for item in analysis.knowledge.asked
        if item.state is not RequestState.DONE and item.request.origin.path == file.path
    ]
    touched = [item for item in here if item.request.origin.span.contains(offset)]
    if not touched and file.role in {Role.SPEC, Role.SCHEMA_DOC}:
        # Words beside those that ask belong to the same sentence, row or bullet.
        line = LineIndex(file.text).line(offset)
        touched = [item for item in here if item.request.origin.line == line]
    if not touched:
        return None
    smallest = min((item.request.origin.span for item in touched), key=lambda span: span.end - span.start)
    touched = [item for item in touched if item.request.origin.span == smallest]
    parts = [_asked(item.request, item.state) for item in touched]
    requests = [item.request for item in touched]
    parts += _plan_parts(_plan(analysis, plan_target(analysis, requests[0])), requests)
    return Hover(markdown="\n\n".join(parts), span=smallest)


_plan = remembered(16)(plan_of)


def _asked(request: Request, state: RequestState) -> str:
    text = f"**{'Declares' if request.grade == 'declared' else 'Implies'}** {describe(request)}"
    if state is RequestState.PLANNED:
        text += " (planned: a pending migration does it)"
    if request.assumption:
        text += f"\n\nAssumed: {request.assumption}"
    others = [reading.title for reading in request.alternatives]
    return text + (f"\n\nIt could also mean: {', '.join(others)}" if others else "")


def _plan_parts(plan: Plan, requests: list[Request]) -> list[str]:
    """What the plan does for these wishes, also where another document asks for the same things."""
    things = {thing(request.change) for request in requests}
    steps = [step for step in plan.steps if step.request is not None and thing(step.request.change) in things]
    if not steps:
        return []
    sql = ";\n".join(statement(step.operation) for step in steps) + ";"
    parts = [fence("sql", sql), "\n".join(_step_line(step) for step in steps)]
    checks = list(dict.fromkeys(check for step in steps for check in step.checks))[:_MOST_CHECKS]
    if checks:
        body = "\n\n".join(f"-- {check.name}: no row may come back\n{check.query};" for check in checks)
        parts += ["Validation queries:", fence("sql", body)]
    return parts


def _step_line(step: PlanStep) -> str:
    return f"- {step.title}: {lock_words(step.effect)}; {work_words(step.effect)}; {blocked_words(step.effect)}"


def _column(analysis: Analysis, path: str, offset: int) -> Hover | None:
    """A field of a model or a row of the schema document: the column as the current schema has it."""
    knowledge = analysis.knowledge
    for schema in (knowledge.models.schema, knowledge.document.schema):
        found = _columns_at(schema, path, offset)
        if found:
            lines = [_current(knowledge, table.name, column.name) for table, column, _ in found]
            return Hover(markdown="\n\n".join(lines), span=found[0][2])
    return None


def _current(knowledge: Knowledge, table: Name, name: str) -> str:
    current = knowledge.current.table(table)
    column = current.column(name) if current else None
    if column is None:
        return f"`{table}.{name}` is not in the current schema"
    return f"`{table}`: `{column_sql(column)}` in the current schema ({knowledge.base_source})"


def _columns_at(schema: Schema, path: str, offset: int) -> list[tuple[Table, Column, Span]]:
    """The columns that stand there: a field of a mixin is one of several tables."""
    return [
        (table, column, column.origin.span)
        for table in schema.tables.values()
        for column in table.columns
        if column.origin and column.origin.path == path and column.origin.span.contains(offset)
    ]
