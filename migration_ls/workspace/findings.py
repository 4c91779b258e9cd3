"""All findings of a snapshot, by file: what rules say of SQL, what requests would do, what could not be read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from migration_ls.diffing.following import direct_differences, followed
from migration_ls.diffing.wanted import Conflict, Wanted
from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.context import Context
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.union import Operation
from migration_ls.planning.matching import Wishes
from migration_ls.rendering.sql.header import header_of
from migration_ls.rendering.sql.statements import statement
from migration_ls.rendering.words import describe
from migration_ls.rules.finding import Finding, Fix, Related, Severity
from migration_ls.rules.registry import find, find_across
from migration_ls.rules.requested import RequestedStep, find_requested
from migration_ls.rules.rule import Deploy, RuleSettings, Script
from migration_ls.rules.suppressions import Language, apply, without_reason
from migration_ls.schema import request as asked
from migration_ls.schema.request import Grade, Request
from migration_ls.schema.schema import Schema
from migration_ls.sources.markdown.document import read_document
from migration_ls.sources.migrations import MigrationName
from migration_ls.sources.problem import Problem
from migration_ls.sources.reading import RequestReading, SchemaReading
from migration_ls.text.edits import Edit
from migration_ls.text.span import Span
from migration_ls.workspace.drift import findings_of_drift
from migration_ls.workspace.files import Role, SourceFile
from migration_ls.workspace.history_findings import of_gap, of_graph
from migration_ls.workspace.knowledge import Asked, RequestState
from migration_ls.workspace.live_findings import of_database
from migration_ls.workspace.memory import KeptByPath, remembered
from migration_ls.workspace.production import rule_settings
from migration_ls.workspace.revisions import revision_of
from migration_ls.workspace.sql_files import sql_file

if TYPE_CHECKING:
    from migration_ls.workspace.analysis import Analysis

_TOP = Span(0, 0)
_LANGUAGES = {".sql": Language.SQL, ".md": Language.MARKDOWN, ".py": Language.PYTHON}


_BY_FILE: KeptByPath[tuple[Finding, ...]] = KeptByPath(2)


def collect(analysis: "Analysis") -> Mapping[str, tuple[Finding, ...]]:
    """Every finding by path, suppressed ones left out, in the order of the text."""
    by_path: dict[str, list[Finding]] = {}
    for finding in _beyond_files(analysis):
        by_path.setdefault(finding.path, []).append(finding)
    result: dict[str, tuple[Finding, ...]] = {}
    for path, file in sorted(analysis.snapshot.files.items()):
        script = analysis.scripts.get(path)
        others = tuple(by_path.pop(path, ()))
        found = _BY_FILE.of(path).get((file, script, others), partial(_of_file, file, script, others))
        if found:
            result[path] = found
    for path, rest in sorted(by_path.items()):
        result[path] = tuple(rest)
    return result


def _of_file(file: SourceFile, script: Script | None, others: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What is found in one file, with the `others` that its place in the project brings."""
    found = [*_in_file(file), *others]
    if file.role is Role.SPEC:
        found += [_problem(file.path, problem) for problem in read_document(file.text).problems]
    if script is not None:
        found += [_problem(file.path, problem) for problem in _unread(script)]
        of_rules = (finding for finding in find(script) if finding.severity.is_danger or not script.applied)
        # Fixes of rules are edits of SQL, and a revision is Python.
        python = file.role is Role.ALEMBIC
        found += [replace(finding, fixes=()) for finding in of_rules] if python else of_rules
    language = _LANGUAGES.get(file.path[file.path.rfind(".") :])
    if language is not None:
        found = _unsuppressed(script, file, found, language)
    return tuple(sorted(dict.fromkeys(found), key=_place))


def _unread(script: Script) -> tuple[Problem, ...]:
    """What could not be read. That a statement is not analysed, a rule says."""
    if script.path.endswith(".py"):
        # A revision that is no valid Python has no statements.
        revision = None if script.statements else revision_of(script.path, script.text)
        return tuple(problem for problem in revision.problems if problem.serious) if revision else ()
    return sql_file(script.path, script.text).problems


def _unsuppressed(script: Script | None, file: SourceFile, found: list[Finding], language: Language) -> list[Finding]:
    """What is left when the file's suppressions are taken; those that suppress nothing are findings."""
    spans = [item.statement.span for item in script.statements] if script else []
    parted = apply(found, file.text, language, path=file.path, statements=spans)
    return [*parted.kept, *parted.unused, *without_reason(file.text, language, file.path)]


