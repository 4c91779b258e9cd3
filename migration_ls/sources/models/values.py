"""What names mean: the values that looking up gives, short of running the user's code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from migration_ls.schema.origin import Origin
from migration_ls.sources.models.analyse import Module
from migration_ls.sources.models.facts import Assignment, Class, Function
from migration_ls.sources.models.terms import Scalar, Term


@dataclass(frozen=True, slots=True, eq=False)
class Env:
    """Where a term stands: its file, the offset of its chunk, and names bound more closely than the file's."""

    module: Module
    offset: int
    names: "Mapping[str, Value]" = field(default_factory=dict)

    def origin(self, place: "Term | Class | Function | Assignment | tuple[int, int]") -> Origin:
        """The place of a term or fact in its file."""
        start, end = place[:2] if isinstance(place, tuple) else (place.start, place.end)
        return self.module.origin(self.offset + start, self.offset + end)


@dataclass(frozen=True, slots=True)
class External:
    """Something of an installed module: `sqlalchemy` and `Column`; without attributes the module itself."""

    module: str
    attributes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The last name: `Column`."""
        return self.attributes[-1] if self.attributes else self.module

    @property
    def root(self) -> str:
        """The package: `sqlalchemy`."""
        return self.module.partition(".")[0]

    @property
    def path(self) -> str:
        """The names after the module: `datetime.utcnow` of the module `datetime`."""
        return ".".join(self.attributes)


@dataclass(frozen=True, slots=True)
class ModuleValue:
    """A file of the project."""

    module: Module


@dataclass(frozen=True, slots=True, eq=False)
class ClassValue:
    """A class of the project; equal by where it stands."""

    facts: Class
    env: Env

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClassValue) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def name(self) -> str:
        """The class's name."""
        return self.facts.name

    @property
    def key(self) -> tuple[str, int]:
        """What tells classes apart."""
        return self.env.module.path, self.env.offset + self.facts.start

    @property
    def origin(self) -> Origin:
        """The place of the name in the class statement."""
        return self.env.origin(self.facts)


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A function of the project."""

    facts: Function
    env: Env


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a function with branches or loops returns; only following its steps tells."""

    facts: Function
    env: Env


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """An object of which some attributes are known."""

    attributes: "Mapping[str, Value]"


@dataclass(frozen=True, slots=True)
class Node:
    """An expression that is no plain name; its parts have not been looked up."""

    term: Term
    env: Env


@dataclass(frozen=True, slots=True)
class Member:
    """An attribute of a class of the project, or of anything that is not looked into."""

    owner: "Value"
    name: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A value of Python's own that is known."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that nothing explains."""

    name: str


Value: TypeAlias = (
    External | ModuleValue | ClassValue | FunctionValue | Outcome | Instance | Node | Member | Plain | Unknown
)
