"""CREATE PUBLICATION and ALTER PUBLICATION ... ADD and SET TABLE."""

from dataclasses import dataclass

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import certain, impossible, missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishTables:
    """Send what happens to the tables to subscribers; `tables` is None for all there are.

    `sends_changes`: also UPDATE and DELETE, for which each row has to have a name.
    """

    tables: tuple[Name, ...] | None
    sends_changes: bool = True

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Unknown: what a publication holds is not modelled."""
        return impossible("what the publication held before")

    def nameless(self, schema: Schema) -> tuple[Name, ...]:
        """The tables whose rows nothing names to a subscriber, so that PostgreSQL refuses UPDATE and DELETE."""
        if not self.sends_changes:
            return ()
        marked = {name for name, what in schema.settings if what.upper().startswith(_MARK)}
        names = tuple(schema.tables) if self.tables is None else self.tables
        known = ((name, schema.table(name)) for name in names if certain(schema, name) and name not in marked)
        return tuple(
            name
            for name, table in known
            if table is not None and not table.assumed and table.primary_key is None and not table.unlogged
        )

    def effect(self, context: Context) -> Effect:
        """SHARE UPDATE EXCLUSIVE on the tables that are named; nobody waits."""
        names = self.tables or ()
        refuses = any(name not in context.fresh for name in self.nameless(context.schema))
        return union(
            [
                *(missing_table(context.schema, name) for name in names),
                Effect(
                    locks=locks(LockMode.SHARE_UPDATE_EXCLUSIVE, *names),
                    breaks=(Hazard.NEW_RESTRICTION,) if refuses else (),
                ),
            ]
        )


_MARK = "REPLICA IDENTITY"
