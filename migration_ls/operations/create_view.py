"""CREATE VIEW and CREATE MATERIALIZED VIEW."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import NOTHING, exists
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import resolved
from migration_ls.schema.schema import Schema, View
from migration_ls.schema.tables import RelationKind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateView:
    """Make a view; `materialized` ones hold rows of their own, `replaces` says OR REPLACE."""

    view: View
    materialized: bool = False
    replaces: bool = False
    if_not_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema with the view; a materialized one is a table too, since it has indexes."""
        if self.materialized and schema.kind(self.view.name) is None:
            schema = schema.with_table(Table(name=self.view.name, kind=RelationKind.MATERIALIZED_VIEW, assumed=True))
        return replace(schema, views={**schema.views, self.view.name: resolved(self.view, schema)})

    def inverse(self, schema: Schema) -> Inverse:
        """DROP VIEW, or the view as it was."""
        old = schema.views.get(self.view.name)
        if old and self.replaces:
            return Inverse(operations=(CreateView(view=old, replaces=True),))
        if old:
            return NOTHING
        return Inverse(operations=(DropView(name=self.view.name, materialized=self.materialized),))

    def effect(self, context: Context) -> Effect:
        """ACCESS SHARE on what it reads; a materialized view reads every row."""
        reads = tuple(sorted(self.view.reads))
        taken = locks(LockMode.ACCESS_SHARE, *reads)
        if self.view.name in context.schema.views:
            if self.replaces:
                replaced = Effect(locks=(*taken, *locks(LockMode.ACCESS_EXCLUSIVE, self.view.name)))
                return union([replaced, self._refused(context.schema)])
            return Effect() if self.if_not_exists else exists(f"`{self.view.name}`")
        return Effect(locks=taken)

    def _refused(self, schema: Schema) -> Effect:
        """OR REPLACE may add columns at the end, and nothing else."""
        old, new = schema.views[self.view.name].outputs, resolved(self.view, schema).outputs
        if old is None or new is None or new[: len(old)] == old:
            return Effect()
        reason = f"`{self.view.name}` would lose or rename a column, which OR REPLACE cannot do"
        return Effect(fails_always=(Hazard.EXISTS,), reason=reason)
