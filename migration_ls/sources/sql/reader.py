"""A file of SQL to statements, and again after an edit at the price of what changed."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from migration_ls.operations.create_function import CreateFunction
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.inert import Inert
from migration_ls.operations.opaque import Opaque
from migration_ls.operations.set_setting import SetSetting
from migration_ls.operations.statement import Clause, Statement
from migration_ls.operations.transaction_control import TransactionControl
from migration_ls.sources.problem import Problem
from migration_ls.sources.sql.parse import ParsedStatement, parse_statement
from migration_ls.sources.sql.sections import sections_of
from migration_ls.sources.sql.source import TEMPORARY, Scope
from migration_ls.sources.sql.split import Piece, pieces, split
from migration_ls.text.span import Span

_SECTION_WORDS = re.compile(r"--.*(?:migrat|goose|undo|transaction|txmode)", re.IGNORECASE)
_LINE = 200
_READ_LANGUAGES = frozenset({"plpgsql", "sql"})
_INCLUDES = ("\\i ", "\\ir ", "\\include", "\\gexec")


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlFile:
    """The statements of a text and what could not be read of it, both in the order of the text.

    Of a file that holds both ways (dbmate, goose), `statements` are those that run forward, `rollback` the others.
    `no_transaction` says that the file asks its runner for no transaction around it.
    """

    text: str
    statements: tuple[Statement, ...] = ()
    problems: tuple[Problem, ...] = ()
    rollback: tuple[Statement, ...] = ()
    no_transaction: bool = False
    ends: tuple[int, ...] = field(default=(), repr=False)
    """Where each piece ends and the next may begin; rows of a COPY are pieces, but no statements."""
    marks: str = field(default="", repr=False)
    """A letter for what each piece is: see `_mark`."""
    plain: bool = True
    """Whether no statement changes how later ones are read (search_path, temporary tables)."""


def read_sql(text: str, previous: SqlFile | None = None) -> SqlFile:
    """Everything a text says. Never raises.

    `previous` is what was read of an earlier version: what stands before and after the edit is taken from it.
    """
    if previous is not None:
        if previous.text == text:
            return previous
        if previous.plain and (again := _read_again(text, previous)) is not None:
            return again
    sections = sections_of(text)
    whole = sections.forward.start == 0 and sections.forward.end == len(text)
    if whole:
        return replace(_read(text, split(text)), no_transaction=sections.no_transaction)
    forward = _read_part(text, sections.forward)
    back = _read_part(text, sections.rollback) if sections.rollback else SqlFile(text=text)
    return SqlFile(
        text=text,
        statements=forward.statements,
        problems=tuple(sorted((*forward.problems, *back.problems), key=lambda problem: problem.span)),
        rollback=back.statements,
        no_transaction=sections.no_transaction,
        plain=False,
    )


def _read_part(text: str, part: Span) -> SqlFile:
    """A section, with places in the whole text."""
    read = _read(part.of(text), split(part.of(text)))
    problems = [replace(problem, span=problem.span.shifted(part.start)) for problem in read.problems]
    return replace(read, statements=tuple(_moved(read.statements, part.start)), problems=tuple(problems))


def _read(text: str, cut: tuple[Piece, ...]) -> SqlFile:
    statements: list[Statement] = []
    problems: list[Problem] = []
    scope = _Scopes()
    for piece in cut:
        if piece.kind == "copy-data":
            continue
        read = _parsed(text, piece, scope.now)
        statements.append(_statement(piece, read))
        problems += [replace(problem, span=problem.span.shifted(piece.span.start)) for problem in read.problems]
        scope.after(read)
    return SqlFile(
        text=text,
        statements=tuple(statements),
        problems=tuple(problems),
        ends=tuple([piece.end for piece in cut]),
        marks="".join(map(_mark, cut)),
        plain=not scope.changed,
    )


def _mark(piece: Piece) -> str:
    """`s` for a statement, `u` for one without its semicolon, `p` for a psql line, `c` for rows of a COPY."""
    if piece.kind == "sql":
        return "s" if piece.terminated else "u"
    return "p" if piece.kind == "psql" else "c"


def _parsed(text: str, piece: Piece, scope: Scope) -> ParsedStatement:
    sql = piece.span.of(text)
    if piece.kind == "psql":
        includes = sql.startswith(_INCLUDES)
        operation = Opaque(why="it runs another file", relations=None) if includes else Inert(what=sql)
        clause = Clause(operation=operation, span=Span(0, len(sql)))
        return ParsedStatement(sql=sql, kind=sql.split(maxsplit=1)[0], clauses=(clause,))
    return parse_statement(sql, scope)


def _statement(piece: Piece, read: ParsedStatement) -> Statement:
    start = piece.span.start
    return Statement(
        span=piece.span,
        sql=read.sql,
        kind=read.kind,
        clauses=tuple([_moved_clause(clause, start) for clause in read.clauses]),
        needs=read.needs,
        leading=piece.leading if piece.leading.end > piece.leading.start else None,
    )


class _Scopes:
    """Follows what changes the meaning of names: the search path and temporary tables."""

    def __init__(self) -> None:
        self.now = Scope()
        self.changed = False
        self._session = "public"

    def after(self, read: ParsedStatement) -> None:
        """Take note of what a statement did."""
        for clause in read.clauses:
            match clause.operation:
                case SetSetting(name="search_path", values=values, local=local):
                    namespace = _first_namespace(values or ())
                    if not local:
                        self._session = namespace
                    self._set(replace(self.now, namespace=namespace))
                case TransactionControl(kind="commit" | "rollback") if self.now.namespace != self._session:
                    self._set(replace(self.now, namespace=self._session))
                case CreateFunction(function=made, body=str() as body) if made.language in _READ_LANGUAGES:
                    others = tuple(item for item in self.now.bodies if item[0] != made.name.name)
                    self._set(replace(self.now, bodies=(*others, (made.name.name, made.language, body))))
                case CreateTable(table=table) if table.name.namespace == TEMPORARY:
                    self._set(replace(self.now, temporary=self.now.temporary | {table.name.name}))
                case _:
                    pass

    def _set(self, scope: Scope) -> None:
        self.now = scope
        self.changed = True


def _first_namespace(values: Iterable[str]) -> str:
    for value in values:
        name = value.strip().strip('"')
        if name and name not in {"$user", "pg_catalog"}:
            return name
    return "public"


def _read_again(text: str, previous: SqlFile) -> SqlFile | None:
    """The file after an edit: only the pieces that the edit touches are cut and parsed again."""
    old, ends, marks = previous.text, previous.ends, previous.marks
    before = _common_prefix(old, text)
    after = _common_suffix(old, text, min(len(old), len(text)) - before)
    shift = len(text) - len(old)
    # The piece in front of the edit may have grown; a COPY and its rows are read together.
    kept = max(0, bisect_right(ends, before) - 1)
    while kept and marks[kept : kept + 1] == "c":
        kept -= 1
    edit_end = len(old) - after
    fresh: list[Piece] = []
    resumed = len(ends)
    for piece in pieces(text, ends[kept - 1] if kept else 0):
        fresh.append(piece)
        place = piece.end - shift
        if place < edit_end:
            continue
        index = bisect_left(ends, place)
        if index < len(ends) and ends[index] == place and _meets(marks, index, _mark(piece)):
            resumed = index + 1
            break
    start = ends[kept - 1] if kept else 0
    stop = max(edit_end + shift, fresh[-1].end if fresh else 0)
    if _SECTION_WORDS.search(text, start, stop + _LINE) or _SECTION_WORDS.search(old, start, stop - shift + _LINE):
        # Comments that mark sections or ask for no transaction may have come or gone.
        return None
    return _joined(text, previous, kept, tuple(fresh), resumed)


def _meets(marks: str, index: int, mark: str) -> bool:
    """Whether reading may go on from the old pieces: rows of a COPY follow only the COPY they belong to."""
    return marks[index] == mark and marks[index + 1 : index + 2] != "c"


def _joined(text: str, previous: SqlFile, kept: int, fresh: tuple[Piece, ...], resumed: int) -> SqlFile | None:
    ends, marks, statements = previous.ends, previous.marks, previous.statements
    middle = _read(text, fresh)
    if not middle.plain:
        return None
    shift = len(text) - len(previous.text)
    head = kept - marks.count("c", 0, kept)
    tail = resumed - marks.count("c", 0, resumed)
    start = ends[kept - 1] if kept else 0
    stop = ends[resumed - 1] if resumed else 0
    problems = [problem for problem in previous.problems if problem.span.start < start]
    problems += middle.problems
    problems += [
        replace(problem, span=problem.span.shifted(shift))
        for problem in previous.problems
        if problem.span.start >= stop
    ]
    return SqlFile(
        text=text,
        statements=(*statements[:head], *middle.statements, *_moved(statements[tail:], shift)),
        problems=tuple(problems),
        no_transaction=previous.no_transaction,
        ends=(*ends[:kept], *middle.ends, *[end + shift for end in ends[resumed:]]),
        marks=marks[:kept] + middle.marks + marks[resumed:],
    )


def _common_prefix(one: str, other: str) -> int:
    """How many characters both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_suffix(one: str, other: str, most: int) -> int:
    """How many characters both end with, at most so many."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low


# Ten thousand statements move with every character typed at the top of a large file, and setting the slots takes half
# the time of the `__init__` of a frozen dataclass.
_new_span, _new_clause, _new_statement = Span.__new__, Clause.__new__, Statement.__new__


def _setter(owner: type, name: str) -> Callable[[object, object], None]:
    setter: Callable[[object, object], None] = owner.__dict__[name].__set__
    return setter


_set_start, _set_end = _setter(Span, "start"), _setter(Span, "end")
_set_operation, _set_clause_span = _setter(Clause, "operation"), _setter(Clause, "span")
_set_conditional, _set_parts = _setter(Clause, "conditional"), _setter(Clause, "parts")
_set_if_exists = _setter(Clause, "if_exists")
_set_statement_span, _set_sql, _set_kind = (_setter(Statement, name) for name in ("span", "sql", "kind"))
_set_clauses, _set_leading = _setter(Statement, "clauses"), _setter(Statement, "leading")
_set_needs = _setter(Statement, "needs")


def _moved_span(span: Span, by: int) -> Span:
    moved = _new_span(Span)
    _set_start(moved, span.start + by)
    _set_end(moved, span.end + by)
    return moved


def _moved_clause(clause: Clause, by: int) -> Clause:
    moved = _new_clause(Clause)
    _set_operation(moved, clause.operation)
    _set_clause_span(moved, _moved_span(clause.span, by))
    _set_conditional(moved, clause.conditional)
    _set_parts(moved, clause.parts)
    _set_if_exists(moved, clause.if_exists)
    return moved


def _moved(statements: tuple[Statement, ...], by: int) -> Iterable[Statement]:
    if by == 0:
        return statements
    found: list[Statement] = []
    for statement in statements:
        moved = _new_statement(Statement)
        _set_statement_span(moved, _moved_span(statement.span, by))
        _set_sql(moved, statement.sql)
        _set_kind(moved, statement.kind)
        _set_needs(moved, statement.needs)
        _set_clauses(moved, tuple([_moved_clause(clause, by) for clause in statement.clauses]))
        _set_leading(moved, _moved_span(statement.leading, by) if statement.leading else None)
        found.append(moved)
    return found
