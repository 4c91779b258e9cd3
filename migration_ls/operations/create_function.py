"""CREATE FUNCTION and CREATE PROCEDURE."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_function import DropFunction
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import exists, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import expanded
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Function, Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateFunction:
    """Make a function, or (`replaces`) change the one with its signature. Its body is not run."""

    function: Function
    replaces: bool = True
    body: str | None = None
    reads: tuple[Name, ...] = ()
    writes: tuple[Name, ...] = ()
    """The relations in a body of SQL, which is checked when the function is made."""

    def apply(self, schema: Schema) -> Schema:
        """The schema with the function."""
        return replace(schema, functions={**schema.functions, self.function.signature: self.function})

    def inverse(self, schema: Schema) -> Inverse:
        """DROP FUNCTION; one that was replaced stays."""
        if self.function.signature in schema.functions:
            return Inverse(operations=())
        return Inverse(operations=(DropFunction(signature=self.function.signature),))

    def effect(self, context: Context) -> Effect:
        """The locks of queries that are planned, on what a body of SQL names; no lock for other languages.

        What is not there is no error here: `check_function_bodies` may be off, as in every dump.
        """
        schema = context.schema
        read = expanded(schema, (name for name in self.reads if schema.kind(name) is not None))
        written = (name for name in self.writes if schema.kind(name) is not None)
        return union(
            [
                self._refused(schema),
                Effect(locks=locks(LockMode.ACCESS_SHARE, *read)),
                Effect(locks=locks(LockMode.ROW_EXCLUSIVE, *written)),
                Effect(breaks=(Hazard.NEW_RESTRICTION,) if self.stops(schema) else ()),
            ]
        )

    def stops(self, schema: Schema) -> tuple[Name, ...]:
        """The tables whose writes it can refuse from now on: a trigger runs it, and it raises an error only now."""
        old = schema.functions.get(self.function.signature)
        if not self.function.refuses or old is None or old.refuses:
            return ()
        users = (item.table for item in schema.triggers.values() if item.function == self.function.name.name)
        return tuple(dict.fromkeys(users))

    def _refused(self, schema: Schema) -> Effect:
        new, old = self.function, schema.functions.get(self.function.signature)
        if old is None or schema.uncertain_all:
            return Effect()
        if not self.replaces:
            return exists(f"the function `{new.signature}`")
        if new.returns and old.returns and new.returns != old.returns:
            return refused(f"`{new.signature}` returns `{old.returns}`, which CREATE OR REPLACE cannot change")
        names = (*new.parameters, *("",) * len(old.parameters))
        for before, now in zip(old.parameters, names, strict=False):
            if before and before != now:
                return refused(f"CREATE OR REPLACE cannot rename the parameter `{before}` of `{new.signature}`")
        return Effect()
