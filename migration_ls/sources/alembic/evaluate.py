"""What an expression of a revision file is worth."""

import ast
import textwrap
from collections.abc import Callable
from typing import Any

from migration_ls.sources.alembic.library import BUILT_IN, MOST_ITEMS, method
from migration_ls.sources.alembic.values import (
    UNKNOWN,
    ClassOfFile,
    Construct,
    FinalName,
    Function,
    Names,
    holds_unknown,
    is_dialect,
    iterated,
    truth,
)

_DEEPEST = 8
_MOST_TEXT = 200_000


def evaluate(node: ast.expr | None, names: Names, depth: int = 0) -> Any:
    """The value of an expression: a constant, tuple, list, dict, `Construct`, or `UNKNOWN`."""
    match node:
        case None:
            return None
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return names[name] if name in names else Construct(name)
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return tuple(_spread(items, names, depth))
        case ast.Dict(keys=keys, values=values):
            return _dictionary(keys, values, names, depth)
        case ast.JoinedStr(values=parts):
            texts = [evaluate(part, names, depth) for part in parts]
            return "".join(texts) if all(isinstance(text, str) for text in texts) else UNKNOWN
        case ast.FormattedValue(value=value, format_spec=None, conversion=conversion):
            return _formatted(evaluate(value, names, depth), conversion)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            number = evaluate(operand, names, depth)
            return -number if isinstance(number, int | float) else UNKNOWN
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            known = truth(evaluate(operand, names, depth))
            return UNKNOWN if known is None else not known
        case ast.BinOp():
            return _binary(node, names, depth)
        case ast.BoolOp() | ast.Compare():
            known = _decided(node, names, depth)
            return UNKNOWN if known is None else known
        case ast.IfExp(test=test, body=body, orelse=orelse):
            known = truth(evaluate(test, names, depth))
            return UNKNOWN if known is None else evaluate(body if known else orelse, names, depth)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            return _comprehension(node, names, depth)
        case ast.Lambda():
            return Function(node)
        case ast.Subscript(value=value, slice=index):
            return _subscript(evaluate(value, names, depth), evaluate(index, names, depth))
        case ast.Attribute(value=value, attr=attribute):
            return _attribute(evaluate(value, names, depth), attribute)
        case ast.Call():
            return _call(node, names, depth)
        case _:
            return UNKNOWN


def class_of(node: ast.ClassDef, names: Names) -> ClassOfFile:
    """A class with its plain attributes."""
    attributes: dict[str, Any] = {}
    for item in node.body:
        match item:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                attributes[name] = evaluate(value, {**names, **attributes})
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                attributes[name] = evaluate(value, {**names, **attributes})
            case _:
                pass
    bases = tuple(base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases)
    return ClassOfFile(node.name, bases, attributes)


def given_names(function: ast.FunctionDef | ast.Lambda, call: ast.Call, names: Names, depth: int = 0) -> dict[str, Any]:
    """The names that a function of the file sees when it is called like this."""
    parameters = [item.arg for item in (*function.args.posonlyargs, *function.args.args)]
    given = dict(names)
    defaults = function.args.defaults
    for name, default in zip(parameters[len(parameters) - len(defaults) :], defaults, strict=True):
        given[name] = evaluate(default, names, depth)
    for item, value in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
        given[item.arg] = evaluate(value, names, depth) if value is not None else UNKNOWN
    positional = _spread(call.args, names, depth)
    given |= dict.fromkeys(parameters[: len(parameters) - len(defaults)], UNKNOWN)
    given |= dict(zip(parameters, positional, strict=False))
    if function.args.vararg is not None:
        given[function.args.vararg.arg] = tuple(positional[len(parameters) :])
    keywords = _keywords(call, names, depth)
    if function.args.kwarg is not None:
        known = {*parameters, *(item.arg for item in function.args.kwonlyargs)}
        given[function.args.kwarg.arg] = {key: value for key, value in keywords.items() if key not in known}
    return given | keywords


