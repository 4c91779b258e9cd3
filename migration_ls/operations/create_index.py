"""CREATE INDEX."""

from dataclasses import dataclass, replace

from migration_ls.operations import probes
from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import NOTHING, change_table, exists, missing_column, missing_table
from migration_ls.operations.naming import named_index
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Index, RelationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateIndex:
    """Build an index; `only` leaves the partitions out."""

    table: Name
    index: Index
    concurrently: bool = False
    if_not_exists: bool = False
    only: bool = False

    def _known(self, schema: Schema) -> bool:
        return bool(self.index.name and schema.find_index(self.index.name, self.table.namespace))

    def apply(self, schema: Schema) -> Schema:
        """The table with the index."""
        if self._known(schema):
            return schema
        return change_table(schema, self.table, lambda table: table.with_index(named_index(table, self.index)))

    def inverse(self, schema: Schema) -> Inverse:
        """DROP INDEX, the same way it was built."""
        table = schema.table(self.table)
        if self._known(schema):
            return NOTHING
        name = named_index(table, self.index).name if table else self.index.name
        return Inverse(
            operations=(
                DropIndex(
                    name=Name(name or "", self.table.namespace), concurrently=self.concurrently, table=self.table
                ),
            )
        )

    def effect(self, context: Context) -> Effect:
        """SHARE for the whole build; CONCURRENTLY takes SHARE UPDATE EXCLUSIVE, outside a transaction."""
        schema = context.schema
        if self._known(schema):
            taken = locks(LockMode.SHARE_UPDATE_EXCLUSIVE if self.concurrently else LockMode.SHARE, self.table)
            if self.if_not_exists:
                return Effect(locks=taken, transaction_forbidden=self.concurrently)
            return replace(exists(f"the index `{self.index.name}`"), locks=taken)
        mode = LockMode.SHARE_UPDATE_EXCLUSIVE if self.concurrently else LockMode.SHARE
        partitioned = schema.kind(self.table) is RelationKind.PARTITIONED
        children = () if self.only else tuple(child.name for child in schema.partitions(self.table))
        unique_plain = self.index.unique and not any(part.is_expression for part in self.index.parts)
        built_on = () if self.only and partitioned else (self.table, *children)
        own = Effect(
            locks=locks(mode, self.table, *children),
            builds=(self.index.name or "?",) * len(built_on),
            built_on=built_on,
            transaction_forbidden=self.concurrently,
            waits_for_transactions=self.concurrently,
            fails=(Hazard.DUPLICATES,) if self.index.unique else (),
            probes=(probes.duplicates(self.table, self.index.columns, self.index.where),) if unique_plain else (),
        )
        if self.concurrently and partitioned:
            own = replace(
                own,
                fails_always=(Hazard.DEPENDENTS,),
                reason=f"`{self.table}` is partitioned, and its indexes cannot be built concurrently",
            )
        missing = [missing_table(schema, self.table)]
        missing += [missing_column(schema, self.table, column) for column in self.index.columns]
        return union([*missing, own])
