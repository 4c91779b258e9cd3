"""GRANT and REVOKE on tables."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, locks
from migration_ls.operations.lookup import impossible, missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRights:
    """Give or take rights on a table; who has them is not modelled."""

    table: Name
    what: str

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Unknown: the former rights are not modelled."""
        return impossible(f"the former rights on `{self.table}`")

    def effect(self, context: Context) -> Effect:
        """No lock before 18, which looks the name up under ACCESS SHARE: nobody waits."""
        taken = locks(LockMode.ACCESS_SHARE, self.table) if context.postgres >= 18 else ()
        return replace(missing_table(context.schema, self.table), locks=taken)
