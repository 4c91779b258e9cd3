"""What a file says, statement by statement, before names are looked up.

Offsets count from the start of the chunk (a top-level statement) that a fact stands in, so that a chunk's facts stay
true when it moves.
"""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from migration_ls.sources.models.terms import Call, Keyword, Term


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name: annotation = value`, or one of the two parts."""

    name: str
    annotation: Term | None
    value: Term | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Import:
    """A name that an import binds: to a module, or to `attribute` of it. `level` counts leading dots."""

    name: str
    module: str
    level: int
    attribute: str | None


@dataclass(frozen=True, slots=True)
class StarImport:
    """`from module import *`."""

    module: str
    level: int


@dataclass(frozen=True, slots=True)
class Function:
    """A function: its steps, and all that it may return, in the order of the text.

    `parameters` are those with a name, of which `positional` may be given by position; `rest` and `options` are the
    names of `*args` and `**kwargs`.
    """

    name: str
    decorators: tuple[Term, ...]
    parameters: tuple[str, ...]
    positional: int
    rest: str | None
    options: str | None
    defaults: tuple[tuple[str, Term], ...]
    steps: "tuple[Step, ...]"
    returns: tuple[Term, ...]
    annotation: Term | None
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Class:
    """A class statement; the offsets are its name's. Only itself is equal to it: what is known of it is kept by it."""

    name: str
    decorators: tuple[Term, ...]
    bases: tuple[Term, ...]
    keywords: tuple[Keyword, ...]
    body: "tuple[Statement, ...]"
    start: int
    end: int
    kept: dict[str, Any] = field(default_factory=dict, repr=False)
    """What was found out about it, by the path of its file; it goes with the class."""

    def keyword(self, name: str) -> Term | None:
        """The value of a keyword of the class statement."""
        return next((item.value for item in self.keywords if item.name == name), None)


@dataclass(frozen=True, slots=True)
class Setting:
    """An assignment to an attribute: `SQLModel.metadata.naming_convention = value`."""

    target: tuple[str, ...]
    value: Term


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call that stands alone as a statement."""

    call: Call


@dataclass(frozen=True, slots=True)
class Branch:
    """`if` in a function."""

    test: Term
    yes: "tuple[Step, ...]"
    no: "tuple[Step, ...]"


@dataclass(frozen=True, slots=True)
class Loop:
    """`for` in a function; without a source a loop or block whose passes cannot be counted."""

    targets: tuple[str, ...]
    source: Term | None
    body: "tuple[Step, ...]"


@dataclass(frozen=True, slots=True)
class Return:
    """`return` in a function."""

    value: Term | None


Step: TypeAlias = Assignment | Setting | Invocation | Branch | Loop | Return
"""What a function does; changes of lists and dictionaries are assignments of new ones."""

Statement: TypeAlias = Assignment | Import | StarImport | Function | Class | Setting | Invocation


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a file and where it starts."""

    offset: int
    statements: tuple[Statement, ...]
