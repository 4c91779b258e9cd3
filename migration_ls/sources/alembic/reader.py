"""A revision file to statements, and the order of revisions."""

import ast
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any

from migration_ls.operations.opaque import Opaque
from migration_ls.operations.statement import Clause, Statement
from migration_ls.postgres.quoting import identifier
from migration_ls.sources.alembic.directives import statements_of
from migration_ls.sources.alembic.tables import Convention, UntranslatableError
from migration_ls.sources.alembic.types import sql_type
from migration_ls.sources.alembic.values import Construct, evaluate
from migration_ls.sources.alembic.walk import Made, Walk
from migration_ls.sources.problem import Problem
from migration_ls.sources.sql.parse import parse_statement
from migration_ls.sources.sql.source import Scope
from migration_ls.sources.sql.split import split
from migration_ls.text.encoding import ByteIndex
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span

_KINDS = frozenset({"ix", "uq", "ck", "fk", "pk"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One revision: its own identifier, those it builds on, and the statements of both ways.

    Statements have the span of the call that makes them; `sql` is what Alembic would send.
    """

    revision: str
    parents: tuple[str, ...] = ()
    title: str = ""
    upgrade: tuple[Statement, ...] = ()
    downgrade: tuple[Statement, ...] = ()
    problems: tuple[Problem, ...] = field(default=())


def read_revision(text: str, convention: Convention | None = None) -> Revision | None:
    """A revision file; None when the text is none. Never raises.

    `convention` are the naming patterns of the project's `MetaData`, by `ix`, `uq`, `ck`, `fk` and `pk`.
    """
    tree = _parsed(text)
    if isinstance(tree, Problem):
        found = re.search(r"^revision\s*(?::[^=\n]*)?=\s*[\"']([^\"']+)[\"']", text, re.MULTILINE)
        return Revision(revision=found[1], problems=(tree,)) if found else None
    try:
        return _read(tree, text, convention or {})
    except RecursionError:
        return None


def _read(tree: ast.Module, text: str, convention: Convention) -> Revision | None:
    names: dict[str, Any] = {}
    functions: dict[str, ast.FunctionDef] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                names[name] = evaluate(value, names)
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                names[name] = evaluate(value, names)
            case ast.FunctionDef():
                functions[node.name] = node
            case _:
                pass
    revision = names.get("revision")
    if not isinstance(revision, str):
        return None
    places = _Places(text)
    upgrade, problems = _way("upgrade", functions, names, places, convention)
    downgrade, _ = _way("downgrade", functions, names, places, convention)
    return Revision(
        revision=revision,
        parents=(*_identifiers(names.get("down_revision")), *_identifiers(names.get("depends_on"))),
        title=(ast.get_docstring(tree) or "").partition("\n")[0],
        upgrade=upgrade,
        downgrade=downgrade,
        problems=problems,
    )


def _parsed(text: str) -> ast.Module | Problem:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        start = LineIndex(text).offset(max(0, (error.lineno or 1) - 1), max(0, (error.offset or 1) - 1))
        span = Span(min(start, len(text)), min(start + 1, len(text)))
    except (ValueError, RecursionError, MemoryError):
        span = Span(0, 0)
    return Problem(
        code="alembic-syntax-error",
        message="the revision is not read: it is no valid Python",
        help="Correct the syntax",
        span=span,
    )


def _identifiers(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, tuple) else ()


class _Places:
    """Converts lines and UTF-8 columns of `ast` to spans."""

    def __init__(self, text: str) -> None:
        self._bytes = ByteIndex(text)
        self._starts: list[int] = []
        total = 0
        starts = (*LineIndex(text).starts, len(text))
        for start, end in pairwise(starts):
            self._starts.append(total)
            total += len(text[start:end].encode("utf-8", "surrogatepass"))

    def span(self, node: Any) -> Span:
        """The characters of a node."""
        start = self._offset(node.lineno, node.col_offset)
        return Span(start, max(start, self._offset(node.end_lineno or node.lineno, node.end_col_offset or 0)))

    def _offset(self, line: int, column: int) -> int:
        return self._bytes.code_point(self._starts[min(line, len(self._starts)) - 1] + column)


def _way(
    name: str,
    functions: Mapping[str, ast.FunctionDef],
    names: Mapping[str, Any],
    places: _Places,
    convention: Convention,
) -> tuple[tuple[Statement, ...], tuple[Problem, ...]]:
    walk = Walk(functions)
    found: list[Statement] = []
    for made in walk.run(name, names):
        span = places.span(made.node)
        try:
            texts = _texts(made, convention)
        except UntranslatableError as error:
            found.append(_opaque(span, f"op.{made.call.name}", str(error)))
            continue
        found += [_statement(sql, span, made) for text in texts for sql in _cut(text)]
    for node, why in walk.unclear:
        found.append(_opaque(places.span(node), "", why))
    found.sort(key=lambda statement: statement.span.start)
    problems = tuple(
        _not_read(statement.span, operation.why)
        for statement in found
        for operation in statement.operations
        if isinstance(operation, Opaque)
    )
    return tuple(found), problems


def _texts(made: Made, convention: Convention) -> tuple[str, ...]:
    call = made.call
    if call.name in {"create", "drop"} and (type_ := sql_type(call.owner)) is not None and type_.enum:
        return (type_.enum.create if call.name == "create" else f"DROP TYPE {type_.enum.name}",)
    if call.name == "bulk_insert":
        table = call.argument(0, "table")
        if isinstance(table, Construct) and (name := table.text(0, "name")):
            return (f"INSERT INTO {identifier(name)} DEFAULT VALUES",)
    return statements_of(call, convention, made.batch)


def _cut(text: str) -> list[str]:
    return [piece.span.of(text) for piece in split(text) if piece.kind == "sql"]


def _statement(sql: str, span: Span, made: Made) -> Statement:
    read = parse_statement(sql, Scope())
    # A type is made when it is not there yet.
    conditional = made.conditional or read.kind == "CREATE TYPE"
    clauses = tuple(
        replace(clause, span=span, parts=(), conditional=conditional or clause.conditional) for clause in read.clauses
    )
    return Statement(span=span, sql=read.sql, kind=read.kind, clauses=clauses)


def _opaque(span: Span, kind: str, why: str) -> Statement:
    clause = Clause(operation=Opaque(why=why, relations=None), span=span)
    return Statement(span=span, sql="", kind=kind, clauses=(clause,))


def _not_read(span: Span, why: str) -> Problem:
    return Problem(
        code="not-analysed",
        message=f"not analysed: {why}",
        help="Write the names and the SQL out, so that they can be read",
        span=span,
        serious=False,
    )


def ordered(revisions: Mapping[str, Revision]) -> tuple[str, ...]:
    """The paths of revisions in the order Alembic runs them: parents first, else by path.

    Parents that are missing are passed over; revisions of a circle come last, by path.
    """
    by_name = {revision.revision: path for path, revision in sorted(revisions.items(), reverse=True)}
    graph = {
        path: [by_name[parent] for parent in revisions[path].parents if parent in by_name] for path in sorted(revisions)
    }
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError:
        return tuple(sorted(revisions))
    result: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted([*ready, *sorter.get_ready()])
        path = ready.pop(0)
        result.append(path)
        sorter.done(path)
    return tuple(result)


def convention_in(text: str) -> dict[str, str]:
    """The naming convention that a Python file writes out as a dictionary; empty when there is none."""
    if "%(" not in text:
        return {}
    tree = _parsed(text)
    if isinstance(tree, Problem):
        return {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            value = evaluate(node, {})
            known = {key: pattern for key, pattern in value.items() if key in _KINDS and isinstance(pattern, str)}
            if known and len(known) == len(value):
                return known
    return {}