def bind(target: ast.expr, value: Any, names: dict[str, Any]) -> None:
    """Bind a name, or several to the parts of a value."""
    match target:
        case ast.Name(id=name):
            names[name] = value
        case ast.Tuple(elts=items) | ast.List(elts=items):
            values = value if isinstance(value, tuple) and len(value) == len(items) else (UNKNOWN,) * len(items)
            for item, part in zip(items, values, strict=True):
                bind(item, part, names)
        case ast.Subscript(value=ast.Name(id=name), slice=key):
            before, at = names.get(name), evaluate(key, names)
            names[name] = {**before, at: value} if isinstance(before, dict) and isinstance(at, str | int) else UNKNOWN
        case _:
            pass


def _dictionary(keys: list[ast.expr | None], values: list[ast.expr], names: Names, depth: int) -> Any:
    found: dict[Any, Any] = {}
    for key, value in zip(keys, values, strict=True):
        known = evaluate(value, names, depth)
        if key is None:
            if not isinstance(known, dict):
                return UNKNOWN
            found |= known
            continue
        at = evaluate(key, names, depth)
        found[at if isinstance(at, str | int | None) else str(at)] = known
    return found


def _formatted(value: Any, conversion: int) -> Any:
    if conversion == ord("r"):
        return repr(value) if isinstance(value, str | int | tuple) and not holds_unknown(value) else UNKNOWN
    return str(value) if isinstance(value, str | int | float) else UNKNOWN


def _spread(items: list[ast.expr], names: Names, depth: int) -> list[Any]:
    found: list[Any] = []
    for item in items:
        if isinstance(item, ast.Starred):
            inner = iterated(evaluate(item.value, names, depth))
            found += inner if inner is not None else [UNKNOWN]
        else:
            found.append(evaluate(item, names, depth))
    return found


def _keywords(node: ast.Call, names: Names, depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in node.keywords:
        value = evaluate(item.value, names, depth)
        if item.arg:
            found[item.arg] = value
        elif isinstance(value, dict):
            found |= {str(key): part for key, part in value.items()}
        else:
            found["**"] = UNKNOWN
    return found


def _binary(node: ast.BinOp, names: Names, depth: int) -> Any:
    left, right = evaluate(node.left, names, depth), evaluate(node.right, names, depth)
    match node.op, left, right:
        case ast.Add(), str(), str() if len(left) + len(right) < _MOST_TEXT:
            return left + right
        case ast.Add(), tuple(), tuple() if len(left) + len(right) < MOST_ITEMS:
            return (*left, *right)
        case (ast.Add(), int(), int()):
            return left + right
        case ast.Sub(), int(), int():
            return left - right
        case ast.Mult(), int(), int() if max(abs(left), abs(right)) < _MOST_TEXT:
            return left * right
        case ast.BitOr(), dict(), dict():
            return left | right
        case ast.Mod(), str(), str() | int() | tuple() | dict() if not holds_unknown(right) or isinstance(right, dict):
            try:
                text = left % right
            except (TypeError, ValueError, KeyError, OverflowError, MemoryError):
                return UNKNOWN
            return text if len(text) < _MOST_TEXT and not _shows_unknown(right) else UNKNOWN
        case _:
            return UNKNOWN


def _shows_unknown(value: Any) -> bool:
    return isinstance(value, dict) and any(map(holds_unknown, value.values()))


def _decided(node: ast.BoolOp | ast.Compare, names: Names, depth: int) -> bool | None:
    match node:
        case ast.BoolOp(op=sign, values=values):
            parts = [truth(evaluate(value, names, depth)) for value in values]
            decisive = isinstance(sign, ast.Or)
            if decisive in parts:
                return decisive
            return None if None in parts else not decisive
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return _compared(operator, evaluate(left, names, depth), evaluate(right, names, depth))
        case _:
            return None


def _compared(operator: ast.cmpop, one: Any, other: Any) -> bool | None:
    one = "postgresql" if is_dialect(one) else one
    other = "postgresql" if is_dialect(other) else other
    if holds_unknown(one) or holds_unknown(other):
        return None
    match operator:
        case ast.Eq() | ast.Is():
            return bool(one == other)
        case ast.NotEq() | ast.IsNot():
            return bool(one != other)
        case ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE() if isinstance(one, int) and isinstance(other, int):
            return _ORDERED[type(operator)](one, other)
        case ast.In() if isinstance(other, tuple):
            return one in other
        case ast.NotIn() if isinstance(other, tuple):
            return one not in other
        case _:
            return None


_ORDERED: dict[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.Lt: int.__lt__,
    ast.LtE: int.__le__,
    ast.Gt: int.__gt__,
    ast.GtE: int.__ge__,
}


def _comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp, names: Names, depth: int) -> Any:
    loop = node.generators[0]
    values = iterated(evaluate(loop.iter, names, depth)) if len(node.generators) == 1 else None
    if values is None:
        return UNKNOWN
    found: list[Any] = []
    for value in values[:MOST_ITEMS]:
        inner = dict(names)
        bind(loop.target, value, inner)
        kept = [truth(evaluate(test, inner, depth)) for test in loop.ifs]
        if None in kept:
            return UNKNOWN
        if all(kept):
            found.append(evaluate(node.elt, inner, depth))
    return tuple(found)


