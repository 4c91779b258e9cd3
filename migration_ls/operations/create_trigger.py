"""CREATE TRIGGER."""

import re
from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_trigger import DropTrigger
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import change_table, exists, missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants
from migration_ls.schema.functions import refuses
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema, Trigger
from migration_ls.schema.tables import Dependent, RelationKind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTrigger:
    """Make a trigger."""

    trigger: Trigger
    replaces: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema with the trigger."""
        key = (self.trigger.table, self.trigger.name)
        dependent = Dependent(kind="trigger", name=self.trigger.name, columns=self.trigger.columns)
        schema = change_table(schema, self.trigger.table, lambda table: _with(table, dependent))
        return replace(schema, triggers={**schema.triggers, key: self.trigger})

    def inverse(self, schema: Schema) -> Inverse:
        """DROP TRIGGER, or the trigger as it was."""
        old = schema.triggers.get((self.trigger.table, self.trigger.name))
        drop = DropTrigger(table=self.trigger.table, name=self.trigger.name)
        return Inverse(operations=(drop, CreateTrigger(trigger=old)) if old else (drop,))

    def effect(self, context: Context) -> Effect:
        """SHARE ROW EXCLUSIVE, brief: writers wait."""
        schema = context.schema
        refusal = missing_table(schema, self.trigger.table)
        if not self.replaces and (self.trigger.table, self.trigger.name) in schema.triggers:
            refusal = exists(f"the trigger `{self.trigger.name}` on `{self.trigger.table}`")
        return replace(
            refusal,
            locks=locks(LockMode.SHARE_ROW_EXCLUSIVE, *tables_of(context.schema, self.trigger)),
            breaks=(Hazard.NEW_RESTRICTION,) if refuses(schema, self.trigger) else (),
        )


def _with(table: Table, dependent: Dependent) -> Table:
    kept = tuple(item for item in table.dependents if not item.is_same(dependent))
    return replace(table, dependents=(*kept, dependent))


def tables_of(schema: Schema, trigger: Trigger) -> tuple[Name, ...]:
    """The table of a trigger, and of a partitioned table's row trigger the partitions."""
    partitioned = schema.kind(trigger.table) is RelationKind.PARTITIONED
    for_rows = re.search(r"\bfor\s+(?:each\s+)?row\b", trigger.definition, re.IGNORECASE) is not None
    return with_descendants(schema, trigger.table) if partitioned and for_rows else (trigger.table,)
