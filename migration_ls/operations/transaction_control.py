"""BEGIN, COMMIT, ROLLBACK and SAVEPOINT."""

from dataclasses import dataclass
from typing import Literal

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect
from migration_ls.operations.lookup import NOTHING
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionControl:
    """Begin or end a transaction block."""

    kind: Literal["begin", "commit", "rollback", "savepoint"]

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Nothing."""
        return NOTHING

    def effect(self, context: Context) -> Effect:  # noqa: ARG002
        """None on any relation."""
        return Effect()
