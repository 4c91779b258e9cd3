"""ALTER TRIGGER, POLICY and RULE ... RENAME TO."""

from dataclasses import dataclass, replace
from typing import Literal

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import certain, change_table, exists, missing_table, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Dependent, RelationKind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RenamePart:
    """Call a trigger, policy or rule of a table otherwise."""

    table: Name
    kind: Literal["trigger", "policy", "rule"]
    name: str
    to: str

    def apply(self, schema: Schema) -> Schema:
        """The table with the new name."""
        schema = change_table(schema, self.table, self._renamed)
        trigger = schema.triggers.get((self.table, self.name)) if self.kind == "trigger" else None
        if trigger is None:
            return schema
        others = {key: item for key, item in schema.triggers.items() if key != (self.table, self.name)}
        return replace(schema, triggers={**others, (self.table, self.to): trigger.called(self.to)})

    def _renamed(self, table: Table) -> Table:
        parts = (replace(item, name=self.to) if self._is_meant(item) else item for item in table.dependents)
        return replace(table, dependents=tuple(parts))

    def _is_meant(self, item: Dependent) -> bool:
        return item.kind == self.kind and item.name == self.name

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """The rename back."""
        return Inverse(operations=(replace(self, name=self.to, to=self.name),))

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE, brief; of a partitioned table's trigger since 15 on the partitions too."""
        schema = context.schema
        table = schema.table(self.table)
        parts = [missing_table(schema, self.table)]
        if table is not None and not table.assumed and certain(schema, self.table) and not table.partition_of:
            stands = {item.name for item in table.dependents if item.kind == self.kind}
            if self.name not in stands:
                parts.append(refused(f"`{self.table}` has no {self.kind} `{self.name}` at this point", Hazard.MISSING))
            elif self.to in stands:
                parts.append(exists(f"the {self.kind} `{self.to}` of `{self.table}`"))
        below = self.kind == "trigger" and schema.kind(self.table) is RelationKind.PARTITIONED
        names = with_descendants(schema, self.table) if below and context.postgres >= _BELOW_SINCE else (self.table,)
        return union([*parts, Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, *names))])


_BELOW_SINCE = 15
