"""Values of a revision file: literals, calls of libraries as data, and what only a run would tell."""

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


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the file; what it returns is worked out where it is called."""

    node: ast.FunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True)
class ClassOfFile:
    """A class of the file: its attributes in order (the members of an enumeration), and the names of its bases."""

    name: str
    bases: tuple[str, ...]
    attributes: Mapping[str, Any]

    @property
    def is_enum(self) -> bool:
        """Whether its attributes are members of an enumeration."""
        return any(base in {"Enum", "StrEnum", "IntEnum", "Flag"} for base in self.bases)


Names = Mapping[str, Any]


def truth(value: Any) -> bool | None:
    """Whether a value counts as true; None where that is not known."""
    if isinstance(value, Unknown | Construct | Function | ClassOfFile):
        return None
    return bool(value)


def is_dialect(value: Any) -> bool:
    """Whether it is the name of the database's dialect."""
    match value:
        case Construct(name="name", owner=Construct(name="dialect")) | Construct(name="dialect_name"):
            return True
        case _:
            return False


def iterated(value: Any) -> tuple[Any, ...] | None:
    """What a loop over a value goes through; None where that is not known."""
    match value:
        case tuple():
            return value
        case dict():
            return tuple(value)
        case ClassOfFile(attributes=attributes) if value.is_enum:
            return tuple(Construct("member", (key, item)) for key, item in attributes.items())
        case _:
            return None


def holds_unknown(value: Any) -> bool:
    """Whether anything in it is not known, or is no text or number."""
    if isinstance(value, tuple):
        return any(map(holds_unknown, value))
    return not isinstance(value, str | int | float | None)
