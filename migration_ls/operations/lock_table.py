"""LOCK TABLE."""

from dataclasses import dataclass

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, locks
from migration_ls.operations.lookup import NOTHING
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class LockTable:
    """Take a lock by hand."""

    tables: tuple[Name, ...]
    mode: LockMode = LockMode.ACCESS_EXCLUSIVE

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Nothing."""
        return NOTHING

    def effect(self, context: Context) -> Effect:
        """The mode it names, until the transaction ends, on the tables and their partitions."""
        children = tuple(child.name for table in self.tables for child in context.schema.partitions(table))
        return Effect(locks=locks(self.mode, *self.tables, *children))
