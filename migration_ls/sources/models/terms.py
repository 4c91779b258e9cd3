"""Python expressions without their syntax trees: small values that can be kept by the thousand.

Offsets count code points from the start of the chunk of source that the term stands in. Tuples, as they are made
for every word of a file.
"""

from types import EllipsisType
from typing import Literal, NamedTuple, TypeAlias

Scalar: TypeAlias = str | int | float | complex | bool | bytes | EllipsisType | None


class Ref(NamedTuple):
    """A name, or a chain of attributes that begins with one: `sa.Column`."""

    start: int
    end: int
    names: tuple[str, ...]


class Const(NamedTuple):
    """A literal."""

    start: int
    end: int
    value: Scalar


class Keyword(NamedTuple):
    """A keyword argument; without a name it is `**value`."""

    start: int
    end: int
    name: str | None
    value: "Term"


class Call(NamedTuple):
    """A call."""

    start: int
    end: int
    function: "Term"
    arguments: "tuple[Term, ...]"
    keywords: tuple[Keyword, ...]

    def keyword(self, name: str) -> Keyword | None:
        """The keyword argument of that name."""
        for keyword in self.keywords:
            if keyword.name == name:
                return keyword
        return None


class Items(NamedTuple):
    """A tuple, list or set display."""

    start: int
    end: int
    kind: Literal["tuple", "list", "set"]
    items: "tuple[Term, ...]"


class Pairs(NamedTuple):
    """A dictionary display; a pair without a key is `**value`."""

    start: int
    end: int
    pairs: "tuple[tuple[Term | None, Term], ...]"


class Subscript(NamedTuple):
    """`base[key]`."""

    start: int
    end: int
    base: "Term"
    key: "Term"


class Attribute(NamedTuple):
    """An attribute of something that is no chain of names: `f().x`."""

    start: int
    end: int
    base: "Term"
    name: str


class Binary(NamedTuple):
    """Two operands and the name of the operator's class in Python's grammar (`Add`, `BitOr`, `Eq`)."""

    start: int
    end: int
    operator: str
    left: "Term"
    right: "Term"


class Unary(NamedTuple):
    """One operand and the name of the operator's class (`USub`, `Invert`, `Not`)."""

    start: int
    end: int
    operator: str
    operand: "Term"


class Joined(NamedTuple):
    """An f-string's parts; only plain ones are kept as they are."""

    start: int
    end: int
    parts: "tuple[Term, ...]"


class Starred(NamedTuple):
    """`*value` in a display or a call."""

    start: int
    end: int
    value: "Term"


class Lambda(NamedTuple):
    """A lambda."""

    start: int
    end: int
    parameters: tuple[str, ...]
    body: "Term"


class Comprehension(NamedTuple):
    """A list, set or generator comprehension over one source."""

    start: int
    end: int
    element: "Term"
    targets: tuple[str, ...]
    source: "Term"
    conditions: "tuple[Term, ...]"


class Slice(NamedTuple):
    """`lower:upper:step` between the brackets of a subscript."""

    start: int
    end: int
    lower: "Term | None"
    upper: "Term | None"
    step: "Term | None"


class Conditional(NamedTuple):
    """`yes if test else no`."""

    start: int
    end: int
    yes: "Term"
    no: "Term"
    test: "Term"


class Other(NamedTuple):
    """Anything else."""

    start: int
    end: int


Term: TypeAlias = (
    Ref
    | Const
    | Call
    | Items
    | Pairs
    | Subscript
    | Attribute
    | Binary
    | Unary
    | Joined
    | Starred
    | Lambda
    | Comprehension
    | Conditional
    | Slice
    | Other
)
