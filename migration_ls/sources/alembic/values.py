"""What expressions of a revision file are worth: literals, names bound to them, and calls as data."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only running the file would tell."""


UNKNOWN: Final = Unknown()


class FinalName(str):
    """What `op.f(...)` gives: a name that no naming convention changes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Construct:
    """A call or a name of a library, by its last name: `Column("id", Integer())`; `owner` is what it was called on."""

    name: str
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    owner: Any = None

    def argument(self, position: int, keyword: str, default: Any = None) -> Any:
        """An argument by place or name."""
        if position < len(self.arguments):
            return self.arguments[position]
        return self.keywords.get(keyword, default)

    def text(self, position: int, keyword: str) -> str | None:
        """An argument when it is a string."""
        value = self.argument(position, keyword)
        return value if isinstance(value, str) else None


Names = Mapping[str, Any]


def evaluate(node: ast.expr | None, names: Names) -> Any:
    """The value of an expression: a constant, tuple, list, dict, `Construct`, or `UNKNOWN`."""
    match node:
        case None:
            return None
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return names[name] if name in names else Construct(name)
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return tuple(_spread(items, names))
        case ast.Dict(keys=keys, values=values):
            return {
                str(evaluate(key, names)): evaluate(value, names)
                for key, value in zip(keys, values, strict=True)
                if key is not None
            }
        case ast.JoinedStr(values=parts):
            texts = [evaluate(part, names) for part in parts]
            return "".join(texts) if all(isinstance(text, str) for text in texts) else UNKNOWN
        case ast.FormattedValue(value=value, format_spec=None):
            known = evaluate(value, names)
            return str(known) if isinstance(known, str | int) else UNKNOWN
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            number = evaluate(operand, names)
            return -number if isinstance(number, int | float) else UNKNOWN
        case ast.BinOp():
            return _binary(node, names)
        case ast.Subscript(value=value, slice=index):
            return _subscript(evaluate(value, names), evaluate(index, names))
        case ast.Attribute(value=value, attr=attribute):
            return Construct(attribute, owner=evaluate(value, names))
        case ast.Call():
            return _call(node, names)
        case _:
            return UNKNOWN


def _spread(items: list[ast.expr], names: Names) -> list[Any]:
    found: list[Any] = []
    for item in items:
        if isinstance(item, ast.Starred):
            inner = evaluate(item.value, names)
            found += inner if isinstance(inner, tuple) else [UNKNOWN]
        else:
            found.append(evaluate(item, names))
    return found


def _binary(node: ast.BinOp, names: Names) -> Any:
    left, right = evaluate(node.left, names), evaluate(node.right, names)
    match node.op, left, right:
        case ast.Add(), str(), str():
            return left + right
        case ast.Add(), tuple(), tuple():
            return (*left, *right)
        case ast.Add(), int(), int():
            return left + right
        case ast.Mod(), str(), str() | int() | tuple():
            try:
                return left % right
            except (TypeError, ValueError):
                return UNKNOWN
        case _:
            return UNKNOWN


def _subscript(value: Any, key: Any) -> Any:
    match value, key:
        case tuple(), int() if -len(value) <= key < len(value):
            return value[key]
        case dict(), str() if key in value:
            return value[key]
        case _:
            return UNKNOWN


def _call(node: ast.Call, names: Names) -> Any:
    function = evaluate(node.func, names)
    arguments = tuple(_spread(node.args, names))
    keywords = {item.arg: evaluate(item.value, names) for item in node.keywords if item.arg}
    match function:
        case Construct(name="f", owner=Construct(name="op" | "batch_op")) if arguments:
            return FinalName(arguments[0]) if isinstance(arguments[0], str) else arguments[0]
        case Construct(name="format", owner=str() as text):
            try:
                return text.format(*arguments, **keywords)
            except (IndexError, KeyError, ValueError, AttributeError):
                return UNKNOWN
        case Construct(name="strip" | "lower" | "upper" as method, owner=str() as text) if not arguments:
            return str(getattr(text, method)())
        case Construct(name="dedent") if arguments:
            return arguments[0]
        case Construct(name=name, owner=owner):
            return Construct(name, arguments, keywords, owner)
        case _:
            return UNKNOWN
