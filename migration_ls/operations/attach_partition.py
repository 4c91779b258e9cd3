"""ALTER TABLE ... ATTACH PARTITION."""

from dataclasses import dataclass, replace

from migration_ls.operations import partitioning
from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.detach_partition import DetachPartition
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import change_table, missing_table, wrong_kind
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants, with_rows
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import RelationKind, Table

_IDENTITY_FROM_ABOVE = 17
"""From here on partitions share the identity of their parent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachPartition:
    """Make a table a partition of another; `bound` is its `FOR VALUES ...`."""

    table: Name
    partition: Name
    is_default: bool = False
    bound: str | None = None

    def apply(self, schema: Schema) -> Schema:
        """The schema with the partition attached, with the keys and indexes that its parent has."""
        parent = schema.table(self.table)
        return change_table(schema, self.partition, lambda table: self._attached(table, parent))

    def _attached(self, table: Table, parent: Table | None) -> Table:
        attached = replace(table, partition_of=self.table, is_default_partition=self.is_default, bound=self.bound)
        if parent is None:
            return attached
        from migration_ls.operations.naming import named_constraints  # noqa: PLC0415 - needed here alone

        return named_constraints(partitioning.partition_like(attached, parent))

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """DETACH PARTITION."""
        return Inverse(operations=(DetachPartition(table=self.table, partition=self.partition),))

    def effect(self, context: Context) -> Effect:
        """SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the partition; scans and builds what is not there.

        A validated check that implies the bound spares the scan (manual: Partition Maintenance); indexes of the parent
        are built unless the table has the like, and its foreign keys are proven unless the table has them.
        """
        schema = context.schema
        parent, child = schema.table(self.table), schema.table(self.partition)
        if parent is None or child is None:
            return union([missing_table(schema, self.table), missing_table(schema, self.partition)])
        if parent.kind is not RelationKind.PARTITIONED:
            return wrong_kind(schema, self.table, "partitioned table")
        refused = self._refused(parent, child, context.postgres)
        if refused is not None:
            return refused
        names = with_descendants(schema, self.partition)
        taken = (
            *locks(LockMode.SHARE_UPDATE_EXCLUSIVE, self.table),
            *locks(LockMode.ACCESS_EXCLUSIVE, *names),
        )
        default = any(item.is_default_partition for item in schema.partitions(self.table))
        open_rows = not (self.is_default and not schema.partitions(self.table)) and not (
            self.bound and partitioning.member(parent, child, self.bound)
        )
        if not default and self.is_default and not schema.partitions(self.table):
            open_rows = False
        own = Effect(
            locks=taken,
            scans=with_rows(schema, names) if open_rows else (),
            fails=(Hazard.VIOLATIONS,) if open_rows else (),
        )
        beside = partitioning.new_partition(
            schema, self.table, self.bound, is_default=self.is_default, postgres=context.postgres
        )
        return union([own, beside, self._keys(context, parent, child), self._indexes(context, parent, child)])

    def _refused(self, parent: Table, child: Table, postgres: int) -> Effect | None:
        if child.partition_of:
            reason = f"`{self.partition}` is a partition of `{child.partition_of}` already"
            return Effect(fails_always=(Hazard.EXISTS,), reason=reason)
        if child.assumed or parent.assumed:
            return None
        numbered = next((column.name for column in child.columns if column.identity), None)
        if numbered and postgres >= _IDENTITY_FROM_ABOVE:
            reason = f"`{numbered}` of `{self.partition}` is an identity column, which a partition has from its parent"
            return Effect(fails_always=(Hazard.DEPENDENTS,), reason=reason)
        above = {column.name: column for column in parent.columns}
        here = {column.name: column for column in child.columns}
        apart = sorted(above.keys() ^ here.keys())
        if apart:
            reason = f"`{apart[0]}` is not a column of both `{self.table}` and `{self.partition}`"
            return Effect(fails_always=(Hazard.DEPENDENTS,), reason=reason)
        for name, column in above.items():
            mine = here[name]
            if str(mine.type) != str(column.type):
                reason = f"`{name}` is of another type in `{self.partition}` than in `{self.table}`"
                return Effect(fails_always=(Hazard.DEPENDENTS,), reason=reason)
            if column.nullable is False and mine.nullable is not False and not column.identity:
                reason = f"`{name}` may be null in `{self.partition}`, and not in `{self.table}`"
                return Effect(fails_always=(Hazard.DEPENDENTS,), reason=reason)
        missing = next((check for check in parent.checks if child.constraint(check.name or "") is None), None)
        if missing:
            reason = f"`{self.partition}` has no check `{missing.name}` as `{self.table}` has"
            return Effect(fails_always=(Hazard.MISSING,), reason=reason)
        return None

    def _keys(self, context: Context, parent: Table, child: Table) -> Effect:
        schema = context.schema
        parts: list[Effect] = []
        for key in parent.foreign_keys:
            others = with_descendants(schema, key.ref_table)
            if partitioning.has_key(child, key):
                # its triggers become the parent's
                parts.append(Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, key.ref_table)))
                continue
            parts.append(Effect(locks=locks(LockMode.SHARE_ROW_EXCLUSIVE, *others)))
            if child.name in context.fresh:
                # no rows, so nothing is looked up
                continue
            scans = (*with_rows(schema, with_descendants(schema, child.name)), *others)
            parts.append(Effect(scans=scans, fails=(Hazard.ORPHANS,)))
        return union(parts) if parts else Effect()

    def _indexes(self, context: Context, parent: Table, child: Table) -> Effect:
        names: list[str] = []
        key = parent.primary_key
        if key and (child.primary_key is None or set(child.primary_key.columns) != set(key.columns)):
            names.append(key.name or "?")
        names += [
            item.name or "?"
            for item in parent.uniques
            if not any(other.columns == item.columns for other in child.uniques)
        ]
        names += [item.name or "?" for item in parent.indexes if partitioning.like_index(child, item) is None]
        unique = bool(key and child.primary_key is None) or any(item.unique for item in parent.indexes)
        places = with_rows(context.schema, with_descendants(context.schema, child.name))
        return Effect(
            builds=tuple(name for name in names for _ in places),
            built_on=tuple(place for _ in names for place in places),
            fails=(Hazard.DUPLICATES,) if names and unique else (),
        )
