"""CREATE INDEX."""

from dataclasses import dataclass, replace

from migration_ls.operations import partitioning, probes
from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import (
    NOTHING,
    change_table,
    exists,
    missing_column,
    missing_table,
    mutable,
    unordered,
    wrong_kind,
)
from migration_ls.operations.naming import named_index
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import relation_named, with_descendants, with_rows
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
        name = self.index.name
        return bool(name and relation_named(schema, Name(name, self.table.namespace)))

    def apply(self, schema: Schema) -> Schema:
        """The table with the index; a partitioned one's partitions get theirs."""
        if self._known(schema):
            return schema
        schema = change_table(schema, self.table, lambda table: table.with_index(named_index(table, self.index)))
        partitioned = schema.kind(self.table) is RelationKind.PARTITIONED
        for child in schema.partitions(self.table) if partitioned and not self.only else ():
            if partitioning.like_index(child, self.index) is None:
                own = replace(self.index, name=None, attached=True)
                schema = CreateIndex(table=child.name, index=own).apply(schema)
        return schema

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
        mode = LockMode.SHARE_UPDATE_EXCLUSIVE if self.concurrently else LockMode.SHARE
        kind = schema.kind(self.table)
        if kind not in {None, *_INDEXED}:
            return wrong_kind(schema, self.table, "table")
        known = self._known(schema)
        if known and not self.if_not_exists:
            return replace(exists(f"`{self.index.name}`"), locks=locks(mode, self.table))
        partitioned = kind is RelationKind.PARTITIONED
        if self.concurrently and partitioned:
            reason = f"`{self.table}` is partitioned, and its indexes cannot be built concurrently"
            return Effect(
                locks=locks(mode, self.table),
                transaction_forbidden=True,
                fails_always=(Hazard.DEPENDENTS,),
                reason=reason,
            )
        refused = [missing_table(schema, self.table), *self._refused(schema)]
        if known:
            taken = locks(mode, self.table)
            return union([*refused[:1], Effect(locks=taken, transaction_forbidden=self.concurrently)])
        names: tuple[Name, ...] = (self.table,)
        if partitioned and not self.only:
            names = (self.table, *(name for name in with_descendants(schema, self.table) if name != self.table))
        built_on = tuple(name for name in with_rows(schema, names) if not self._is_there(schema, name))
        unique_plain = self.index.unique and not any(part.is_expression for part in self.index.parts)
        own = Effect(
            locks=locks(mode, *names),
            builds=(self.index.name or "?",) * len(built_on),
            built_on=built_on,
            transaction_forbidden=self.concurrently,
            waits_for_transactions=self.concurrently,
            fails=(Hazard.DUPLICATES,) if self.index.unique and built_on else (),
            probes=(probes.duplicates(self.table, self.index.columns, self.index.where),) if unique_plain else (),
        )
        return union([*refused, own])

    def _is_there(self, schema: Schema, name: Name) -> bool:
        """Whether the partition has such an index already, which is attached then."""
        table = schema.table(name)
        return name != self.table and table is not None and partitioning.like_index(table, self.index) is not None

    def _refused(self, schema: Schema) -> list[Effect]:
        table = schema.table(self.table)
        parts = [missing_column(schema, self.table, column) for column in (*self.index.columns, *self.index.include)]
        if self.index.using not in _METHODS and not schema.extensions and not schema.uncertain_all:
            reason = f"there is no index method `{self.index.using}`"
            parts.append(Effect(fails_always=(Hazard.MISSING,), reason=reason))
        if self.index.unique and self.index.using not in {"btree", "bloom"} and self.index.using in _METHODS:
            reason = f"an index by `{self.index.using}` cannot be unique"
            parts.append(Effect(fails_always=(Hazard.DEPENDENTS,), reason=reason))
        if table is None:
            return parts
        if self.index.using == "btree":
            plain = (part.text for part in self.index.parts if not part.is_expression and part.opclass is None)
            parts.append(unordered(schema, self.table, plain))
        if self.index.where is not None:
            parts += [missing_column(schema, self.table, name) for name in sorted(self.index.where.columns)]
            parts.append(mutable(schema, self.index.where, "the condition of an index"))
        for part in self.index.parts:
            if part.expression is not None:
                parts += [missing_column(schema, self.table, name) for name in sorted(part.expression.columns)]
                parts.append(mutable(schema, part.expression, "an index"))
        if self.index.unique and (refused := partitioning.key_refused(table, self.index.columns)) is not None:
            parts.append(refused)
        return parts


_INDEXED = (RelationKind.TABLE, RelationKind.PARTITIONED, RelationKind.MATERIALIZED_VIEW)
_METHODS = frozenset({"btree", "hash", "gin", "gist", "spgist", "brin"})