def _subscript(value: Any, key: Any) -> Any:
    match value, key:
        case tuple(), int() if -len(value) <= key < len(value):
            return value[key]
        case dict(), str() | int() if key in value:
            return value[key]
        case ClassOfFile(), str() if key in value.attributes:
            return Construct("member", (key, value.attributes[key]))
        case _:
            return UNKNOWN


def _attribute(value: Any, name: str) -> Any:
    match value:
        case ClassOfFile(attributes=attributes) if name in attributes:
            return Construct("member", (name, attributes[name])) if value.is_enum else attributes[name]
        case Construct(name="member", arguments=(key, item)) if name in {"name", "value"}:
            return key if name == "name" else item
        case _:
            return Construct(name, owner=value)


def _call(node: ast.Call, names: Names, depth: int) -> Any:
    function = evaluate(node.func, names, depth)
    arguments = tuple(_spread(node.args, names, depth))
    keywords = _keywords(node, names, depth)
    match function:
        case Function(node=definition):
            return _returned(definition, node, names, depth)
        case Construct(name="f", owner=Construct(name="op" | "batch_op")) if arguments:
            return FinalName(arguments[0]) if isinstance(arguments[0], str) else arguments[0]
        case Construct(name="dedent" | "cleandoc") if arguments and isinstance(arguments[0], str):
            return textwrap.dedent(arguments[0])
        case Construct(name="copy" | "_copy", owner=Construct() as owner) if not arguments:
            return owner
        case Construct(name="enumerate", owner=None) if "start" in keywords:
            return BUILT_IN["enumerate"]((*arguments, keywords["start"]))
        case Construct(name=name, owner=None) if name in BUILT_IN and not keywords:
            return BUILT_IN[name](arguments)
        case Construct(name=name, owner=owner) if isinstance(owner, str | tuple | dict):
            return method(name, owner, arguments, keywords)
        case Construct(name=name, owner=owner):
            return Construct(name, arguments, keywords, owner)
        case ClassOfFile(name=name):
            return Construct(name, arguments, keywords, owner=function)
        case _:
            return UNKNOWN


def _returned(definition: ast.FunctionDef | ast.Lambda, call: ast.Call, names: Names, depth: int) -> Any:
    """What a function of the file returns: that of its first `return`, after plain assignments."""
    if depth >= _DEEPEST:
        return UNKNOWN
    given = given_names(definition, call, names, depth + 1)
    if isinstance(definition, ast.Lambda):
        return evaluate(definition.body, given, depth + 1)
    return _result(definition.body, given, depth + 1)


def _result(body: list[ast.stmt], names: dict[str, Any], depth: int) -> Any:
    for statement in body:
        match statement:
            case ast.Return(value=value):
                return evaluate(value, names, depth)
            case ast.Assign(targets=[target], value=value):
                bind(target, evaluate(value, names, depth), names)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                bind(target, evaluate(value, names, depth), names)
            case ast.If(test=test, body=inner, orelse=orelse):
                known = truth(evaluate(test, names, depth))
                branch = inner if known else orelse
                if known is None:
                    return UNKNOWN
                if any(isinstance(item, ast.Return) for item in branch):
                    return _result(branch, names, depth)
                _result(branch, names, depth)
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case _:
                return UNKNOWN
    return None
