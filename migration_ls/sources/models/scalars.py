"""Operators and methods of Python's strings and numbers, for values that are known."""

import re
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Final

from migration_ls.sources.models.terms import Scalar

_LONGEST = 10_000
"""Strings that would grow longer are not made."""
_METHODS = frozenset(
    "lower upper title capitalize strip lstrip rstrip replace removeprefix removesuffix casefold swapcase format zfill "
    "startswith endswith isupper islower isdigit isalpha isalnum isidentifier isspace isnumeric find count".split()
)
_LISTS = frozenset({"split", "rsplit", "splitlines", "partition", "rpartition"})
_COMPARISONS: dict[str, Callable[[Scalar, Scalar], bool]] = {
    "Eq": lambda left, right: left == right,
    "NotEq": lambda left, right: left != right,
    "Is": lambda left, right: left is right or (left == right and type(left) is type(right)),
    "IsNot": lambda left, right: not (left is right or (left == right and type(left) is type(right))),
    "In": lambda left, right: isinstance(left, str) and isinstance(right, str) and left in right,
    "NotIn": lambda left, right: not (isinstance(left, str) and isinstance(right, str) and left in right),
}
_ORDERS: dict[str, Callable[[float, float], bool]] = {
    "Lt": lambda left, right: left < right,
    "LtE": lambda left, right: left <= right,
    "Gt": lambda left, right: left > right,
    "GtE": lambda left, right: left >= right,
}


class Nothing(Enum):
    """What is given when a value cannot be told."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Nothing.UNKNOWN


def operated(operator: str, left: Scalar, right: Scalar) -> Scalar | Nothing:
    """What an operator of Python's makes of two values."""
    match operator, left, right:
        case "And", _, _:
            return right if left else left
        case "Or", _, _:
            return left or right
        case "Add", str(), str():
            return left + right if len(left) + len(right) <= _LONGEST else UNKNOWN
        case "Mod", str(), _:
            return _or_unknown(lambda: left % right)
        case "Mult", str(), int():
            return left * right if len(left) * right <= _LONGEST else UNKNOWN
        case _, int() | float(), int() | float() if operator in _NUMBERS:
            return _or_unknown(lambda: _NUMBERS[operator](left, right))
        case _, int() | float(), int() | float() if operator in _ORDERS:
            return _ORDERS[operator](left, right)
        case _ if operator in _COMPARISONS:
            return _COMPARISONS[operator](left, right)
        case _:
            return UNKNOWN


_NUMBERS: dict[str, Callable[[float, float], float]] = {
    "Add": lambda left, right: left + right,
    "Sub": lambda left, right: left - right,
    "Mult": lambda left, right: left * right,
    "Div": lambda left, right: left / right,
    "FloorDiv": lambda left, right: left // right,
    "Mod": lambda left, right: left % right,
}


def of_string(text: str, method: str, given: Sequence[Scalar], named: dict[str, Scalar]) -> Scalar | Nothing:
    """What a method of a string returns; what is no string, number or truth value is not told."""
    if method not in _METHODS or any(isinstance(item, str) and len(item) > _LONGEST for item in given):
        return UNKNOWN
    if method == "zfill" and given and isinstance(given[0], int) and given[0] > _LONGEST:
        return UNKNOWN
    if method == "format" and re.search(r"[^{}]*:[^{}]*\d{4}|\{[^{}]*[.\[]", text):
        return UNKNOWN
    return _or_unknown(lambda: getattr(text, method)(*given, **named))


def parts_of(text: str, method: str, given: Sequence[Scalar]) -> tuple[str, ...] | None:
    """The list that a method of a string returns; None for other methods."""
    if method not in _LISTS:
        return None
    try:
        return tuple(getattr(text, method)(*given))
    except (TypeError, ValueError):
        return None


def sliced(text: str, bounds: Sequence[Scalar | Nothing]) -> str | Nothing:
    """`text[lower:upper:step]`."""
    if any(bound is not None and not isinstance(bound, int) for bound in bounds):
        return UNKNOWN
    lower, upper, step = (bound if isinstance(bound, int) else None for bound in bounds)
    return text[slice(lower, upper, step)] if step != 0 else UNKNOWN


def substituted(pattern: str, replacement: str, text: str) -> str | Nothing:
    """`re.sub`."""
    try:
        return re.sub(pattern, replacement, text)
    except (re.error, RecursionError, IndexError):
        return UNKNOWN


def matches(function: str, pattern: str, text: str) -> tuple[str, ...] | None:
    """What `re.findall` and `re.split` give, where that is strings."""
    try:
        found = re.findall(pattern, text) if function == "findall" else re.split(pattern, text)
    except (re.error, RecursionError):
        return None
    return tuple(found) if all(isinstance(item, str) for item in found) else None


def _or_unknown(make: Callable[[], object]) -> Scalar | Nothing:
    try:
        made = make()
    except (TypeError, ValueError, ArithmeticError, KeyError, IndexError, AttributeError):
        return UNKNOWN
    return made if made is None or isinstance(made, str | int | float | bool) else UNKNOWN
