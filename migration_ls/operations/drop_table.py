"""DROP TABLE."""

from dataclasses import dataclass, field, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, impossible, missing_table, wrong_kind
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import (
    sequence_users,
    sequences_of,
    views_going_with,
    with_descendants,
)
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import RelationKind

_TABLES = (RelationKind.TABLE, RelationKind.PARTITIONED)


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTable:
    """Drop a table and its rows; `together` are the other relations that the same statement drops."""

    name: Name
    if_exists: bool = False
    cascade: bool = False
    foreign: bool = False
    """DROP FOREIGN TABLE."""
    together: tuple[Name, ...] = field(default=(), compare=False)

    def apply(self, schema: Schema) -> Schema:
        """The schema without the table, its partitions, and keys that refer to it."""
        table = schema.table(self.name)
        if table is None or self._wrong_kind(schema):
            return schema
        for child in schema.children(self.name):
            if child.partition_of == self.name or self.cascade:
                schema = DropTable(name=child.name, cascade=self.cascade).apply(schema)
        if self.cascade:
            gone = set(views_going_with(schema, (self.name,)))
            schema = replace(schema, views={key: view for key, view in schema.views.items() if key not in gone})
            for view in gone - {self.name}:
                schema = schema.without_table(view)
            for sequence in table.owned_sequences:
                schema = _without_defaults(schema, sequence, self.name)
        for other in schema.referencing(self.name):
            kept = tuple(key for key in other.foreign_keys if key.ref_table != self.name)
            schema = schema.with_table(replace(other, foreign_keys=kept))
        if any(item.owned_by and item.owned_by[0] == self.name for item in schema.sequences.values()):
            sequences = set(sequences_of(schema, table))
            schema = replace(
                schema, sequences={key: item for key, item in schema.sequences.items() if key not in sequences}
            )
        return schema.without_table(self.name).with_triggers_at(self.name, None)

    def inverse(self, schema: Schema) -> Inverse:
        """None: making the table again brings no rows back."""
        if schema.table(self.name) is None:
            return NOTHING
        return impossible(f"the rows of `{self.name}`")

    def _wrong_kind(self, schema: Schema) -> bool:
        kind = schema.kind(self.name)
        return kind is not None and kind not in ((RelationKind.FOREIGN,) if self.foreign else _TABLES)

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE on the table, its partitions, and every table it refers to or that refers to it."""
        schema = context.schema
        if self._wrong_kind(schema):
            return wrong_kind(schema, self.name, "foreign table" if self.foreign else "table")
        table = schema.table(self.name)
        if table is None:
            return Effect() if self.if_exists else missing_table(schema, self.name)
        partitions = _partitions(schema, self.name)
        heirs = tuple(name for name in with_descendants(schema, self.name) if name not in partitions)
        gone = (*partitions, *heirs) if self.cascade else partitions
        referred = (*gone, *_ancestors(schema, self.name))
        referencing = [item.name for name in referred for item in schema.referencing(name) if item.name not in gone]
        views = [name for name in views_going_with(schema, gone) if name not in gone]
        held = [*_tables_beside(schema, gone), *referencing, *views]
        counted = [
            user.name
            for name in gone
            for sequence in sequences_of(schema, schema.tables[name])
            for user, _ in sequence_users(schema, sequence)
            if user.name not in gone
        ]
        if self.cascade:
            held += counted
        depends = next((name for name in (*referencing, *heirs, *views, *counted) if name not in self.together), None)
        refused = depends is not None and not self.cascade
        return Effect(
            locks=locks(LockMode.ACCESS_EXCLUSIVE, *dict.fromkeys((*gone, *held))),
            loses=f"the rows of `{self.name}`" if not self.foreign and self.name not in context.fresh else None,
            breaks=(Hazard.NAME_GONE,) if self.name not in context.fresh else (),
            fails_always=(Hazard.DEPENDENTS,) if refused else (),
            reason=f"`{depends}` depends on `{self.name}`" if refused else "",
        )


def _partitions(schema: Schema, name: Name) -> tuple[Name, ...]:
    """The table and its partitions at every depth, without what inherits from it."""
    found = [name]
    for parent in found:
        found += [table.name for table in schema.partitions(parent)]
    return tuple(found)


def _ancestors(schema: Schema, name: Name) -> tuple[Name, ...]:
    """The partitioned tables above: a key to one of them is a key to each of its partitions."""
    found: list[Name] = []
    table = schema.table(name)
    while table and table.partition_of:
        found.append(table.partition_of)
        table = schema.table(table.partition_of)
    return tuple(found)


def _tables_beside(schema: Schema, gone: tuple[Name, ...]) -> list[Name]:
    """Sequences, tables referred to, parents, and the default partition whose condition changes."""
    found: list[Name] = []
    for name in gone:
        table = schema.tables[name]
        found += sequences_of(schema, table)
        for key in table.foreign_keys:
            found += with_descendants(schema, key.ref_table)
        if table.partition_of and table.partition_of not in gone:
            found.append(table.partition_of)
            siblings = schema.partitions(table.partition_of)
            found += [item.name for item in siblings if item.is_default_partition]
    return found


def _without_defaults(schema: Schema, sequence: Name, owner: Name) -> Schema:
    """Without the defaults of other tables that count with a sequence which goes."""
    for other, name in sequence_users(schema, sequence):
        column = other.column(name)
        if other.name != owner and column is not None and column.default is not None:
            bare = schema.tables[other.name].with_column(replace(column, default=None))
            schema = schema.with_table(bare)
    return schema
