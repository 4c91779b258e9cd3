"""Statements that touch no relation and change nothing that is modelled."""

from dataclasses import dataclass

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect
from migration_ls.operations.lookup import NOTHING
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Inert:
    """CREATE EXTENSION, GRANT on a role, SELECT of settings and the like; `what` is its text."""

    what: str
    transaction_forbidden: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Nothing."""
        return NOTHING

    def effect(self, context: Context) -> Effect:  # noqa: ARG002
        """No lock on any relation."""
        return Effect(transaction_forbidden=self.transaction_forbidden)
