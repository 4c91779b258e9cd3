"""One statement's text to clauses, remembered by its text: a changed statement costs one parse, the others none."""

from dataclasses import dataclass
from functools import lru_cache

from migration_ls.operations.opaque import Opaque
from migration_ls.operations.statement import Clause
from migration_ls.postgres.syntax import HINT, NEWER
from migration_ls.sources.problem import Problem
from migration_ls.sources.sql.grammar import SyntaxProblem, parse
from migration_ls.sources.sql.kind import kind_of
from migration_ls.sources.sql.source import Scope, Source
from migration_ls.sources.sql.tokens import tokens
from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedStatement:
    """What one statement's text means; offsets count from its start."""

    sql: str
    kind: str
    clauses: tuple[Clause, ...]
    problems: tuple[Problem, ...] = ()
    needs: tuple[int, str] | None = None
    """The major that brought its newest syntax, and that syntax."""


@lru_cache(maxsize=32_768)
def parse_statement(sql: str, scope: Scope) -> ParsedStatement:
    """The clauses of a statement; a statement that does not parse is opaque, and a problem says where. Never raises."""
    from migration_ls.sources.sql.bind import bind

    kind = kind_of(sql)
    tree = parse(sql)
    if isinstance(tree, SyntaxProblem):
        return _unread(sql, kind, tree)
    source = Source(sql, scope)
    clauses: list[Clause] = []
    try:
        for statement in tree.stmts:
            clauses += bind(statement.stmt, source)
    except RecursionError:
        return _unread(sql, kind, SyntaxProblem("the statement is nested too deeply to be analysed", 0, serious=False))
    return ParsedStatement(sql=sql, kind=kind, clauses=tuple(clauses), needs=_needs(source))


def _needs(source: Source) -> tuple[int, str] | None:
    if HINT.search(source.sql) is None:
        return None
    words = " ".join("''" if token.kind == "string" else token.text for token in source.tokens)
    found = [(item.major, item.what) for item in NEWER if item.pattern.search(words)]
    return max(found, default=None)


def _unread(sql: str, kind: str, error: SyntaxProblem) -> ParsedStatement:
    span = _place(sql, error.offset)
    message = error.message.replace(' at or near "', " at or near `")
    message = message[:-1] + "`" if message != error.message and message.endswith('"') else message
    problem = Problem(
        code="sql-syntax-error" if error.serious else "sql-too-complex",
        message=message,
        help="Correct the statement; until then it is not analysed" if error.serious else "Split the statement",
        span=span,
        serious=error.serious,
    )
    opaque = Opaque(why=message, relations=None)
    return ParsedStatement(
        sql=sql, kind=kind, clauses=(Clause(operation=opaque, span=Span(0, len(sql))),), problems=(problem,)
    )


def _place(sql: str, offset: int) -> Span:
    """The token at the offset; at the end of the statement its last character."""
    for token in tokens(sql):
        if token.start <= offset < token.end:
            return Span(offset, token.end)
        if token.start > offset:
            return Span(token.start, token.end)
    return Span(max(0, len(sql) - 1), len(sql))