def _place(finding: Finding) -> tuple[int, int, int, str]:
    return finding.span.start, finding.severity, finding.span.end, finding.rule


def _beyond_files(analysis: "Analysis") -> Iterator[Finding]:
    """What no file tells by itself. Asked again for the same knowledge, they are the same objects."""
    knowledge, settings = analysis.knowledge, analysis.snapshot.settings
    yield from _of_settings(analysis)
    yield from _problems_of_schema(knowledge.models)
    yield from _problems_of_schema(knowledge.document)
    for path, reading in analysis.specs.items():
        yield from _problems_of_requests(path, reading)
    yield from _requested(knowledge.current, knowledge.wanted, knowledge.asked, rule_settings(settings))
    yield from _implied(knowledge.asked)
    yield from _conflicts(analysis.wanted)
    yield from _clashes(analysis.history.clashes, analysis.history.names)
    yield from findings_of_drift(analysis)
    yield from _across(*_deploy(analysis))
    yield from of_graph(analysis.history.revisions.graph)
    yield from of_gap(analysis.history.gap)


def _deploy(
    analysis: "Analysis",
) -> tuple[tuple[Script, ...], tuple[Script, ...], Schema, frozenset[str]]:
    """The pending migrations and all of them as they run, what production has, and which applied files were edited."""
    history, snapshot = analysis.history, analysis.snapshot
    scripts = analysis.scripts
    whole = tuple(scripts[path] for path in history.forward if path in scripts)
    pending = tuple(scripts[path] for path in history.pending if path in scripts)
    changed = snapshot.base.changed if snapshot.base else {}
    edited = frozenset(path for path in history.applied if changed.get(path) is not None)
    return pending, whole, history.base, edited


@remembered(6)
def _across(
    pending: tuple[Script, ...], whole: tuple[Script, ...], base: Schema, edited: frozenset[str]
) -> tuple[Finding, ...]:
    return find_across(Deploy(scripts=pending, history=whole, base=base, edited=edited))


def _of_settings(analysis: "Analysis") -> Iterator[Finding]:
    if analysis.snapshot.settings_problem:
        path = "migration-ls.toml" if "migration-ls.toml" in analysis.snapshot.files else "pyproject.toml"
        yield Finding(
            path=path,
            span=_TOP,
            rule="settings",
            severity=Severity.ERROR,
            message=analysis.snapshot.settings_problem.rstrip("."),
            help="Correct the setting; until then the former settings are in force",
        )
    yield from of_database(analysis)


def _in_file(file: SourceFile) -> Iterator[Finding]:
    if file.problem:
        yield Finding(
            path=file.path,
            span=_TOP,
            rule="unreadable-file",
            severity=Severity.ERROR,
            message=f"`{file.path}` is left out: {file.problem}",
            help="Save the file as UTF-8 text",
        )
    elif (
        file.role in {Role.MIGRATION, Role.ALEMBIC, Role.DOCUMENT}
        and (header := header_of(file.text))
        and not header.intact
    ):
        yield Finding(
            path=file.path,
            span=Span(0, _first_line(file)),
            rule="generated-file-edited",
            severity=Severity.INFORMATION,
            message=f"`{file.path}` was edited since it was generated, so it is not generated again",
            help="Keep the edit and remove the first line, or delete the file to have it generated anew",
        )


def _first_line(file: SourceFile) -> int:
    return max(file.text.find("\n"), 0)


@remembered(6)
def _problems_of_schema(reading: SchemaReading) -> tuple[Finding, ...]:
    return tuple(_problem(path, problem) for path, problem in reading.problems)


@remembered(1_000)
def _problems_of_requests(path: str, reading: RequestReading) -> tuple[Finding, ...]:
    return tuple(_problem(path, problem) for problem in reading.problems)


def _problem(path: str, problem: Problem) -> Finding:
    severity = Severity.ERROR if problem.serious else Severity.HINT if problem.quiet else Severity.INFORMATION
    fixes: tuple[Fix, ...] = ()
    if problem.replacement is not None:
        title = f"Write `{problem.replacement}`"
        fixes = (Fix(title=title, edits=(Edit(problem.span, problem.replacement),), preferred=not problem.quiet),)
    return Finding(
        path=path,
        span=problem.span,
        rule=problem.code,
        severity=severity,
        message=problem.message,
        help=problem.help,
        fixes=fixes,
    )


