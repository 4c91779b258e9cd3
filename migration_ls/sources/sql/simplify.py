"""Parse trees of expressions without what PostgreSQL's printer adds and people leave out.

What a user writes and what `pg_get_expr` prints of it come out the same: casts of literals go, and the implicit ones
to text and numeric types; `= ANY (ARRAY[...])` becomes `IN`; BETWEEN, LIKE, CURRENT_TIMESTAMP become what they mean.
"""

import json
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from migration_ls.sources.sql.intervals import interval_text
from migration_ls.sources.sql.types import type_of

_NUMBERS = frozenset(
    {"int2", "int4", "int8", "numeric", "float4", "float8", "smallint", "integer", "bigint", "decimal"}
)
_IMPLICIT = frozenset({"text", "varchar", "bpchar", "numeric", "float8", "float4"})
_CATALOG_TYPES = frozenset(
    """int2 int4 int8 float4 float8 numeric bool varchar bpchar timestamp timestamptz time timetz interval
    bit varbit""".split()
)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\Z")
_PLAIN_ARRAY = re.compile(r"\{[^{}\"\\]*\}\Z")
_INT4 = 2**31
_DIGITS = 100


def simplify(root: Any) -> tuple[str, ...]:
    """Change the expression under a `Node` in place; returns the types it cast to."""
    casts: list[str] = []
    if root.WhichOneof("node") == "type_cast" and root.type_cast.arg.WhichOneof("node") not in {
        "a_const",
        "a_array_expr",
    }:
        # A cast of the whole is the user's own: PostgreSQL adds them only further in.
        casts.append(str(type_of(root.type_cast.type_name)))
        _visit(root.type_cast.arg, casts)
        _type_name(root.type_cast.type_name)
    else:
        _visit(root, casts)
    return tuple(casts)


def unqualify(nodes: Iterable[Any]) -> None:
    """`tasks.priority` is `priority`, where no sub-select can make it another table's; takes all nodes of a tree."""
    references: list[Any] = []
    for node in nodes:
        match node.WhichOneof("node"):
            case "sub_link":
                return
            case "column_ref":
                references.append(node.column_ref.fields)
            case _:
                pass
    qualifiers = {fields[0].string.sval for fields in references if len(fields) > 1}
    if len(qualifiers) != 1 or qualifiers & {"new", "old", "excluded"}:
        return
    for fields in references:
        del fields[:-1]


def descendants(root: Any) -> Iterable[Any]:
    """The node and every `Node` under it that says more than a name."""
    todo = [root]
    while todo:
        message = todo.pop()
        if message.DESCRIPTOR.name == "Node":
            yield message
            todo.extend(_inside(message))
        else:
            todo.extend(_children(message))


def string_of(node: Any) -> str | None:
    """The content of a string constant."""
    if node.WhichOneof("node") == "a_const" and node.a_const.WhichOneof("val") == "sval":
        return str(node.a_const.sval.sval)
    return None


def cast_name(type_name: Any) -> str:
    """The unqualified name of a `TypeName` node."""
    return str(type_name.names[-1].string.sval) if type_name.names else ""


def _inside(node: Any) -> list[Any]:
    """The messages under a `Node` that may hold other nodes; the usual kinds without reflection, which is slow."""
    match node.WhichOneof("node"):
        case "column_ref" | "a_const" | "string" | "integer" | None:
            return []
        case "a_expr":
            test = node.a_expr
            return [side for side, name in ((test.lexpr, "lexpr"), (test.rexpr, "rexpr")) if test.HasField(name)]
        case "type_cast":
            return [node.type_cast.arg]
        case "bool_expr":
            return list(node.bool_expr.args)
        case kind:
            return _children(getattr(node, kind))


def _children(message: Any) -> list[Any]:
    found: list[Any] = []
    for descriptor, value in message.ListFields():
        if descriptor.message_type is None:
            continue
        if hasattr(value, "DESCRIPTOR"):
            found.append(value)
        else:
            found.extend(value)
    return found


def _visit(message: Any, casts: list[str]) -> None:
    if message.DESCRIPTOR.name != "Node":
        for child in _children(message):
            _visit(child, casts)
        return
    for child in _inside(message):
        _visit(child, casts)
    match message.WhichOneof("node"):
        case "type_cast":
            casts.append(str(type_of(message.type_cast.type_name)))
            _cast(message)
        case "a_expr":
            _operator(message)
        case "bool_expr":
            _logic(message)
        case "sqlvalue_function":
            _now(message)
        case "func_call":
            _function(message.func_call)
        case "case_expr":
            case = message.case_expr
            if case.HasField("defresult") and _is_null(case.defresult):
                case.ClearField("defresult")
        case "a_const" if message.a_const.WhichOneof("val") == "fval":
            _set_number(message, str(message.a_const.fval.fval))
        case "a_const":
            _json(message)
        case _:
            pass


