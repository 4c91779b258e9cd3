"""Whether two values are the same to the last detail, also in what takes no part in equality."""

from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, cast

from migration_ls.schema.lookups import Tables
from migration_ls.schema.maps import SharedSet

_PLAIN = frozenset({str, int, bool, type(None)})


def alike(one: object, other: object) -> bool:
    """Whether nobody can tell the values apart: places and comments count, and so does the order of maps.

    What the two share costs nothing.
    """
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    if kind in _PLAIN:
        return one == other
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(
            mine is its or alike(mine, its) for mine, its in zip(one, other, strict=True)
        )
    if isinstance(one, Tables) and isinstance(other, Tables):
        return len(one) == len(other) and all(alike(*pair) for pair in one.differences(other))
    if isinstance(one, SharedSet) and isinstance(other, SharedSet):
        return one.is_like(other)
    if is_dataclass(one):
        return all(alike(getattr(one, name), getattr(other, name)) for name in _names(cast("Hashable", kind)))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return alike(tuple(one.items()), tuple(other.items()))
    return one == other


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
