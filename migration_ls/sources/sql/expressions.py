"""SQL expressions as values that compare by meaning."""

import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

from migration_ls.postgres.types import ColumnType
from migration_ls.postgres.volatility import IMMUTABLE, STABLE, is_never_immutable
from migration_ls.schema.expression import Expression, Volatility
from migration_ls.sources.sql.grammar import SyntaxProblem, deparse, parse
from migration_ls.sources.sql.simplify import descendants, simplify, string_of, unqualify

_PLAIN = re.compile(
    r"(?:'(?P<string>[^'\\{\[\\\0\ud800-\udfff]*|\{\}|\[\])'|(?P<number>0|[1-9]\d{0,8})|(?P<word>true|false)|(?P<now>now\(\)))\Z",
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_SPACE = re.compile(r"\s+")
_BOOLEANS = frozenset({"t", "f", "yes", "no", "on", "off", "TRUE", "FALSE"})
_ORDER = (Volatility.IMMUTABLE, Volatility.STABLE, Volatility.VOLATILE)


def expression(text: str) -> Expression:
    """The expression that a text says; the user's spelling and PostgreSQL's own printing of it are equal.

    Total: of a text that is no expression the canonical form is the text with its white space made even, and it
    counts as volatile.
    """
    return read_expression(text) or Expression(
        text=text, canonical=_SPACE.sub(" ", text).strip(), volatility=Volatility.VOLATILE
    )


@lru_cache(maxsize=8192)
def read_expression(text: str) -> Expression | None:
    """As `expression`, but None for a text that is no expression."""
    if plain := _PLAIN.match(text):
        return _plain(text, plain)
    tree = parse(f"SELECT {text}\n")
    if isinstance(tree, SyntaxProblem):
        return None
    target = _only_target(tree)
    if target is None:
        return None
    root = target.val
    value = literal_of(root)
    try:
        casts = simplify(root)
    except RecursionError:
        return None
    nodes = list(descendants(root))
    unqualify(nodes)
    canonical = deparse(tree)
    if canonical is None:
        return None
    columns, functions, volatility, mutable = _uses(nodes)
    return Expression(
        text=text.strip(),
        canonical=canonical,
        columns=columns,
        functions=functions,
        casts=casts,
        volatility=volatility,
        mutable=mutable,
        value=literal_of(root) if value in _BOOLEANS else value,
        not_nulls=_not_nulls(root),
        allowed_values=_allowed(root),
    )


def _plain(text: str, match: re.Match[str]) -> Expression:
    """The usual defaults, which need no parser."""
    if match["now"]:
        return Expression(
            text=text, canonical="now()", functions=frozenset({"now"}), volatility=Volatility.STABLE, mutable="now"
        )
    if match["string"] is not None:
        return Expression(text=text, canonical=text, value=match["string"])
    return Expression(text=text, canonical=text.lower(), value=text.lower())


def default_of(default: Expression, type_: ColumnType) -> Expression:
    """A default as PostgreSQL prints it for a column of that type: `'5 minutes'` of an interval is `'00:05:00'`."""
    if default.value is None or type_.is_array or not default.canonical.startswith("'"):
        return default
    cast = _CONVERTED.get(type_.name)
    if type_.name == "timestamp without time zone" and _DAY.match(default.value):
        moment = f"{default.value} 00:00:00"
        return replace(default, canonical=f"'{moment}'", value=moment)
    if cast is None:
        return default
    converted = expression(f"{default.canonical}::{cast}")
    return replace(converted, text=default.text, value=converted.value)


_CONVERTED = {
    "interval": "interval",
    "time without time zone": "interval",
    "boolean": "bool",
    "smallint": "int4",
    "integer": "int4",
    "bigint": "int8",
    "numeric": "numeric",
    "double precision": "float8",
    "real": "float4",
}
"""Types whose literals PostgreSQL prints otherwise than in quotes, or in another spelling."""


def literal_of(node: Any) -> str | None:
    """The content of a literal, casts around it left out; None for NULL and anything else."""
    match node.WhichOneof("node"):
        case "type_cast":
            return literal_of(node.type_cast.arg)
        case "a_const":
            constant = node.a_const
            match constant.WhichOneof("val"):
                case "sval":
                    return str(constant.sval.sval)
                case "ival":
                    return str(constant.ival.ival)
                case "fval":
                    return str(constant.fval.fval)
                case "boolval":
                    return "true" if constant.boolval.boolval else "false"
                case _:
                    return None
        case _:
            return None


def _only_target(tree: Any) -> Any | None:
    """The target of a SELECT that has one, and nothing else."""
    if len(tree.stmts) != 1 or tree.stmts[0].stmt.WhichOneof("node") != "select_stmt":
        return None
    select = tree.stmts[0].stmt.select_stmt
    fields = {descriptor.name for descriptor, _ in select.ListFields()}
    if fields - {"target_list", "limit_option", "op"} or len(select.target_list) != 1:
        return None
    target = select.target_list[0].res_target
    kind = target.val.WhichOneof("node")
    if target.name or kind is None:
        return None
    if kind == "column_ref" and target.val.column_ref.fields[-1].WhichOneof("node") == "a_star":
        return None
    return target


def _uses(nodes: list[Any]) -> tuple[frozenset[str], frozenset[str], Volatility, str]:
    columns: set[str] = set()
    functions: set[str] = set()
    rank = 0
    mutable = ""
    for node in nodes:
        match node.WhichOneof("node"):
            case "column_ref":
                last = node.column_ref.fields[-1]
                if last.WhichOneof("node") == "string":
                    columns.add(last.string.sval)
            case "func_call":
                name = node.func_call.funcname[-1].string.sval
                functions.add(name)
                rank = max(rank, 0 if name in IMMUTABLE else 1 if name in STABLE else 2)
                if rank and not mutable and is_never_immutable(name, len(node.func_call.args)):
                    mutable = name
            case "sqlvalue_function":
                rank = max(rank, 1)
                mutable = mutable or _spelled(node.sqlvalue_function)
            case "sub_link":
                rank = max(rank, 1)
            case _:
                pass
    return frozenset(columns), frozenset(functions), _ORDER[rank], mutable


def _spelled(node: Any) -> str:
    """CURRENT_DATE, as the parser numbers it."""
    kinds = node.DESCRIPTOR.fields_by_name["op"].enum_type.values_by_number
    return str(kinds[node.op].name).removeprefix("SVFOP_").removesuffix("_N")


def column_name(node: Any) -> str | None:
    """The column of a reference, whatever it is qualified with; None for another node and for `*`."""
    if node.WhichOneof("node") != "column_ref":
        return None
    last = node.column_ref.fields[-1]
    return str(last.string.sval) if last.WhichOneof("node") == "string" else None


def _not_nulls(node: Any) -> frozenset[str]:
    """The columns that `c IS NOT NULL`, alone or among the terms of an AND, proves not to be null."""
    from postgast import pg_query_pb2 as pb

    match node.WhichOneof("node"):
        case "null_test" if node.null_test.nulltesttype == pb.IS_NOT_NULL:
            column = column_name(node.null_test.arg)
            return frozenset({column} if column else ())
        case "bool_expr" if node.bool_expr.boolop == pb.AND_EXPR:
            return frozenset().union(*map(_not_nulls, node.bool_expr.args))
        case _:
            return frozenset()


def _allowed(node: Any) -> tuple[str, ...]:
    """The literals of `c IN (...)` or `c = 'a'`."""
    from postgast import pg_query_pb2 as pb

    if node.WhichOneof("node") != "a_expr" or column_name(node.a_expr.lexpr) is None:
        return ()
    test = node.a_expr
    if len(test.name) != 1 or test.name[0].string.sval != "=":
        return ()
    if test.kind == pb.AEXPR_IN:
        values = [literal_of(item) for item in test.rexpr.list.items]
        known = tuple(value for value in values if value is not None)
        return known if len(known) == len(values) else ()
    if test.kind == pb.AEXPR_OP and (value := string_of(test.rexpr)) is not None:
        return (value,)
    return ()
