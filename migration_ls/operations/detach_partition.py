"""ALTER TABLE ... DETACH PARTITION."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import change_table, missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class DetachPartition:
    """Make a partition a table of its own."""

    table: Name
    partition: Name
    concurrently: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema with the partition detached."""
        return change_table(
            schema, self.partition, lambda table: replace(table, partition_of=None, is_default_partition=False)
        )

    def inverse(self, schema: Schema) -> Inverse:
        """ATTACH PARTITION."""
        from migration_ls.operations.attach_partition import AttachPartition  # noqa: PLC0415 - each undoes the other

        old = schema.table(self.partition)
        is_default = bool(old and old.is_default_partition)
        return Inverse(operations=(AttachPartition(table=self.table, partition=self.partition, is_default=is_default),))

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE on parent, partition and default partition; CONCURRENTLY (14) SHARE UPDATE EXCLUSIVE."""
        schema = context.schema
        default = tuple(
            item.name
            for item in schema.partitions(self.table)
            if item.is_default_partition and item.name != self.partition
        )
        missing = missing_table(schema, self.partition)
        if self.concurrently:
            fails = (Hazard.DEPENDENTS,) if default else missing.fails_always
            reason = f"`{self.table}` has a default partition" if default else missing.reason
            return Effect(
                locks=(
                    *locks(LockMode.SHARE_UPDATE_EXCLUSIVE, self.table),
                    *locks(LockMode.ACCESS_EXCLUSIVE, self.partition),
                ),
                transaction_forbidden=True,
                waits_for_transactions=True,
                breaks=(Hazard.NAME_GONE,),
                fails_always=fails,
                reason=reason,
            )
        return replace(
            missing,
            locks=locks(LockMode.ACCESS_EXCLUSIVE, self.table, self.partition, *default),
            breaks=(Hazard.NAME_GONE,),
        )
