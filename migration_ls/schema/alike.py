"""Whether two values are the same to the last detail, also in what takes no part in equality."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from migration_ls.schema.lookups import Tables
from migration_ls.schema.maps import SharedSet


def alike(one: object, other: object) -> bool:
    """Whether nobody can tell the values apart: places and comments count, and so does the order of maps.

    What the two share costs nothing.
    """
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    if isinstance(one, Tables) and isinstance(other, Tables):
        return len(one) == len(other) and all(alike(*pair) for pair in one.differences(other))
    if isinstance(one, SharedSet) and isinstance(other, SharedSet):
        return one.is_like(other)
    if is_dataclass(one):
        return all(alike(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(alike(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return alike(tuple(one.items()), tuple(other.items()))
    return one == other
