"""What writes a table anew: CLUSTER, VACUUM FULL, SET LOGGED, SET TABLESPACE, SET ACCESS METHOD."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, locks
from migration_ls.operations.lookup import NOTHING, missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteTable:
    """Write tables anew; `what` says how, `tables` is empty for all of them."""

    what: str
    tables: tuple[Name, ...]
    transaction_forbidden: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Nothing."""
        return NOTHING

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE, a new heap and new indexes."""
        names = self.tables or tuple(context.schema.tables)
        missing = missing_table(context.schema, self.tables[0]) if self.tables else Effect()
        return replace(
            missing,
            locks=locks(LockMode.ACCESS_EXCLUSIVE, *names),
            rewrites=names,
            transaction_forbidden=self.transaction_forbidden,
        )
