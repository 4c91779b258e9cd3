"""ALTER TABLE actions that change the catalog only, and the lock each takes."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import impossible, missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTableOption:
    """SET (fillfactor), SET STATISTICS, OWNER TO, ENABLE TRIGGER, row level security and the like.

    `what` is the action as written; `restricts` says that the running release may see less or be refused.
    """

    table: Name
    what: str
    mode: LockMode
    restricts: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Unknown: the former value is not modelled."""
        return impossible(f"the former setting ({self.what}) of `{self.table}`")

    def effect(self, context: Context) -> Effect:
        """The lock of the action, brief."""
        return replace(
            missing_table(context.schema, self.table),
            locks=locks(self.mode, self.table),
            breaks=(Hazard.NEW_RESTRICTION,) if self.restricts else (),
        )
