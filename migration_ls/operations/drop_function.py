"""DROP FUNCTION and DROP PROCEDURE."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect
from migration_ls.operations.lookup import NOTHING
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class DropFunction:
    """Drop a function; `signature` as DROP FUNCTION takes it."""

    signature: str
    if_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema without the function."""
        return replace(schema, functions=schema.functions - {self.signature})

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Nothing: what the function did is not known here."""
        return NOTHING

    def effect(self, context: Context) -> Effect:  # noqa: ARG002
        """No lock on any relation."""
        return Effect()
