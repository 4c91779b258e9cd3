"""DROP VIEW and DROP MATERIALIZED VIEW."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class DropView:
    """Drop a view."""

    name: Name
    materialized: bool = False
    if_exists: bool = False
    cascade: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema without the view, and with `cascade` without the views that read it."""
        gone = {self.name}
        while self.cascade and (more := {view.name for view in schema.views.values() if view.reads & gone} - gone):
            gone |= more
        views = {key: value for key, value in schema.views.items() if key not in gone}
        tables = {key: value for key, value in schema.tables.items() if not (self.materialized and key == self.name)}
        return replace(schema, views=views, tables=tables)

    def inverse(self, schema: Schema) -> Inverse:
        """The view again."""
        from migration_ls.operations.create_view import CreateView  # noqa: PLC0415 - each undoes the other

        view = schema.views.get(self.name)
        return Inverse(operations=(CreateView(view=view, materialized=self.materialized),)) if view else NOTHING

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE on the view; statements that read it fail."""
        schema = context.schema
        if schema.kind(self.name) is None:
            return Effect() if self.if_exists else missing_table(schema, self.name)
        readers = [view.name for view in schema.views.values() if self.name in view.reads]
        if readers and not self.cascade:
            reason = f"the view `{readers[0]}` depends on `{self.name}`"
            return Effect(fails_always=(Hazard.DEPENDENTS,), reason=reason)
        return Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, self.name, *readers), breaks=(Hazard.NAME_GONE,))
