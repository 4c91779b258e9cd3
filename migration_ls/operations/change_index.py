"""ALTER INDEX: ATTACH PARTITION, and what changes the catalog only."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import all_known, certain, impossible
from migration_ls.operations.partitioning import like_index_of
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Index, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeIndex:
    """Change an index: `what` is the action as written; `attaches` is the partition's index that becomes part of it."""

    name: Name
    what: str
    attaches: Name | None = None
    if_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema with the partition's index attached."""
        found = schema.find_index(self.attaches.name, self.attaches.namespace) if self.attaches else None
        if found is None:
            return schema
        table, index = found
        items = tuple(replace(item, attached=True) if item is index else item for item in table.indexes)
        return schema.with_table(replace(table, indexes=items))

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Unknown: the former value is not modelled, and no SQL detaches an index."""
        return impossible(f"the former state of `{self.name}` ({self.what})")

    def effect(self, context: Context) -> Effect:
        """ATTACH reads the catalog of both tables; the others lock the index alone."""
        schema = context.schema
        own = _table_of(schema, self.name)
        if own is None:
            known = certain(schema, self.name) and all_known(schema)
            if self.if_exists or not known:
                return Effect()
            return _refused(f"`{self.name}` does not exist at this point", Hazard.MISSING)
        if self.attaches is None:
            return Effect()
        other = _table_of(schema, self.attaches)
        if other is None:
            return _refused(f"`{self.attaches}` does not exist at this point", Hazard.MISSING)
        taken = Effect(locks=locks(LockMode.ACCESS_SHARE, *dict.fromkeys((own[0].name, other[0].name))))
        if other[0].partition_of != own[0].name:
            reason = f"`{other[0].name}` is no partition of `{own[0].name}`"
            return replace(_refused(reason, Hazard.DEPENDENTS), locks=taken.locks)
        if own[1] and other[1] and not like_index_of(own[1], other[1]):
            reason = f"`{self.attaches}` is not defined as `{self.name}` is"
            return replace(_refused(reason, Hazard.DEPENDENTS), locks=taken.locks)
        return taken


def _table_of(schema: Schema, name: Name) -> tuple[Table, Index | None] | None:
    found = schema.find_index(name.name, name.namespace)
    if found is not None:
        return found
    owner = schema.index_owner(name)
    return (owner, None) if owner else None


def _refused(reason: str, hazard: Hazard) -> Effect:
    return Effect(fails_always=(hazard,), reason=reason)
