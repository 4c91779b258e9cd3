"""ALTER TABLE ... DETACH PARTITION."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, Lock, locks, union
from migration_ls.operations.lookup import change_table, missing_table, refused
from migration_ls.operations.naming import named_constraint
from migration_ls.operations.partitioning import bound_as_check
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Table

_CONCURRENTLY_SINCE = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class DetachPartition:
    """Make a partition a table of its own; `finalizes` ends a concurrent one that was interrupted."""

    table: Name
    partition: Name
    concurrently: bool = False
    finalizes: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema with the partition detached."""
        above = schema.table(self.table)

        def detached(table: Table) -> Table:
            alone = replace(table, partition_of=None, is_default_partition=False, bound=None)
            check = bound_as_check(above, table) if self.concurrently and above else None
            return alone.with_constraint(named_constraint(alone, check)) if check else alone

        return change_table(schema, self.partition, detached)

    def inverse(self, schema: Schema) -> Inverse:
        """ATTACH PARTITION."""
        from migration_ls.operations.attach_partition import AttachPartition  # noqa: PLC0415 - each undoes the other

        old = schema.table(self.partition)
        is_default = bool(old and old.is_default_partition)
        bound = old.bound if old else None
        return Inverse(
            operations=(
                AttachPartition(table=self.table, partition=self.partition, is_default=is_default, bound=bound),
            )
        )

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE on parent, partition and default partition; CONCURRENTLY (14) SHARE UPDATE EXCLUSIVE."""
        schema = context.schema
        child = schema.table(self.partition)
        if child is None:
            return missing_table(schema, self.partition)
        if child.partition_of != self.table:
            reason = f"`{self.partition}` is no partition of `{self.table}`"
            return refused(reason, Hazard.MISSING)
        if self.finalizes:
            reason = f"nothing says that detaching `{self.partition}` was interrupted"
            return refused(reason, Hazard.MISSING)
        default = tuple(
            item.name
            for item in schema.partitions(self.table)
            if item.is_default_partition and item.name != self.partition
        )
        beside = self._keys(schema, child)
        if self.concurrently:
            return union([self._concurrent(context, default), beside])
        names = dict.fromkeys((self.table, *with_descendants(schema, self.partition), *default))
        taken = locks(LockMode.ACCESS_EXCLUSIVE, *names)
        if context.postgres < _CONCURRENTLY_SINCE and not child.is_default_partition:
            # 13 leaves readers of the partition itself alone, unless keys to it go
            referred = bool(schema.referencing(self.table))
            mode = LockMode.ACCESS_EXCLUSIVE if referred else LockMode.SHARE_UPDATE_EXCLUSIVE
            taken = tuple(Lock(lock.relation, mode) if lock.relation == self.partition else lock for lock in taken)
        own = Effect(locks=taken, breaks=(Hazard.NEW_RESTRICTION,))
        return union([own, beside])

    def _concurrent(self, context: Context, default: tuple[Name, ...]) -> Effect:
        early = context.postgres < _CONCURRENTLY_SINCE
        reason = "DETACH ... CONCURRENTLY comes with 14" if early else f"`{self.table}` has a default partition"
        return Effect(
            locks=(
                *locks(LockMode.SHARE_UPDATE_EXCLUSIVE, self.table),
                *locks(LockMode.ACCESS_EXCLUSIVE, *with_descendants(context.schema, self.partition)),
            ),
            transaction_forbidden=True,
            waits_for_transactions=True,
            breaks=(Hazard.NEW_RESTRICTION,),
            fails_always=(Hazard.DEPENDENTS,) if default or early else (),
            reason=reason if default or early else "",
        )

    def _keys(self, schema: Schema, child: Table) -> Effect:
        """Foreign keys become the table's own; keys to the parent are proven not to need its rows."""
        parts = [Effect(locks=locks(LockMode.SHARE_ROW_EXCLUSIVE, key.ref_table)) for key in child.foreign_keys]
        others = [other.name for other in schema.referencing(self.table)]
        if others:
            parts.append(Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, *others), fails=(Hazard.ORPHANS,)))
        return union(parts) if parts else Effect()