def _is_null(node: Any) -> bool:
    return node.WhichOneof("node") == "a_const" and bool(node.a_const.isnull)


def _replace(node: Any, by: Any) -> None:
    copy = type(node)()
    copy.CopyFrom(by)
    node.CopyFrom(copy)


def _set_number(node: Any, text: str) -> None:
    text = text.removeprefix("+")
    if "e" in text.lower():
        try:
            text = format(Decimal(text), "f") if abs(Decimal(text).adjusted()) < _DIGITS else text
        except InvalidOperation:
            return
    node.Clear()
    if re.fullmatch(r"-?\d+", text) and -_INT4 <= int(text) < _INT4:
        node.a_const.ival.ival = int(text)
        if int(text) == 0:
            node.a_const.ival.SetInParent()
    else:
        node.a_const.fval.fval = text


def _cast(node: Any) -> None:
    cast = node.type_cast
    _type_name(cast.type_name)
    name = cast_name(cast.type_name)
    match cast.arg.WhichOneof("node"):
        case "a_const":
            _cast_of_literal(node, name, array=len(cast.type_name.array_bounds) > 0)
        case "a_array_expr":
            _cast_of_array(node)
        case "type_cast":
            pass
        case _ if name in _IMPLICIT and not cast.type_name.typmods:
            _replace(node, cast.arg)
        case _:
            pass


def _type_name(type_name: Any) -> None:
    """One name for each type: `int4` and `integer` are `pg_catalog.int4`, others stand without `public`."""
    names = type_name.names
    if (
        len(names) == 2
        and names[0].string.sval in {"pg_catalog", "public"}
        and (names[0].string.sval == "public" or names[1].string.sval not in _CATALOG_TYPES)
    ):
        del names[0]
    if len(names) == 1 and names[0].string.sval in _CATALOG_TYPES:
        names.insert(0, type(names[0])())
        names[0].string.sval = "pg_catalog"


def _cast_of_array(node: Any) -> None:
    """`ARRAY[...]::text[]` says no more than `ARRAY[...]`, and the empty one is the literal `'{}'`."""
    argument = node.type_cast.arg
    if argument.a_array_expr.elements:
        _replace(node, argument)
    else:
        node.Clear()
        node.a_const.sval.sval = "{}"


def _cast_of_literal(node: Any, name: str, *, array: bool) -> None:
    literal = node.type_cast.arg
    text = string_of(literal)
    _replace(node, literal)
    if text is None or array:
        return
    if name in _NUMBERS and _NUMBER.match(text.strip()):
        _set_number(node, text.strip())
    elif name in {"bool", "boolean"} and text.lower() in {"t", "true", "f", "false", "yes", "no", "on", "off"}:
        node.Clear()
        node.a_const.boolval.boolval = text.lower() in {"t", "true", "yes", "on"}
        node.a_const.boolval.SetInParent()
    elif name == "interval":
        node.a_const.sval.sval = interval_text(text)
    elif name == "regclass":
        node.a_const.sval.sval = text.removeprefix("public.")


def _operator(node: Any) -> None:
    from postgast import pg_query_pb2 as pb

    expression = node.a_expr
    if len(expression.name) == 2 and expression.name[0].string.sval == "pg_catalog":
        del expression.name[0]
    sign = expression.name[0].string.sval if len(expression.name) == 1 else ""
    match expression.kind:
        case pb.AEXPR_IN:
            items = expression.rexpr.list.items
            if len(items) == 1:
                item = items[0]
                expression.kind = pb.AEXPR_OP
                _replace(expression.rexpr, item)
        case pb.AEXPR_OP_ANY if sign == "=":
            _as_list(expression, pb)
        case pb.AEXPR_OP_ALL if sign == "<>":
            _as_list(expression, pb)
        case pb.AEXPR_BETWEEN:
            _between(node, (">=", "<="), pb.AND_EXPR)
        case pb.AEXPR_NOT_BETWEEN:
            _between(node, ("<", ">"), pb.OR_EXPR)
        case pb.AEXPR_LIKE | pb.AEXPR_ILIKE | pb.AEXPR_SIMILAR:
            expression.kind = pb.AEXPR_OP
        case pb.AEXPR_OP if sign in {"-", "+"} and not expression.HasField("lexpr"):
            _signed(node, sign)
        case _:
            pass


