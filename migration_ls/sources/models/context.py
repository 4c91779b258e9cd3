"""What all parts of one reading share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Enum
from migration_ls.sources.models.lookup import Lookup
from migration_ls.sources.models.naming import Metadata
from migration_ls.sources.models.values import ClassValue, Env, External, Value
from migration_ls.sources.problem import Problem

if TYPE_CHECKING:
    from migration_ls.sources.models.alike import Alike

AWARE_SINCE = (0, 0, 45)
"""From this release of SQLModel on a bare `datetime` is a timestamp with time zone."""

DEEPEST = 40
MOST_LOOKS = 200_000
"""Far more than a file with a thousand tables takes."""

Base = ClassValue | External


@dataclass(slots=True)
class Context:
    """The reading of one file: looks up names, remembers what classes are, gathers enums and problems."""

    lookup: Lookup
    aware_datetimes: bool
    metadata: Mapping[str, Metadata] = field(default_factory=dict)
    """Settings of `MetaData` that are made outside of classes, by who owns it."""
    alike: "dict[tuple[str, str], Alike | None]" = field(default_factory=dict)
    """Fields that were read, by the path of their file and what stands after their name."""
    enums: dict[Name, Enum] = field(default_factory=dict)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    orders: dict[tuple[str, int], tuple[Base, ...]] = field(default_factory=dict)
    """Method resolution orders by class."""
    bodies: dict[tuple[str, int, ClassValue | None], Env] = field(default_factory=dict)
    """What names mean in the bodies of classes, by class and by the class that is being made."""
    settled: dict[tuple[object, tuple[str, int]], Any] = field(default_factory=dict)
    """What was found out about classes, by what found it out and by class."""
    depth: int = 0
    looks: int = 0
    """How many expressions were looked into; definitions that feed on themselves would go on for ever."""
    doubts: int = 0
    """How often it could not be told which way a function goes."""

    def fresh(self) -> "Context":
        """A reading of another part of the same project: it knows the same and has found nothing yet."""
        return Context(
            lookup=self.lookup.fresh(),
            aware_datetimes=self.aware_datetimes,
            metadata=self.metadata,
            alike=self.alike,
        )

    def may_look(self) -> bool:
        """Whether there is patience left for one more expression."""
        self.looks += 1
        return self.depth <= DEEPEST and self.looks <= MOST_LOOKS

    def report(self, origin: Origin, code: str, message: str, help_: str, *, serious: bool) -> None:
        """Note a problem at a place."""
        problem = Problem(code=code, message=message, help=help_, span=origin.span, serious=serious)
        self.problems.append((origin.path, problem))

    def value(self, value: Value, *names: str) -> Value:
        """The attribute of a value that a chain of names leads to."""
        for name in names:
            value = self.lookup.attribute(value, name)
        return value


_Found = TypeVar("_Found")


def once_for_class(find: Callable[[Context, ClassValue], _Found]) -> Callable[[Context, ClassValue], _Found]:
    """The same function, which looks at a class once in each reading."""

    @wraps(find)
    def found(context: Context, cls: ClassValue) -> _Found:
        key = (find, cls.key)
        if key not in context.settled:
            context.settled[key] = find(context, cls)
        made: _Found = context.settled[key]
        return made

    return found
