"""REFRESH MATERIALIZED VIEW."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, certain, missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshView:
    """Compute a materialized view again."""

    name: Name
    concurrently: bool = False
    with_data: bool = True

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Nothing."""
        return NOTHING

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE and a new heap; CONCURRENTLY takes EXCLUSIVE, which readers do not feel."""
        view = context.schema.views.get(self.name)
        reads = tuple(sorted(view.reads)) if view else ()
        mode = LockMode.EXCLUSIVE if self.concurrently else LockMode.ACCESS_EXCLUSIVE
        return replace(
            self._refused(context.schema),
            locks=(*locks(mode, self.name), *locks(LockMode.ACCESS_SHARE, *reads)),
            rewrites=() if self.concurrently else (self.name,),
            touches_rows=(self.name,) if self.concurrently else (),
        )

    def _refused(self, schema: Schema) -> Effect:
        """CONCURRENTLY needs a unique index on plain columns, over all rows."""
        table = schema.table(self.name)
        if not self.concurrently or table is None or not certain(schema, self.name):
            return missing_table(schema, self.name)
        for index in table.indexes:
            if index.unique and index.where is None and len(index.columns) == len(index.parts):
                return Effect()
        reason = f"`{self.name}` has no unique index, which CONCURRENTLY needs"
        return Effect(fails_always=(Hazard.DEPENDENTS,), reason=reason)
