"""Copies of frozen values with some fields changed, for the places that make thousands of them per keystroke."""

from collections.abc import Callable, Hashable
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, cast

_Value = TypeVar("_Value")
_Slot = tuple[str, Callable[[object], Any], Callable[[object, Any], None]]


def changed(value: _Value, **changes: object) -> _Value:
    """What `dataclasses.replace` gives for a frozen dataclass with slots, in a quarter of the time.

    `__init__` and `__post_init__` are not run: the changes have to be what they would leave behind.
    """
    made: _Value = object.__new__(type(value))
    for name, get, put in _slots(cast("Hashable", type(value))):
        put(made, changes[name] if name in changes else get(value))
    return made


@cache
def _slots(kind: Any) -> tuple[_Slot, ...]:
    slots = ((field.name, kind.__dict__[field.name]) for field in fields(kind))
    return tuple((name, slot.__get__, slot.__set__) for name, slot in slots)
