"""DROP VIEW and DROP MATERIALIZED VIEW."""

from dataclasses import dataclass, field, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, missing_table, refused, wrong_kind
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import views_going_with
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import RelationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DropView:
    """Drop a view; `together` are the other relations that the same statement drops."""

    name: Name
    materialized: bool = False
    if_exists: bool = False
    cascade: bool = False
    together: tuple[Name, ...] = field(default=(), compare=False)

    @property
    def _kind(self) -> RelationKind:
        return RelationKind.MATERIALIZED_VIEW if self.materialized else RelationKind.VIEW

    def apply(self, schema: Schema) -> Schema:
        """The schema without the view, and with `cascade` without the views that read it."""
        if schema.kind(self.name) is not self._kind:
            return schema
        gone = set(views_going_with(schema, (self.name,))) if self.cascade else {self.name}
        views = {key: value for key, value in schema.views.items() if key not in gone}
        for name in gone:
            # a materialized view is a table too, since it has indexes
            schema = schema.without_table(name)
        return replace(schema, views=views)

    def inverse(self, schema: Schema) -> Inverse:
        """The view again."""
        from migration_ls.operations.create_view import CreateView  # noqa: PLC0415 - each undoes the other

        view = schema.views.get(self.name)
        return Inverse(operations=(CreateView(view=view, materialized=self.materialized),)) if view else NOTHING

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE on the view; statements that read it fail."""
        schema = context.schema
        kind = schema.kind(self.name)
        if kind is None:
            return Effect() if self.if_exists else missing_table(schema, self.name)
        if kind is not self._kind:
            return wrong_kind(schema, self.name, self._kind)
        gone = views_going_with(schema, (self.name,))
        in_the_way = next((name for name in gone if name != self.name and name not in self.together), None)
        if in_the_way is not None and not self.cascade:
            reason = f"the view `{in_the_way}` depends on `{self.name}`"
            return refused(reason)
        return Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, *gone), breaks=(Hazard.NAME_GONE,))
