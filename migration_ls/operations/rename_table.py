"""ALTER TABLE ... RENAME TO, also of views and sequences."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import exists, missing_namespace, missing_table
from migration_ls.operations.rename_index import RenameIndex
from migration_ls.postgres.locks import LockMode
from migration_ls.postgres.relations import with_relation
from migration_ls.schema.dependents import relation_named, sequence_users, sequences_of, views_on
from migration_ls.schema.expression import next_value
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema, Sequence, View
from migration_ls.schema.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTable:
    """Call a relation otherwise, or (`to_namespace`) move it to another namespace."""

    name: Name
    to: str
    to_namespace: str | None = None

    @property
    def new_name(self) -> Name:
        """The name after it."""
        return Name(self.to, self.to_namespace or self.name.namespace)

    def apply(self, schema: Schema) -> Schema:
        """The schema with the new name wherever the old one stood; views go on reading what they read."""
        if self._is_index(schema):
            return RenameIndex(name=self.name, to=self.to).apply(schema)
        if schema.kind(self.name) is None or schema.kind(self.new_name) is not None:
            return schema
        if views_on(schema, self.name):
            schema = replace(schema, views={key: self._followed(view) for key, view in schema.views.items()})
        if view := schema.views.get(self.name):
            others = {key: value for key, value in schema.views.items() if key != self.name}
            schema = replace(schema, views={**others, self.new_name: replace(view, name=self.new_name)})
            schema = schema.with_triggers_at(self.name, self.new_name)
        if sequence := schema.sequences.get(self.name):
            rest = {key: value for key, value in schema.sequences.items() if key != self.name}
            moved = replace(schema, sequences={**rest, self.new_name: replace(sequence, name=self.new_name)})
            return self._counting(moved, sequence_users(schema, self.name))
        if (owner := schema.owner_of(self.name)) is not None:
            columns = tuple(
                replace(column, sequence=self.new_name) if column.sequence == self.name else column
                for column in owner.columns
            )
            return schema.with_table(replace(owner, columns=columns))
        table = schema.table(self.name)
        if table is None:
            return schema
        tables = {}
        for name, old in schema.tables.items():
            item = self._moved(old) if name == self.name else old
            if any(key.ref_table == self.name for key in item.foreign_keys):
                item = replace(
                    item,
                    foreign_keys=tuple(
                        replace(key, ref_table=self.new_name) if key.ref_table == self.name else key
                        for key in item.foreign_keys
                    ),
                )
            if item.partition_of == self.name:
                item = replace(item, partition_of=self.new_name)
            if self.name in item.inherits:
                parents = tuple(self.new_name if parent == self.name else parent for parent in item.inherits)
                item = replace(item, inherits=parents)
            tables[item.name] = item
        moved = replace(schema, tables=tables, sequences=dict(self._owned(schema)))
        return moved.with_triggers_at(self.name, self.new_name)

    def _owned(self, schema: Schema) -> Iterator[tuple[Name, Sequence]]:
        """The sequences, of which those of the table stay with it, and move to another namespace with it."""
        for name, item in schema.sequences.items():
            if item.owned_by is None or item.owned_by[0] != self.name:
                yield name, item
                continue
            moved = Name(name.name, self.new_name.namespace) if self.to_namespace else name
            yield moved, replace(item, name=moved, owned_by=(self.new_name, item.owned_by[1]))

    def _counting(self, schema: Schema, users: tuple[tuple[Table, str], ...]) -> Schema:
        """With the defaults that count with the sequence, which follow its name."""
        for user, name in users:
            table = schema.tables[user.name]
            column = table.column(name)
            if column is None or column.default is None:
                continue
            counting = replace(column, default=next_value(self.new_name.sql))
            schema = schema.with_table(table.with_column(counting))
        return schema

    def _moved(self, table: Table) -> Table:
        """The table under its new name; its sequences move to another namespace with it."""
        columns = tuple(
            replace(column, sequence=Name(column.sequence.name, self.new_name.namespace)) if column.sequence else column
            for column in table.columns
        )
        return replace(table, name=self.new_name, columns=columns if self.to_namespace else table.columns)

    def _followed(self, view: View) -> View:
        reads = frozenset(self.new_name if name == self.name else name for name in view.reads)
        columns = frozenset((self.new_name if name == self.name else name, column) for name, column in view.columns)
        old, new = self.name, self.new_name
        query = with_relation(view.query, (old.namespace, old.name), (new.namespace, new.name))
        return replace(view, query=query, reads=reads, columns=columns)

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """The rename back."""
        return Inverse(
            operations=(RenameTable(name=self.new_name, to=self.name.name, to_namespace=self.name.namespace),)
        )

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE, brief; the running release no longer finds the name."""
        schema = context.schema
        if self._is_index(schema):
            return Effect()
        parts = [missing_table(schema, self.name)]
        if (self.new_name != self.name or self.to_namespace is None) and relation_named(schema, self.new_name):
            parts.append(exists(f"`{self.new_name}`"))
        if self.to_namespace is not None:
            parts.append(missing_namespace(schema, self.to_namespace))
            table = schema.table(self.name)
            owned = sequences_of(schema, table) if table else ()
            parts.append(Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, *owned)))
        gone = self.new_name != self.name and self.name not in context.fresh
        parts.append(
            Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, self.name), breaks=(Hazard.NAME_GONE,) if gone else ())
        )
        return union(parts)

    def _is_index(self, schema: Schema) -> bool:
        return schema.kind(self.name) is None and relation_named(schema, self.name) is not None
