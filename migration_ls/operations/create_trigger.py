"""CREATE TRIGGER."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_trigger import DropTrigger
from migration_ls.operations.effect import Effect, locks
from migration_ls.operations.lookup import missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.schema import Schema, Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTrigger:
    """Make a trigger."""

    trigger: Trigger

    def apply(self, schema: Schema) -> Schema:
        """The schema with the trigger."""
        key = (self.trigger.table, self.trigger.name)
        return replace(schema, triggers={**schema.triggers, key: self.trigger})

    def inverse(self, schema: Schema) -> Inverse:
        """DROP TRIGGER, or the trigger as it was."""
        old = schema.triggers.get((self.trigger.table, self.trigger.name))
        drop = DropTrigger(table=self.trigger.table, name=self.trigger.name)
        return Inverse(operations=(drop, CreateTrigger(trigger=old)) if old else (drop,))

    def effect(self, context: Context) -> Effect:
        """SHARE ROW EXCLUSIVE, brief: writers wait."""
        return replace(
            missing_table(context.schema, self.trigger.table),
            locks=locks(LockMode.SHARE_ROW_EXCLUSIVE, self.trigger.table),
        )
