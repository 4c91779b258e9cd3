"""What methods of texts, tuples and dictionaries give, and Python's own functions."""

from collections.abc import Callable
from typing import Any

from migration_ls.sources.alembic.values import UNKNOWN, Construct, Names, holds_unknown, iterated

MOST_ITEMS = 2_000


def method(name: str, owner: str | tuple[Any, ...] | dict[Any, Any], given: tuple[Any, ...], words: Names) -> Any:
    """What a method of a known value gives; a `Construct` where the method is not known."""
    match name, owner:
        case "format", str():
            if holds_unknown(given) or any(map(holds_unknown, words.values())):
                return UNKNOWN
            try:
                return owner.format(*given, **words)
            except (IndexError, KeyError, ValueError, AttributeError, TypeError, OverflowError, MemoryError):
                return UNKNOWN
        case "strip" | "lower" | "upper" | "title" | "capitalize", str() if not given:
            return str(getattr(owner, name)())
        case "replace", str() if len(given) == 2 and all(isinstance(item, str) for item in given):
            return owner.replace(given[0], given[1])
        case "removeprefix" | "removesuffix", str() if len(given) == 1 and isinstance(given[0], str):
            return str(getattr(owner, name)(given[0]))
        case "split", str() if len(given) <= 1 and all(isinstance(item, str) and item for item in given):
            return tuple(owner.split(*given))
        case "join", str() if len(given) == 1:
            parts = iterated(given[0])
            return owner.join(parts) if parts is not None and all(isinstance(part, str) for part in parts) else UNKNOWN
        case "items", dict():
            return tuple(owner.items())
        case "values", dict():
            return tuple(owner.values())
        case "keys", dict():
            return tuple(owner)
        case "get", dict() if given and isinstance(given[0], str | int):
            return owner.get(given[0], given[1] if len(given) > 1 else None)
        case _:
            return Construct(name, given, dict(words), owner)


def _items(given: tuple[Any, ...]) -> tuple[Any, ...] | None:
    return iterated(given[0]) if len(given) == 1 else None


def _sorted(given: tuple[Any, ...]) -> Any:
    items = _items(given)
    return tuple(sorted(items)) if items is not None and all(isinstance(item, str) for item in items) else UNKNOWN


def _plain(given: tuple[Any, ...]) -> Any:
    if not given:
        return ()
    items = _items(given)
    return items if items is not None else UNKNOWN


def _reversed(given: tuple[Any, ...]) -> Any:
    items = _items(given)
    return tuple(reversed(items)) if items is not None else UNKNOWN


def _enumerate(given: tuple[Any, ...]) -> Any:
    items = _items(given[:1])
    first = given[1] if len(given) > 1 else 0
    return tuple(enumerate(items, first)) if items is not None and isinstance(first, int) else UNKNOWN


def _zip(given: tuple[Any, ...]) -> Any:
    parts = [iterated(item) for item in given]
    known = [part for part in parts if part is not None]
    return tuple(zip(*known, strict=False)) if len(known) == len(parts) else UNKNOWN


def _range(given: tuple[Any, ...]) -> Any:
    if not given or len(given) > 3 or not all(isinstance(item, int) for item in given) or given[2:] == (0,):
        return UNKNOWN
    numbers = range(*given)
    return tuple(numbers) if len(numbers) <= MOST_ITEMS else UNKNOWN


def _text(given: tuple[Any, ...]) -> Any:
    return str(given[0]) if len(given) == 1 and isinstance(given[0], str | int) else UNKNOWN


def _len(given: tuple[Any, ...]) -> Any:
    return len(given[0]) if len(given) == 1 and isinstance(given[0], str | tuple | dict) else UNKNOWN


BUILT_IN: dict[str, Callable[[tuple[Any, ...]], Any]] = {
    "sorted": _sorted,
    "list": _plain,
    "tuple": _plain,
    "set": _plain,
    "frozenset": _plain,
    "reversed": _reversed,
    "enumerate": _enumerate,
    "zip": _zip,
    "range": _range,
    "str": _text,
    "len": _len,
}
