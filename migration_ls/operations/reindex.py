"""REINDEX."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import NOTHING, all_known, certain, missing_namespace, missing_table, wrong_kind
from migration_ls.operations.partitioning import like_index
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants, with_rows
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Index, RelationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reindex:
    """Build indexes again: one (`index`), those of a table, or (neither) those of a namespace or database."""

    table: Name | None = None
    index: Name | None = None
    concurrently: bool = False
    many: bool = False
    namespace: str | None = None
    """Of REINDEX SCHEMA."""

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Nothing."""
        return NOTHING

    def effect(self, context: Context) -> Effect:
        """SHARE on the table and ACCESS EXCLUSIVE on each index; CONCURRENTLY takes SHARE UPDATE EXCLUSIVE."""
        schema = context.schema
        if self.table:
            return self._of_table(context, self.table)
        if self.index:
            return self._of_index(context, self.index)
        if self.namespace is not None and missing_namespace(schema, self.namespace).fails_always:
            return replace(missing_namespace(schema, self.namespace), transaction_forbidden=True)
        tables = [
            table.name
            for table in schema.tables.values()
            if self.namespace in {None, table.name.namespace} and table.kind is not RelationKind.PARTITIONED
        ]
        return union(
            [Effect(transaction_forbidden=True), *(self._built(schema, name, one_by_one=True) for name in tables)]
        )

    def _of_table(self, context: Context, name: Name) -> Effect:
        schema = context.schema
        kind = schema.kind(name)
        if kind is None:
            return replace(missing_table(schema, name), transaction_forbidden=self.concurrently)
        if kind not in {RelationKind.TABLE, RelationKind.PARTITIONED, RelationKind.MATERIALIZED_VIEW}:
            return replace(wrong_kind(schema, name, "table"), transaction_forbidden=self.concurrently)
        if kind is RelationKind.PARTITIONED:
            return self._of_partitioned(context, name, None)
        return union([self._built(schema, name, one_by_one=False), Effect(transaction_forbidden=self.concurrently)])

    def _of_partitioned(self, context: Context, name: Name, index: Index | None) -> Effect:
        """Each partition in a transaction of its own (14 and later)."""
        schema = context.schema
        if context.postgres < _PARTITIONED_SINCE:
            reason = f"`{name}` is partitioned, which REINDEX takes from 14 on"
            what = (Hazard.DEPENDENTS,) if index is not None else ()
            return Effect(
                locks=() if what else locks(self._mode(), name),
                transaction_forbidden=self.concurrently,
                fails_always=what,
                reason=reason if what else "",
            )
        parts = [Effect(transaction_forbidden=True, locks=locks(self._mode(), name))]
        if index is None:
            # all of them are locked for a moment to see what there is
            others = (item for item in with_descendants(schema, name) if item != name)
            parts.append(Effect(locks=locks(LockMode.SHARE, *others)))
        for child in with_rows(schema, with_descendants(schema, name)):
            below = like_index(schema.tables[child], index) if index is not None else None
            if index is None:
                parts.append(self._built(schema, child, one_by_one=False))
            else:
                parts.append(self._one(child, (below and below.name) or "?"))
        return union(parts)

    def _of_index(self, context: Context, name: Name) -> Effect:
        schema = context.schema
        found = schema.find_index(name.name, name.namespace)
        if found and found[0].kind is RelationKind.PARTITIONED:
            return self._of_partitioned(context, found[0].name, found[1])
        owner = found[0] if found else schema.index_owner(name)
        if owner is not None:
            excludes = any(item.name == name.name for item in owner.exclusions)
            refused = Effect()
            if excludes and self.concurrently:
                reason = "the index of an exclusion constraint cannot be built concurrently"
                refused = Effect(fails_always=(Hazard.DEPENDENTS,), reason=reason)
            return union([self._one(owner.name, name.name), refused, Effect(transaction_forbidden=self.concurrently)])
        if schema.kind(name) is not None:
            return wrong_kind(schema, name, "index")
        if certain(schema, name) and schema.tables and all_known(schema):
            reason = f"`{name}` does not exist at this point"
            return Effect(fails_always=(Hazard.MISSING,), reason=reason, transaction_forbidden=self.concurrently)
        return Effect(
            transaction_forbidden=self.concurrently,
            builds=(name.name,),
            analysed=False,
            reason=f"the table of `{name}` is not known",
        )

    def _mode(self) -> LockMode:
        return LockMode.SHARE_UPDATE_EXCLUSIVE if self.concurrently else LockMode.SHARE

    def _one(self, table: Name, index: str) -> Effect:
        return Effect(locks=locks(self._mode(), table), builds=(index,), built_on=(table,))

    def _built(self, schema: Schema, name: Name, *, one_by_one: bool) -> Effect:
        """All indexes of a table; CONCURRENTLY passes those of exclusion constraints over."""
        table = schema.tables[name]
        keys = (table.primary_key, *table.uniques, *(() if self.concurrently else table.exclusions))
        names = (*(index.name or "?" for index in table.indexes), *(key.name or "?" for key in keys if key))
        taken = locks(self._mode(), name) if names or not (one_by_one and self.concurrently) else ()
        return Effect(locks=taken, builds=names, built_on=(name,) * len(names))


_PARTITIONED_SINCE = 14
