"""What every operation can do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect
from migration_ls.schema.schema import Schema

if TYPE_CHECKING:
    from migration_ls.operations.union import Operation


class Grade(StrEnum):
    """How far an inverse brings back what was there."""

    EXACT = "exact"
    LOSES = "loses what was written since"
    IMPOSSIBLE = "not possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inverse:
    """Operations that undo one, in order, and what they cannot bring back (None where the grade is exact)."""

    operations: tuple["Operation", ...]
    grade: Grade = Grade.EXACT
    loss: str | None = None


class OperationLike(Protocol):
    """One kind of change: frozen data.

    `apply` is total: on a schema it does not fit (the table is missing), it returns the schema unchanged, and `effect`
    names the reason in `fails_always`. `inverse` and `effect` are given the schema before the operation.
    """

    def apply(self, schema: Schema) -> Schema:
        """The schema after the operation."""
        ...

    def inverse(self, schema: Schema) -> Inverse:
        """What undoes it, given the schema before it."""
        ...

    def effect(self, context: Context) -> Effect:
        """What PostgreSQL does when it runs."""
        ...
