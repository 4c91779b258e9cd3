"""The only place that calls PostgreSQL's parser: guarded against what it cannot take, errors in code points."""

import re
from dataclasses import dataclass
from typing import Any

_SAFE_LENGTH = 40_000
_MOST_OPERATORS = 12_000
_CHAINED = re.compile(r"[-+*/<>=~!@#%^&|`?:]+|\b(?:union|intersect|except|join|is|collate|at)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Why a text does not parse: the server's message, and the code point it is about."""

    message: str
    offset: int
    serious: bool = True
    """False when the parser's limits are met, not the language's."""


def parse(sql: str) -> "Any | SyntaxProblem":
    """The parse tree of `sql` (a `ParseResult` of postgast), or what is wrong with it. Never raises."""
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped,unused-ignore]
    from postgast import PgQueryError
    from postgast import parse as parse_sql

    if (at := sql.find("\0")) >= 0:
        return SyntaxProblem("invalid byte sequence for encoding: 0x00", at)
    if len(sql) > _SAFE_LENGTH and _too_deep(sql):
        # A chain of tens of thousands of operators overruns the parser's stack.
        return SyntaxProblem("the statement is too long to be analysed", 0, serious=False)
    try:
        return parse_sql(sql)
    except PgQueryError as error:
        # Nodes have byte offsets, errors count characters.
        return SyntaxProblem(error.message, min(max(0, error.cursorpos - 1), len(sql)))
    except UnicodeEncodeError as error:
        return SyntaxProblem("invalid byte sequence for encoding UTF8", error.start)
    except DecodeError:
        return SyntaxProblem("the statement is nested too deeply to be analysed", 0, serious=False)


def _too_deep(sql: str) -> bool:
    return sum(1 for _ in _CHAINED.finditer(sql)) > _MOST_OPERATORS


def deparse(select_of: Any) -> str | None:
    """The expression of a `SELECT <expression>` tree as the parser's own printer spells it; None when it cannot."""
    from postgast import PgQueryError
    from postgast import deparse as print_sql

    try:
        return str(print_sql(select_of)).removeprefix("SELECT ")
    except (PgQueryError, UnicodeDecodeError):
        return None


def print_expression(node: Any) -> str | None:
    """The expression under a `Node` as the parser's own printer spells it."""
    from postgast import pg_query_pb2 as pb

    tree = pb.ParseResult()
    tree.stmts.add().stmt.select_stmt.target_list.add().res_target.val.CopyFrom(node)
    return deparse(tree)
