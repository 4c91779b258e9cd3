"""DROP INDEX."""

from dataclasses import dataclass, field, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import NOTHING, wrong_kind
from migration_ls.operations.partitioning import like_index
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import ForeignKey, Index, RelationKind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class DropIndex:
    """Drop an index by name. `table` is its table where the writer knows it; the statement does not say."""

    name: Name
    concurrently: bool = False
    if_exists: bool = False
    cascade: bool = False
    alone: bool = True
    """Whether the statement drops no other index."""
    table: Name | None = field(default=None, compare=False)

    def apply(self, schema: Schema) -> Schema:
        """The table without the index."""
        found = schema.find_index(self.name.name, self.name.namespace)
        if found is None:
            return schema
        table, index = found
        for user in self._users(schema, table, index) if self.cascade else ():
            kept = tuple(key for key in user.foreign_keys if not _rests_on(key, table, index))
            schema = schema.with_table(replace(user, foreign_keys=kept))
        table = schema.tables[table.name]
        schema = schema.with_table(
            replace(table, indexes=tuple(item for item in table.indexes if item.name != index.name))
        )
        for child in schema.partitions(table.name) if table.kind is RelationKind.PARTITIONED else ():
            below = like_index(child, index)
            if below is not None and below.attached and below.name:
                schema = DropIndex(name=Name(below.name, child.name.namespace)).apply(schema)
        return schema

    def inverse(self, schema: Schema) -> Inverse:
        """The same index again."""
        from migration_ls.operations.create_index import CreateIndex  # noqa: PLC0415 - each undoes the other

        found = schema.find_index(self.name.name, self.name.namespace)
        if found is None:
            return NOTHING
        table, index = found
        return Inverse(
            operations=(
                CreateIndex(
                    table=table.name, index=replace(index, origin=None, valid=True), concurrently=self.concurrently
                ),
            )
        )

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE on the index's table; CONCURRENTLY takes SHARE UPDATE EXCLUSIVE, outside a transaction."""
        schema = context.schema
        found = schema.find_index(self.name.name, self.name.namespace)
        mode = LockMode.SHARE_UPDATE_EXCLUSIVE if self.concurrently else LockMode.ACCESS_EXCLUSIVE
        base = Effect(
            transaction_forbidden=self.concurrently,
            waits_for_transactions=self.concurrently,
        )
        if self.concurrently and (not self.alone or self.cascade):
            what = "drops one index at a time" if not self.alone else "does not go with CASCADE"
            return replace(base, fails_always=(Hazard.DEPENDENTS,), reason=f"CONCURRENTLY {what}")
        if found:
            return self._drop(schema, found[0], found[1], replace(base, locks=locks(mode, found[0].name)), mode)
        owner = schema.index_owner(self.name)
        if owner is not None:
            return replace(
                base,
                locks=locks(mode, owner.name),
                fails_always=(Hazard.DEPENDENTS,),
                reason=f"the index belongs to a constraint of `{owner.name}`",
            )
        kind = schema.kind(self.name)
        if kind is not None:
            return union([base, wrong_kind(schema, self.name, "index")])
        if self.table:
            return replace(base, locks=locks(mode, self.table))
        if self.if_exists:
            return base
        if schema.uncertain_all:
            return replace(base, reason=f"the table of `{self.name}` is not known", analysed=False)
        return replace(base, fails_always=(Hazard.MISSING,), reason=f"`{self.name}` does not exist at this point")

    def _drop(self, schema: Schema, table: Table, index: Index, base: Effect, mode: LockMode) -> Effect:
        parent = schema.table(table.partition_of) if table.partition_of else None
        above = like_index(parent, index) if parent else None
        if above is not None and index.attached:
            reason = f"`{index.name}` is the part of `{above.name}` for this partition"
            return replace(base, fails_always=(Hazard.DEPENDENTS,), reason=reason)
        if table.kind is RelationKind.PARTITIONED:
            if self.concurrently:
                reason = f"`{table.name}` is partitioned, and its indexes cannot be dropped concurrently"
                return replace(base, fails_always=(Hazard.DEPENDENTS,), reason=reason)
            base = replace(base, locks=locks(mode, *with_descendants(schema, table.name)))
        users = [user.name for user in self._users(schema, table, index)]
        if users:
            if self.cascade:
                return union([base, Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, *users))])
            reason = f"a foreign key of `{users[0]}` depends on `{self.name}`"
            return replace(base, fails_always=(Hazard.DEPENDENTS,), reason=reason)
        return base

    def _users(self, schema: Schema, table: Table, index: Index) -> tuple[Table, ...]:
        """The tables with a foreign key that rests on the index, and on no constraint."""
        if any(set(item.columns) == set(index.columns) for item in (table.primary_key, *table.uniques) if item):
            return ()
        return tuple(
            other
            for other in schema.referencing(table.name)
            if any(_rests_on(key, table, index) for key in other.foreign_keys)
        )


def _rests_on(key: ForeignKey, table: Table, index: Index) -> bool:
    return index.unique and key.ref_table == table.name and set(key.ref_columns) == set(index.columns)
