"""A revision file to statements, and the order of revisions."""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, assert_never

from migration_ls.operations.opaque import Opaque
from migration_ls.operations.statement import Clause, Statement
from migration_ls.operations.transaction_control import TransactionControl
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Table
from migration_ls.sources.alembic.directives import affected, statements_of
from migration_ls.sources.alembic.evaluate import class_of, evaluate
from migration_ls.sources.alembic.tables import Convention, UntranslatableError
from migration_ls.sources.alembic.types import sql_type
from migration_ls.sources.alembic.values import Construct, Function
from migration_ls.sources.alembic.walk import Boundary, Made, Unclear, Walk
from migration_ls.sources.models.naming import patterns_of
from migration_ls.sources.problem import Problem
from migration_ls.sources.sql.parse import parse_statement
from migration_ls.sources.sql.source import Scope
from migration_ls.sources.sql.split import split
from migration_ls.text.encoding import ByteIndex
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span

_KINDS = frozenset({"ix", "uq", "ck", "fk", "pk"})
_TOP = Span(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One revision: its own identifier, those it builds on, and the statements of both ways.

    `parents` are those it follows and `needed` those it says it depends on. `labels` name its branch. `place` is where
    it says who it is. Statements have the span of the call that makes them; `sql` is what Alembic would send.
    """

    revision: str
    parents: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    title: str = ""
    place: Span = _TOP
    line: int = 0
    upgrade: tuple[Statement, ...] = ()
    downgrade: tuple[Statement, ...] = ()
    problems: tuple[Problem, ...] = field(default=())


def looks_like_revision(text: str) -> bool:
    """Whether a Python file is a revision, wherever it stands."""
    return "down_revision" in text and _DOWN.search(text) is not None and _REVISION.search(text) is not None


_REVISION = re.compile(r"^revision\s*(?::[^=\n]*)?=\s*[\"']([^\"'\n]+)[\"']", re.MULTILINE)
_DOWN = re.compile(r"^down_revision\s*(?::[^=\n]*)?=", re.MULTILINE)


def read_revision(text: str, convention: Convention | None = None) -> Revision | None:
    """A revision file; None when the text is none. Never raises.

    `convention` are the naming patterns of the project's `MetaData`, by `ix`, `uq`, `ck`, `fk` and `pk`.
    """
    tree = _parsed(text)
    if isinstance(tree, Problem):
        return _half_read(text, tree)
    try:
        return _read(tree, text, convention or {})
    except RecursionError:
        return None


def _half_read(text: str, problem: Problem) -> Revision | None:
    """Of a file that is no valid Python what tells its place among the others."""
    found, down = _REVISION.search(text), _DOWN.search(text)
    if found is None:
        return None
    line = text[down.end() :].partition("\n")[0] if down else ""
    parents = tuple(re.findall(r"[\"']([^\"'\n]+)[\"']", line))
    return Revision(
        revision=found[1],
        parents=parents,
        place=Span(found.start(), found.end()),
        line=LineIndex(text).line(found.start()),
        problems=(problem,),
    )


def _read(tree: ast.Module, text: str, convention: Convention) -> Revision | None:
    names: dict[str, Any] = {}
    functions: dict[str, ast.FunctionDef] = {}
    place: ast.AST | None = None
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                names[name] = evaluate(value, names)
                place = node if name == "revision" else place
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                names[name] = evaluate(value, names)
                place = node if name == "revision" else place
            case ast.FunctionDef():
                functions[node.name] = node
                names[node.name] = Function(node)
            case ast.ClassDef():
                names[node.name] = class_of(node, names)
            case ast.ImportFrom(module=module, names=imported):
                owner = Construct("op") if module == "alembic.op" else None
                names |= {
                    item.asname or item.name: Construct(item.name, owner=owner)
                    for item in imported
                    if item.asname or owner
                }
            case _:
                pass
    revision = names.get("revision")
    if not isinstance(revision, str):
        return None
    places = _Places(text)
    upgrade = tuple(_way("upgrade", functions, names, places, convention))
    return Revision(
        revision=revision,
        parents=_identifiers(names.get("down_revision")),
        needed=_identifiers(names.get("depends_on")),
        labels=_identifiers(names.get("branch_labels")),
        title=(ast.get_docstring(tree) or "").partition("\n")[0],
        place=places.span(place) if place is not None else _TOP,
        line=getattr(place, "lineno", 1) - 1,
        upgrade=upgrade,
        downgrade=tuple(_way("downgrade", functions, names, places, convention)),
        problems=tuple(_problems(upgrade)),
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
) -> Iterator[Statement]:
    alone = False
    last: Span | None = None
    begun: Span | None = None
    for event in Walk(functions).run(name, names):
        span = places.span(event.node)
        match event:
            case Boundary(kind="commit"):
                if last is not None:
                    last = None
                elif not alone:
                    yield _control(span, "commit")
                alone, begun = True, None
            case Boundary():
                # The next transaction begins where something stands in it.
                last, alone = span, False
            case Unclear(why=why):
                yield _opaque(span, "", why)
            case Made():
                if last is not None:
                    yield _control(last, "begin")
                    begun, last = last, None
                yield from _statements(event, span, convention)
            case _:
                assert_never(event)
    if begun is not None:
        yield _control(begun, "commit")


def _statements(made: Made, span: Span, convention: Convention) -> Iterator[Statement]:
    try:
        texts = _texts(made, convention)
    except UntranslatableError as error:
        yield _opaque(span, f"op.{made.call.name}", str(error), affected(made.call, made.batch))
        return
    for text in texts:
        for piece in split(text):
            if piece.kind == "sql":
                yield _statement(piece.span.of(text), span, made)


def _texts(made: Made, convention: Convention) -> tuple[str, ...]:
    call = made.call
    if call.name in {"create", "drop"} and (type_ := sql_type(call.owner)) is not None and type_.enum:
        return (type_.enum.create if call.name == "create" else f"DROP TYPE {type_.enum.name}",)
    return statements_of(call, convention, made.batch)


def _statement(sql: str, span: Span, made: Made) -> Statement:
    read = parse_statement(sql, Scope())
    # A type that is made by hand is made, and dropped, where that is needed.
    by_hand = made.call.name in {"create", "drop"} and made.call.keywords.get("checkfirst") is not False
    clauses = tuple(
        replace(clause, span=span, parts=(), conditional=made.conditional or by_hand or clause.conditional)
        for clause in read.clauses
    )
    if made.doubtful:
        why = "whether it runs depends on what only a run would tell"
        touched = tuple(dict.fromkeys(name for clause in clauses for name in _relations(clause)))
        clauses = (*clauses, Clause(operation=Opaque(why=why, relations=touched), span=span, conditional=True))
    return Statement(span=span, sql=read.sql, kind=read.kind, clauses=clauses, needs=read.needs)


def _relations(clause: Clause) -> Iterator[Name]:
    """The relations that an operation is about."""
    for word in ("table", "name", "view", "relation"):
        value = getattr(clause.operation, word, None)
        if isinstance(value, Table):
            yield value.name
        elif isinstance(value, Name):
            yield value


def _control(span: Span, kind: str) -> Statement:
    operation = TransactionControl(kind="commit" if kind == "commit" else "begin")
    return Statement(span=span, sql=kind.upper(), kind=kind.upper(), clauses=(Clause(operation=operation, span=span),))


def _opaque(span: Span, kind: str, why: str, relations: tuple[Name, ...] | None = None) -> Statement:
    clause = Clause(operation=Opaque(why=why, relations=relations), span=span)
    return Statement(span=span, sql="", kind=kind, clauses=(clause,))


def _problems(statements: tuple[Statement, ...]) -> Iterator[Problem]:
    for statement in statements:
        for operation in statement.operations:
            if isinstance(operation, Opaque):
                yield Problem(
                    code="not-analysed",
                    message=f"not analysed: {operation.why}",
                    help="Write the names and the SQL out, so that they can be read",
                    span=statement.span,
                    serious=False,
                )


def convention_in(text: str) -> dict[str, str]:
    """The naming convention that a Python file writes out as a dictionary; empty when there is none."""
    if "%(" not in text:
        return {}
    tree = _parsed(text)
    if isinstance(tree, Problem):
        return {}
    try:
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                value = evaluate(node, {})
                texts = {key: item for key, item in value.items() if isinstance(item, str)} if value else {}
                known = patterns_of({str(key): item for key, item in texts.items()})
                if known and known.keys() <= _KINDS and any("%(" in item for item in known.values()):
                    return known
    except RecursionError:
        pass
    return {}
