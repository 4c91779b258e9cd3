"""What a reader returns: what it understood, and problems."""

from dataclasses import dataclass, field

from migration_ls.schema.request import Request
from migration_ls.schema.schema import Schema
from migration_ls.sources.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaReading:
    """A schema as one source tells it, and problems by the path of the file they stand in."""

    schema: Schema = field(default_factory=Schema)
    problems: tuple[tuple[str, Problem], ...] = ()
    notes: tuple[str, ...] = ()
    """What was assumed, for people: which version of SQLModel, which naming convention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReading:
    """What one document asks for, and problems in it."""

    requests: tuple[Request, ...] = ()
    problems: tuple[Problem, ...] = ()
