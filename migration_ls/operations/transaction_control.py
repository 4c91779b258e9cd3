"""BEGIN, COMMIT, ROLLBACK and SAVEPOINT."""

from dataclasses import dataclass
from typing import Literal

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard
from migration_ls.operations.lookup import NOTHING, refused
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionControl:
    """Begin or end a transaction block, or a part of it that can be undone alone (`savepoint`)."""

    kind: Literal["begin", "commit", "rollback", "savepoint", "release", "rollback to"]
    savepoint: str | None = None

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Nothing."""
        return NOTHING

    def effect(self, context: Context) -> Effect:
        """None on any relation; savepoints need a transaction block."""
        if self.kind in {"savepoint", "release", "rollback to"} and context.transaction is None:
            reason = f"`{self.kind.upper()}` needs a transaction block"
            return refused(reason, Hazard.TRANSACTION)
        if self.kind in {"release", "rollback to"} and self.savepoint not in context.savepoints:
            reason = f"there is no savepoint `{self.savepoint}` at this point"
            return refused(reason, Hazard.MISSING)
        return Effect()
