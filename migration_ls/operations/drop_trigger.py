"""DROP TRIGGER."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, certain, change_table, missing_table, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Dependent, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTrigger:
    """Drop a trigger."""

    table: Name
    name: str
    if_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema without the trigger."""
        key = (self.table, self.name)
        schema = change_table(schema, self.table, self._without)
        return replace(schema, triggers={item: value for item, value in schema.triggers.items() if item != key})

    def _without(self, table: Table) -> Table:
        gone = Dependent(kind="trigger", name=self.name)
        return replace(table, dependents=tuple(item for item in table.dependents if not item.is_same(gone)))

    def inverse(self, schema: Schema) -> Inverse:
        """The trigger again."""
        from migration_ls.operations.create_trigger import CreateTrigger  # noqa: PLC0415 - each undoes the other

        old = schema.triggers.get((self.table, self.name))
        return Inverse(operations=(CreateTrigger(trigger=old),)) if old else NOTHING

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE, brief."""
        schema = context.schema
        if self.if_exists and (self.table, self.name) not in schema.triggers and not schema.uncertain_all:
            return Effect()
        refusal = missing_table(schema, self.table)
        table = schema.table(self.table)
        if (
            (self.table, self.name) not in schema.triggers
            and table
            and not table.assumed
            and certain(schema, self.table)
        ):
            refusal = refused(f"`{self.table}` has no trigger `{self.name}` at this point", Hazard.MISSING)
        from migration_ls.operations.create_trigger import tables_of  # noqa: PLC0415 - each undoes the other

        trigger = schema.triggers.get((self.table, self.name))
        names = tables_of(schema, trigger) if trigger else (self.table,)
        return replace(refusal, locks=locks(LockMode.ACCESS_EXCLUSIVE, *names))
