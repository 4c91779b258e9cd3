"""CREATE FUNCTION and CREATE PROCEDURE."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_function import DropFunction
from migration_ls.operations.effect import Effect, locks, union
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import expanded
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateFunction:
    """Make or replace a function; `signature` as DROP FUNCTION takes it. Its body is not run."""

    signature: str
    volatility: str = "volatile"
    name: str = ""
    language: str = ""
    body: str | None = None
    reads: tuple[Name, ...] = ()
    writes: tuple[Name, ...] = ()
    """The relations in a body of SQL, which is checked when the function is made."""

    def apply(self, schema: Schema) -> Schema:
        """The schema with the function."""
        return replace(schema, functions=schema.functions | {self.signature})

    def inverse(self, schema: Schema) -> Inverse:
        """DROP FUNCTION; one that was replaced stays."""
        if self.signature in schema.functions:
            return Inverse(operations=())
        return Inverse(operations=(DropFunction(signature=self.signature),))

    def effect(self, context: Context) -> Effect:
        """The locks of queries that are planned, on what a body of SQL names; no lock for other languages.

        What is not there is no error here: `check_function_bodies` may be off, as in every dump.
        """
        schema = context.schema
        read = expanded(schema, (name for name in self.reads if schema.kind(name) is not None))
        written = (name for name in self.writes if schema.kind(name) is not None)
        return union(
            [
                Effect(locks=locks(LockMode.ACCESS_SHARE, *read)),
                Effect(locks=locks(LockMode.ROW_EXCLUSIVE, *written)),
            ]
        )
