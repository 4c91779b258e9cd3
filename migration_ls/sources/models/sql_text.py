"""SQLAlchemy's expressions as SQL text."""

import re

from migration_ls.postgres.quoting import identifier, literal
from migration_ls.schema.names import Name
from migration_ls.sources.models.arguments import Arguments, arguments_of
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.displays import items
from migration_ls.sources.models.evaluate import EnumMember, expand, scalar, string
from migration_ls.sources.models.sql_types import sql_type
from migration_ls.sources.models.terms import Binary, Subscript, Unary
from migration_ls.sources.models.values import ClassValue, External, Member, Node, Plain, Value

_BARE_FUNCTIONS = frozenset(
    "current_date current_time current_timestamp current_user localtime localtimestamp session_user user".split()
)
_OPERATORS = {
    "Eq": "=", "NotEq": "<>", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Add": "+", "Sub": "-", "Mult": "*",
    "Div": "/", "Mod": "%", "BitAnd": "AND", "BitOr": "OR",
}  # fmt: skip
_COLON = re.compile(r"\\(?=:)")
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*\Z")
_OPPOSITES = {"Eq": "NotEq", "NotEq": "Eq", "Lt": "GtE", "GtE": "Lt", "Gt": "LtE", "LtE": "Gt"}
_WORDS = {"true": "true", "false": "false", "null": "NULL"}
_ORDERS = {
    "desc": "DESC", "asc": "ASC", "nulls_first": "NULLS FIRST", "nullsfirst": "NULLS FIRST", "nulls_last": "NULLS LAST",
    "nullslast": "NULLS LAST",
}  # fmt: skip
_TESTS = {
    "is_": "IS", "is_not": "IS NOT", "isnot": "IS NOT", "like": "LIKE", "ilike": "ILIKE", "not_like": "NOT LIKE",
    "notlike": "NOT LIKE", "regexp_match": "~", "is_distinct_from": "IS DISTINCT FROM", "concat": "||",
}  # fmt: skip


def sql_text(context: Context, value: Value, columns: dict[str, str]) -> str | None:
    """The SQL of an expression; None when it cannot be told. `columns` are names of columns by attribute."""
    if context.depth > 40:
        return None
    context.depth += 1
    try:
        return _text(context, value, columns)
    finally:
        context.depth -= 1


def _text(context: Context, value: Value, columns: dict[str, str]) -> str | None:
    match value:
        case Member(owner=ClassValue(), name=name) if name in columns:
            return identifier(columns[name])
        case Member(owner=Member(name="c" | "columns"), name=name):
            return identifier(columns.get(name, name))
        case Node(term=Subscript(base=base, key=key), env=env) if _is_columns(context.lookup.value(base, env)):
            column = string(context, context.lookup.value(key, env))
            return identifier(columns.get(column, column)) if column is not None else None
        case Member(owner=Node(term=Subscript(base=base, key=key), env=env), name="astext"):
            document = sql_text(context, context.lookup.value(base, env), columns)
            part = sql_text(context, context.lookup.value(key, env), columns)
            return f"({document} ->> {part})" if document is not None and part is not None else None
        case Node(term=Binary() as term):
            known = literal_text(context, value)
            return known if known is not None else _binary(context, value, term, columns)
        case Node(term=Unary(operator="Invert" | "Not", operand=operand)):
            return _negated(context, context.lookup.value(operand, value.env), columns)
        case External(name=name, root="sqlalchemy" | "sqlmodel") if name in _WORDS:
            return _WORDS[name]
        case _:
            pass
    if (arguments := arguments_of(context, value)) is not None:
        made = _call(context, arguments, columns)
        if made is not None:
            return made
    return literal_text(context, value)


def _is_columns(value: Value) -> bool:
    return isinstance(value, Member) and value.name in {"c", "columns"}


def _negated(context: Context, value: Value, columns: dict[str, str]) -> str | None:
    """NOT of an expression; comparisons are turned round, as SQLAlchemy does."""
    match value:
        case Node(term=Binary(operator=operator) as term) if operator in _OPPOSITES:
            return _binary(context, value, term._replace(operator=_OPPOSITES[operator]), columns)
        case _:
            inner = sql_text(context, value, columns)
            return f"NOT ({inner})" if inner is not None else None


def literal_text(context: Context, value: Value) -> str | None:
    """A value of Python's as a literal of SQL."""
    known = scalar(context, value)
    if isinstance(known, EnumMember):
        known = known.value
    match known:
        case bool():
            return "true" if known else "false"
        case int() | float():
            return str(known)
        case str():
            return literal(known)
        case None:
            return "NULL"
        case _:
            return None