def _signed(node: Any, sign: str) -> None:
    operand = node.a_expr.rexpr
    if operand.WhichOneof("node") != "a_const":
        return
    constant = operand.a_const
    match constant.WhichOneof("val"):
        case "ival":
            _set_number(node, str(-constant.ival.ival if sign == "-" else constant.ival.ival))
        case "fval":
            text = str(constant.fval.fval)
            negated = text[1:] if text.startswith("-") else "-" + text
            _set_number(node, negated if sign == "-" else text)
        case _:
            pass


def _as_list(expression: Any, pb: Any) -> None:
    right = expression.rexpr
    items: list[Any] = []
    if right.WhichOneof("node") == "a_array_expr":
        for element in right.a_array_expr.elements:
            items.append(type(right)())
            items[-1].CopyFrom(element)
    elif (text := string_of(right)) is not None and _PLAIN_ARRAY.match(text):
        for word in filter(None, (part.strip() for part in text[1:-1].split(","))):
            items.append(type(right)())
            items[-1].a_const.sval.sval = word
    if not items:
        return
    right.Clear()
    if len(items) == 1:
        expression.kind = pb.AEXPR_OP
        right.CopyFrom(items[0])
        return
    expression.kind = pb.AEXPR_IN
    right.list.items.extend(items)


def _between(node: Any, signs: tuple[str, str], kind: int) -> None:
    from postgast import pg_query_pb2 as pb

    left = type(node)()
    left.CopyFrom(node.a_expr.lexpr)
    bounds = [type(node)() for _ in node.a_expr.rexpr.list.items]
    for bound, item in zip(bounds, node.a_expr.rexpr.list.items, strict=True):
        bound.CopyFrom(item)
    node.Clear()
    node.bool_expr.boolop = kind
    for sign, bound in zip(signs, bounds, strict=False):
        part = node.bool_expr.args.add()
        part.a_expr.kind = pb.AEXPR_OP
        part.a_expr.name.add().string.sval = sign
        part.a_expr.lexpr.CopyFrom(left)
        part.a_expr.rexpr.CopyFrom(bound)


def _logic(node: Any) -> None:
    from postgast import pg_query_pb2 as pb

    boolean = node.bool_expr
    if boolean.boolop == pb.NOT_EXPR:
        inner = boolean.args[0]
        if inner.WhichOneof("node") == "null_test":
            test = inner.null_test
            test.nulltesttype = pb.IS_NULL if test.nulltesttype == pb.IS_NOT_NULL else pb.IS_NOT_NULL
            _replace(node, inner)
        elif inner.WhichOneof("node") == "a_expr" and inner.a_expr.kind == pb.AEXPR_DISTINCT:
            inner.a_expr.kind = pb.AEXPR_NOT_DISTINCT
            _replace(node, inner)
        return
    if not any(
        item.WhichOneof("node") == "bool_expr" and item.bool_expr.boolop == boolean.boolop for item in boolean.args
    ):
        return
    flat: list[Any] = []
    for item in boolean.args:
        same = item.WhichOneof("node") == "bool_expr" and item.bool_expr.boolop == boolean.boolop
        for part in item.bool_expr.args if same else (item,):
            flat.append(type(node)())
            flat[-1].CopyFrom(part)
    del boolean.args[:]
    boolean.args.extend(flat)


def _now(node: Any) -> None:
    from postgast import pg_query_pb2 as pb

    if node.sqlvalue_function.op == pb.SVFOP_CURRENT_TIMESTAMP:
        node.Clear()
        node.func_call.funcname.add().string.sval = "now"
        node.func_call.funcformat = pb.COERCE_EXPLICIT_CALL


def _function(call: Any) -> None:
    from postgast import pg_query_pb2 as pb

    names = call.funcname
    if call.funcformat == pb.COERCE_SQL_SYNTAX:
        return
    if len(names) == 2 and names[0].string.sval in {"pg_catalog", "public"}:
        del names[0]
    if len(names) != 1:
        return
    if names[0].string.sval == "transaction_timestamp":
        names[0].string.sval = "now"
    elif names[0].string.sval == "timezone" and len(call.args) == 2:
        names.insert(0, type(names[0])())
        names[0].string.sval = "pg_catalog"
        call.funcformat = pb.COERCE_SQL_SYNTAX


def _json(node: Any) -> None:
    """A jsonb literal is printed with a space after commas and colons, whatever was written."""
    text = string_of(node)
    if text is None or len(text) < 3 or text[0] not in "[{" or not ("[" in text or ":" in text):
        return
    try:
        node.a_const.sval.sval = json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return
