"""What is known about the schema: what production has, what is on its way, and what people ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from migration_ls.schema.request import Request
from migration_ls.schema.schema import Schema
from migration_ls.sources.reading import SchemaReading


class RequestState(StrEnum):
    """How far a request has come."""

    OPEN = "open"
    PLANNED = "planned"
    """A pending migration does it."""
    DONE = "done"
    """The base has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request and how far it has come."""

    request: Request
    state: RequestState


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """The schemas of one snapshot.

    `base` is what production has, `base_source` says from where that is known. `current` is the base and the pending
    migrations. `wanted` is the current schema with every open request. `pending` are the pending migrations' paths.
    `models` and `document` are what those sources say.
    """

    base: Schema
    base_source: str
    current: Schema
    wanted: Schema
    asked: tuple[Asked, ...] = ()
    pending: tuple[str, ...] = ()
    models: SchemaReading = field(default_factory=SchemaReading)
    document: SchemaReading = field(default_factory=SchemaReading)
    sqlmodel_version: tuple[int, ...] | None = None
    sqlmodel_source: str | None = None
    before: Mapping[str, Schema] = field(default_factory=dict)
    """The schema before each migration file, by path."""

    def open_in(self, path: str) -> tuple[Request, ...]:
        """The open requests that a file asks for."""
        return tuple(
            asked.request
            for asked in self.asked
            if asked.state is RequestState.OPEN and asked.request.origin.path == path
        )
