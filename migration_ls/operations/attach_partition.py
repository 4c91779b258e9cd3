"""ALTER TABLE ... ATTACH PARTITION."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.detach_partition import DetachPartition
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import change_table, missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachPartition:
    """Make a table a partition of another."""

    table: Name
    partition: Name
    is_default: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema with the partition attached."""
        return change_table(
            schema,
            self.partition,
            lambda table: replace(table, partition_of=self.table, is_default_partition=self.is_default),
        )

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """DETACH PARTITION."""
        return Inverse(operations=(DetachPartition(table=self.table, partition=self.partition),))

    def effect(self, context: Context) -> Effect:
        """SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE and a scan on the partition and the default one."""
        schema = context.schema
        defaults = [item for item in schema.partitions(self.table) if item.is_default_partition]
        default = tuple(item.name for item in defaults)
        open_default = tuple(item.name for item in defaults if not any(check.validated for check in item.checks))
        child = schema.table(self.partition)
        proven = bool(child and any(check.validated for check in child.checks))
        return replace(
            missing_table(schema, self.partition),
            locks=(
                *locks(LockMode.SHARE_UPDATE_EXCLUSIVE, self.table),
                *locks(LockMode.ACCESS_EXCLUSIVE, self.partition, *default),
            ),
            scans=(*(() if proven or self.is_default else (self.partition,)), *open_default),
            fails=() if proven and not open_default else (Hazard.VIOLATIONS,),
        )
