"""LOCK TABLE."""

from dataclasses import dataclass

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import NOTHING, missing_table, wrong_kind
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import expanded
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import RelationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LockTable:
    """Take a lock by hand."""

    tables: tuple[Name, ...]
    mode: LockMode = LockMode.ACCESS_EXCLUSIVE
    only: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Nothing."""
        return NOTHING

    def effect(self, context: Context) -> Effect:
        """The mode it names, until the transaction ends, on the tables, their partitions, and what a view reads."""
        schema = context.schema
        if context.transaction is None:
            reason = "`LOCK TABLE` needs a transaction block"
            return Effect(locks=locks(self.mode, *self.tables), fails_always=(Hazard.TRANSACTION,), reason=reason)
        names = self.tables if self.only else expanded(schema, self.tables)
        parts = [missing_table(schema, name) for name in self.tables]
        parts += [
            wrong_kind(schema, name, "table or view")
            for name in self.tables
            if schema.kind(name) in {RelationKind.MATERIALIZED_VIEW, RelationKind.SEQUENCE, RelationKind.FOREIGN}
        ]
        return union([*parts, Effect(locks=locks(self.mode, *names))])