@remembered(6)
def _requested(
    current: Schema, wanted: Schema, all_asked: tuple[Asked, ...], settings: RuleSettings
) -> tuple[Finding, ...]:
    """What the direct form of each declared wish would do; what is implied or follows from others only runs as well."""
    if wanted is current:
        return ()
    requests = followed((item.request for item in all_asked if item.state is RequestState.OPEN), wanted)
    steps: list[RequestedStep] = []
    wishes = Wishes(requests)
    operations = direct_differences(current, wanted, [request.change for request in requests])
    for operation in operations:
        request = wishes.of(operation) or _replacing(operation, operations, wishes)
        if request is None or request.grade is Grade.IMPLIED or _lives_on(operation, request):
            steps.append(RequestedStep(operation=operation, origin=None, sql=statement(operation)))
            continue
        column = request.change.column if isinstance(request.change, asked.AddColumn) else None
        direct = _direct(operation, request)
        effect = direct.effect(Context(schema=current, postgres=settings.postgres))
        steps.append(
            RequestedStep(
                operation=direct,
                effect=effect,
                origin=request.origin,
                sql=statement(direct),
                python_default=column.python_default if column else None,
            )
        )
    return find_requested(steps, settings, current=current)


def _lives_on(operation: Operation, request: Request) -> bool:
    """Whether what the operation drops is moved before: its direct form is what nobody asks for."""
    return isinstance(operation, DropColumn) and isinstance(request.change, asked.MoveColumns)


def _replacing(operation: Operation, others: Iterable[Operation], wishes: Wishes) -> Request | None:
    """Who asks for what takes the place of something that goes: without its going it would not fit."""
    match operation:
        case DropConstraint(table=table, constraint=name):
            same = (item for item in others if isinstance(item, AddConstraint) and item.table == table)
            return next((wishes.of(item) for item in same if item.constraint.name == name), None)
        case DropIndex(name=name):
            made = (item for item in others if isinstance(item, CreateIndex) and item.index.name == name.name)
            return next((wishes.of(item) for item in made if item.table.namespace == name.namespace), None)
        case _:
            return None


def _direct(operation: Operation, request: Request) -> Operation:
    """The operation as the words ask for it, before a plan makes it safe."""
    if isinstance(operation, AddColumn) and isinstance(request.change, asked.AddColumn):
        return AddColumn(table=operation.table, column=request.change.column)
    return operation


@remembered(6)
def _implied(all_asked: tuple[Asked, ...]) -> tuple[Finding, ...]:
    """A hint at each sentence that implies a change."""
    found: list[Finding] = []
    by_place: dict[tuple[str, Span], list[Request]] = {}
    for item in all_asked:
        request = item.request
        if item.state is RequestState.OPEN and request.grade is Grade.IMPLIED:
            by_place.setdefault((request.origin.path, request.origin.span), []).append(request)
    for (path, span), requests in by_place.items():
        described = " and ".join(describe(request) for request in requests)
        assumptions = [request.assumption for request in requests if request.assumption]
        others = [reading.title for request in requests for reading in request.alternatives]
        help_ = "Declare it in the spec, or generate the migration"
        if others:
            help_ += f"; it could also mean: {', '.join(others)}"
        found.append(
            Finding(
                path=path,
                span=span,
                rule="implied-change",
                severity=Severity.INFORMATION,
                message=f"Implies {described}" + (f" ({'; '.join(assumptions)})" if assumptions else ""),
                help=help_,
                related=tuple(
                    Related(origin=place, message="explains it") for request in requests for place in request.explains
                ),
            )
        )
    return tuple(found)


@remembered(6)
def _conflicts(wanted: Wanted) -> tuple[Finding, ...]:
    return tuple(_conflict(conflict) for conflict in wanted.conflicts)


def _conflict(conflict: Conflict) -> Finding:
    origin = conflict.second.origin
    return Finding(
        path=origin.path,
        span=origin.span,
        rule="requests-disagree",
        severity=Severity.WARNING,
        message=f"`{conflict.what}` is asked for with {conflict.says[1]} here and {conflict.says[0]} elsewhere",
        help="Make both places say the same",
        related=(Related(origin=conflict.first.origin, message=f"asked for with {conflict.says[0]}"),),
    )


@remembered(6)
def _clashes(clashes: tuple[tuple[str, str], ...], names: Mapping[str, MigrationName]) -> tuple[Finding, ...]:
    return tuple(_clash(first, second, names[second].version) for first, second in clashes)


def _clash(first: str, second: str, version: str) -> Finding:
    name, other = second.rpartition("/")[2], first.rpartition("/")[2]
    return Finding(
        path=second,
        span=_TOP,
        rule="duplicate-version",
        severity=Severity.ERROR,
        message=f"`{name}` and `{other}` have the same version `{version}`, so their order is open",
        help="Give one of them the next free version",
    )
