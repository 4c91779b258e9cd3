"""REFRESH MATERIALIZED VIEW."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, certain, change_table, missing_table, refused, wrong_kind
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import expanded, with_rows
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import RelationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshView:
    """Compute a materialized view again."""

    name: Name
    concurrently: bool = False
    with_data: bool = True

    def apply(self, schema: Schema) -> Schema:
        """The schema with the view's data there, or gone."""
        return change_table(schema, self.name, lambda table: replace(table, unpopulated=not self.with_data))

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Nothing."""
        return NOTHING

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE and a new heap; CONCURRENTLY takes EXCLUSIVE, which readers do not feel."""
        schema = context.schema
        kind = schema.kind(self.name)
        if kind not in {None, RelationKind.MATERIALIZED_VIEW}:
            return wrong_kind(schema, self.name, "materialized view")
        view = schema.views.get(self.name)
        reads = expanded(schema, sorted(view.reads)) if view and self.with_data else ()
        mode = LockMode.EXCLUSIVE if self.concurrently else LockMode.ACCESS_EXCLUSIVE
        emptied = not self.with_data and self.name not in context.fresh
        return replace(
            self._refused(schema),
            locks=(*locks(mode, self.name), *locks(LockMode.ACCESS_SHARE, *reads)),
            rewrites=() if self.concurrently else (self.name,),
            touches_rows=(self.name,) if self.concurrently else (),
            reads_rows=with_rows(schema, (name for name in reads if name in schema.tables)),
            breaks=(Hazard.NAME_GONE,) if emptied else (),
            reason=f"`{self.name}` cannot be read until it is refreshed with data" if emptied else "",
        )

    def _refused(self, schema: Schema) -> Effect:
        """CONCURRENTLY needs data, and a unique index on plain columns over all rows."""
        table = schema.table(self.name)
        if not self.concurrently or table is None or not certain(schema, self.name):
            return missing_table(schema, self.name)
        reason = f"`{self.name}` has no unique index, which CONCURRENTLY needs"
        if not self.with_data:
            reason = "CONCURRENTLY and WITH NO DATA exclude each other"
        elif table.unpopulated:
            reason = f"`{self.name}` has no data yet, which CONCURRENTLY needs"
        else:
            for index in table.indexes:
                if index.unique and index.where is None and len(index.columns) == len(index.parts):
                    return Effect()
        return refused(reason)
