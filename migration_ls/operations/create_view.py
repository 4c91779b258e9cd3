"""CREATE VIEW and CREATE MATERIALIZED VIEW."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import NOTHING, exists, missing_column, missing_table, refused, wrong_kind
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import columns_of, expanded, output_types, relation_named, resolved, with_rows
from migration_ls.schema.schema import Schema, View
from migration_ls.schema.tables import RelationKind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateView:
    """Make a view; `materialized` ones hold rows of their own, `replaces` says OR REPLACE."""

    view: View
    materialized: bool = False
    replaces: bool = False
    if_not_exists: bool = False
    with_data: bool = True

    def apply(self, schema: Schema) -> Schema:
        """The schema with the view; a materialized one is a table too, since it has indexes."""
        if relation_named(schema, self.view.name) is not None and not (
            self.replaces and schema.kind(self.view.name) is RelationKind.VIEW
        ):
            return schema
        if self.materialized:
            schema = schema.with_table(_rows_of(self.view, unpopulated=not self.with_data))
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
        """ACCESS SHARE on what it reads; a materialized view with data reads every row, also of what stands below."""
        schema, name = context.schema, self.view.name
        kind = relation_named(schema, name)
        if kind is not None:
            if self.replaces and not self.materialized:
                if kind != RelationKind.VIEW:
                    return wrong_kind(schema, name, "view")
                taken = locks(LockMode.ACCESS_SHARE, *sorted(self.view.reads))
                replaced = Effect(locks=(*taken, *locks(LockMode.ACCESS_EXCLUSIVE, name)))
                return union([replaced, self._unreadable(schema), self._refused(schema)])
            if not self.if_not_exists:
                return exists(f"`{name}`")
            return Effect(locks=locks(LockMode.ACCESS_SHARE, *sorted(self.view.reads)))
        reads = sorted(self.view.reads)
        if self.materialized and self.with_data:
            reads = list(expanded(schema, reads))
        touched = with_rows(schema, (item for item in reads if item in schema.tables)) if self.materialized else ()
        read = Effect(locks=locks(LockMode.ACCESS_SHARE, *reads), reads_rows=touched if self.with_data else ())
        return union([read, self._unreadable(schema)])

    def _unreadable(self, schema: Schema) -> Effect:
        """Says so when a relation or column it names is not there, or two of its columns have one name."""
        parts = [missing_table(schema, name) for name in sorted(self.view.reads)]
        for relation, column in sorted(self.view.mentions, key=str):
            if relation is not None and column != "*" and relation in schema.tables:
                parts.append(missing_column(schema, relation, column))
        plain = (
            " FROM " in f" {self.view.query.upper()} ".replace("\n", " ")
            and self.view.query.upper().count("SELECT") == 1
        )
        if plain and len(self.view.reads) == 1:
            (only,) = self.view.reads
            pairs = zip(self.view.selected, self.view.origins, strict=False)
            own = {name for (_, name), (_, column) in pairs if name != column}
            there = columns_of(schema, only)
            for relation, column in self.view.mentions if there else ():
                if relation is None and column not in {"*", *(there or ()), *own}:
                    parts.append(missing_column(schema, only, column) if only in schema.tables else Effect())
        names = [column for _, column in self.view.selected if column != "*"]
        twice = next((item for item in names if names.count(item) > 1), None)
        if twice is not None:
            parts.append(refused(f"the column `{twice}` is there twice", Hazard.EXISTS))
        return union(parts) if parts else Effect()

    def _refused(self, schema: Schema) -> Effect:
        """OR REPLACE may add columns at the end, and nothing else."""
        old_types, new_types = output_types(schema, schema.views[self.view.name]), output_types(schema, self.view)
        for column, kept, given in zip(schema.views[self.view.name].outputs or (), old_types, new_types, strict=False):
            if kept is not None and given is not None and kept != given:
                reason = f"`{column}` of `{self.view.name}` would be of another type, which OR REPLACE cannot do"
                return refused(reason, Hazard.EXISTS)
        old, new = schema.views[self.view.name].outputs, resolved(self.view, schema).outputs
        if old is None or new is None or new[: len(old)] == old:
            return Effect()
        reason = f"`{self.view.name}` would lose or rename a column, which OR REPLACE cannot do"
        return refused(reason, Hazard.EXISTS)


def _rows_of(view: View, *, unpopulated: bool) -> Table:
    """A materialized view is a table too, of columns whose types are not known."""
    return Table(name=view.name, kind=RelationKind.MATERIALIZED_VIEW, assumed=True, unpopulated=unpopulated)