def _binary(context: Context, node: Node, term: Binary, columns: dict[str, str]) -> str | None:
    operator = _OPERATORS.get(term.operator)
    left = sql_text(context, context.lookup.value(term.left, node.env), columns)
    right = sql_text(context, context.lookup.value(term.right, node.env), columns)
    if operator is None or left is None or right is None:
        return None
    if right == "NULL" and operator in {"=", "<>"}:
        return f"{left} IS {'NOT ' if operator == '<>' else ''}NULL"
    if operator in {"AND", "OR"}:
        return f"({left}) {operator} ({right})"
    if operator == "+" and (left.startswith("'") or right.startswith("'")):
        operator = "||"
    return f"{left} {operator} {right}"


def _call(context: Context, given: Arguments, columns: dict[str, str]) -> str | None:
    match given.function:
        case External(attributes=attributes, root="sqlalchemy" | "sqlmodel" | "geoalchemy2" | "?") if attributes:
            return _function(context, attributes, given, columns)
        case Member(owner=owner, name=name):
            return _method(context, owner, name, given, columns)
        case _:
            return None


def _function(context: Context, attributes: tuple[str, ...], given: Arguments, columns: dict[str, str]) -> str | None:
    name = attributes[-1]
    if "func" in attributes[:-1]:
        return _sql_function(context, attributes[attributes.index("func") + 1 :], given, columns)
    texts = [sql_text(context, item, columns) for item in given.positional]
    match name:
        case "text":
            text = given.text("text", 0)
            return _COLON.sub("", text) if text is not None else None
        case "literal_column":
            return given.text("text", 0)
        case "now" | "current_timestamp" | "current_date" | "current_time" if not given.count:
            return _sql_function(context, (name,), given, columns)
        case "column":
            column = given.text(0)
            return identifier(column) if column is not None else None
        case "true" | "false" | "null":
            return _WORDS[name]
        case "and_" | "or_":
            known = [f"({text})" for text in texts if text is not None]
            return f" {name.rstrip('_').upper()} ".join(known) if len(known) == len(texts) else None
        case "not_" if given.count:
            return _negated(context, given.positional[0], columns)
        case "cast" | "type_coerce" if len(texts) == 2 and given.origin is not None:
            type_ = sql_type(context, given.positional[1], given.origin)
            return f"CAST({texts[0]} AS {type_.type})" if type_ is not None and texts[0] is not None else None
        case "literal" | "bindparam" if texts:
            return texts[0]
        case order if order in _ORDERS and given.count == 1:
            operand = _operand(context, given.positional[0], columns)
            return f"{operand} {_ORDERS[order]}" if operand is not None else None
        case _:
            return None


def _operand(context: Context, value: Value, columns: dict[str, str]) -> str | None:
    """What is ordered by; a bare string names a column."""
    if isinstance(value, Plain) and isinstance(value.value, str):
        return identifier(columns.get(value.value, value.value))
    return sql_text(context, value, columns)


def _sql_function(context: Context, names: tuple[str, ...], given: Arguments, columns: dict[str, str]) -> str | None:
    if len(names) == 1 and names[0].lower() in _BARE_FUNCTIONS and not given.count:
        return names[0].upper()
    texts = [sql_text(context, item, columns) for item in given.positional]
    known = [text for text in texts if text is not None]
    if len(known) != len(texts):
        return None
    return f"{'.'.join(map(_function_name, names))}({', '.join(known)})"


def _function_name(name: str) -> str:
    """Words such as COALESCE are part of the grammar, and no functions when they are quoted."""
    return name if _PLAIN.match(name) else identifier(name)


def _method(context: Context, owner: Value, name: str, given: Arguments, columns: dict[str, str]) -> str | None:
    if name == "next_value" and not given.count:
        made = arguments_of(context, expand(context, owner))
        sequence = made.text("name", 0) if made is not None and made.name == "Sequence" else None
        if made is None or sequence is None:
            return None
        return f"nextval({literal(Name(sequence, made.text('schema') or 'public').sql)})"
    left = sql_text(context, owner, columns)
    if left is None:
        return None
    if name in _ORDERS:
        return f"{left} {_ORDERS[name]}"
    if name in {"in_", "not_in", "notin_"} and given.count:
        values = [sql_text(context, item, columns) for item in items(context, given.positional[0]) or ()]
        known = [value for value in values if value is not None]
        word = "IN" if name == "in_" else "NOT IN"
        return f"{left} {word} ({', '.join(known)})" if known and len(known) == len(values) else None
    operands = [sql_text(context, item, columns) for item in given.positional]
    if name in _TESTS and operands and operands[0] is not None:
        return f"{left} {_TESTS[name]} {operands[0]}"
    if name == "between" and len(operands) == 2 and None not in operands:
        return f"{left} BETWEEN {operands[0]} AND {operands[1]}"
    if name == "cast" and given.count and given.origin is not None:
        type_ = sql_type(context, given.positional[0], given.origin)
        return f"CAST({left} AS {type_.type})" if type_ is not None else None
    return left if name in {"label", "self_group"} else None
