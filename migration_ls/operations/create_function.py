"""CREATE FUNCTION and CREATE PROCEDURE."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_function import DropFunction
from migration_ls.operations.effect import Effect
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateFunction:
    """Make or replace a function; `signature` as DROP FUNCTION takes it. Its body is not run."""

    signature: str
    volatility: str = "volatile"
    name: str = ""
    language: str = ""
    body: str | None = None

    def apply(self, schema: Schema) -> Schema:
        """The schema with the function."""
        return replace(schema, functions=schema.functions | {self.signature})

    def inverse(self, schema: Schema) -> Inverse:
        """DROP FUNCTION; one that was replaced stays."""
        if self.signature in schema.functions:
            return Inverse(operations=())
        return Inverse(operations=(DropFunction(signature=self.signature),))

    def effect(self, context: Context) -> Effect:  # noqa: ARG002
        """No lock on any relation."""
        return Effect()
