"""CREATE TABLE."""

from dataclasses import dataclass, replace

from migration_ls.operations import partitioning
from migration_ls.operations.base import Grade, Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.foreign_keys import aimed_keys, key_effect
from migration_ls.operations.lookup import NOTHING, exists, missing_table, missing_type, mutable, wrong_kind
from migration_ls.operations.naming import named_constraints, numbered
from migration_ls.postgres.locks import LockMode
from migration_ls.postgres.types import parse_type
from migration_ls.schema.dependents import output_types, relation_named, resolved, with_descendants
from migration_ls.schema.expression import next_value
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema, View
from migration_ls.schema.tables import Column, RelationKind, Table

COMMENTS, CONSTRAINTS, DEFAULTS, GENERATED, IDENTITY, INDEXES = 1, 4, 8, 16, 32, 64
"""What LIKE includes, as bits of the grammar's `TableLikeOption`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTable:
    """Make a table with everything in it; `likes` are tables whose columns are copied (`LIKE`).

    `bound` is the `FOR VALUES ...` of a partition, or `DEFAULT`. `like_options` says what each LIKE includes.
    """

    table: Table
    if_not_exists: bool = False
    likes: tuple[Name, ...] = ()
    like_options: tuple[int, ...] = ()
    bound: str | None = None
    repeats: tuple[str, ...] = ()
    """Columns that are written twice, and `PRIMARY KEY` where that is."""
    query: View | None = None
    """What fills it, for CREATE TABLE AS: its columns are those that the query gives."""

    def apply(self, schema: Schema) -> Schema:
        """The schema with the table; a partition or child gets its parent's columns."""
        if schema.kind(self.table.name) is not None:
            return schema
        table = self.table if self.query is None else _of_query(self.table, self.query, schema)
        if not (table.inherits or table.partition_of or self.likes):
            return schema.with_table(aimed_keys(numbered(named_constraints(table)), schema))
        for number, name in enumerate(self.likes):
            options = self.like_options[number] if number < len(self.like_options) else DEFAULTS
            table = _like(table, schema, name, options)
        for name in table.inherits:
            parent = schema.table(name)
            if parent:
                inherited = tuple(map(_inherited, parent.columns))
                table = replace(_with_columns(table, inherited), checks=_joined(parent.checks, table.checks))
        parent = schema.table(table.partition_of) if table.partition_of else None
        if parent:
            inherited = tuple(map(_inherited, parent.columns))
            table = partitioning.partition_like(_with_columns(table, inherited), parent)
            table = replace(table, bound=self.bound)
        return schema.with_table(aimed_keys(numbered(named_constraints(table)), schema))

    def inverse(self, schema: Schema) -> Inverse:
        """DROP TABLE, which loses the rows written since."""
        if schema.kind(self.table.name) is not None:
            return NOTHING
        return Inverse(
            operations=(DropTable(name=self.table.name),),
            grade=Grade.LOSES,
            loss=f"the rows written to `{self.table.name}` since",
        )

    def effect(self, context: Context) -> Effect:
        """Locks only the tables that foreign keys refer to, what LIKE copies, and the parent of a partition."""
        schema = context.schema
        name = self.table.name
        if schema.kind(name) is not None or relation_named(schema, name):
            return Effect() if self.if_not_exists else exists(f"`{name}`")
        parts = [self._refused(schema), *(missing_type(schema, column.type) for column in self.table.columns)]
        parts += [
            mutable(schema, column.generated, f"the generated column `{column.name}`") for column in self.table.columns
        ]
        for key in self.table.foreign_keys:
            if key.ref_table != name:
                parts.append(key_effect(schema, self.table, key))
                parts.append(
                    Effect(locks=locks(LockMode.SHARE_ROW_EXCLUSIVE, *with_descendants(schema, key.ref_table)))
                )
        parts += [missing_table(schema, like) for like in self.likes]
        parts.append(Effect(locks=locks(LockMode.ACCESS_SHARE, *self.likes)))
        for parent in self.table.inherits:
            if schema.kind(parent) is RelationKind.PARTITIONED:
                parts.append(wrong_kind(schema, parent, "table to inherit from"))
            parts.append(missing_table(schema, parent))
            parts.append(Effect(locks=locks(LockMode.SHARE_UPDATE_EXCLUSIVE, parent)))
        if self.table.partition_of:
            parts.append(self._as_partition(context, self.table.partition_of))
        return union(parts)

    def _refused(self, schema: Schema) -> Effect:
        if self.repeats:
            return Effect(fails_always=(Hazard.EXISTS,), reason=f"`{self.repeats[0]}` is written twice")
        names = {column.name for column in self.table.columns}
        if names and not (self.likes or self.table.inherits or self.table.partition_of):
            for check in self.table.checks:
                unknown = sorted(check.expression.columns - names - {self.table.name.name})
                if unknown:
                    reason = f"`{self.table.name}` has no column `{unknown[0]}`"
                    return Effect(fails_always=(Hazard.MISSING,), reason=reason)
        if self.table.kind is RelationKind.PARTITIONED:
            keys = (*((self.table.primary_key,) if self.table.primary_key else ()), *self.table.uniques)
            for key in keys:
                if refused := partitioning.key_refused(self.table, key.columns):
                    return refused
        for key in self.table.foreign_keys:
            other = schema.table(key.ref_table)
            if other and other.unlogged and not self.table.unlogged and self.table.name.namespace != "pg_temp":
                reason = f"`{key.ref_table}` is unlogged, and a logged table may not refer to it"
                return Effect(fails_always=(Hazard.DEPENDENTS,), reason=reason)
        return Effect()

    def _as_partition(self, context: Context, parent: Name) -> Effect:
        schema = context.schema
        if schema.kind(parent) is None:
            return missing_table(schema, parent)
        is_default = self.table.is_default_partition
        found = partitioning.new_partition(schema, parent, self.bound, is_default=is_default, postgres=context.postgres)
        return union([found, Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, parent))])


def _of_query(table: Table, query: View, schema: Schema) -> Table:
    """With the columns that the query gives, where all are known; else it stays assumed."""
    names, types = resolved(query, schema).outputs, output_types(schema, query)
    sources = [schema.table(name) for name in query.reads]
    if not types and len(sources) == 1 and sources[0] and names == tuple(item.name for item in sources[0].columns):
        types = tuple(str(column.type) for column in sources[0].columns)
    if names is None or len(names) != len(types):
        return table
    known = [(name, spelling) for name, spelling in zip(names, types, strict=True) if spelling is not None]
    if len(known) < len(names):
        return table
    columns = tuple(Column(name=name, type=parse_type(spelling)) for name, spelling in known)
    return replace(table, columns=columns, assumed=False)


def _with_columns(table: Table, columns: tuple[Column, ...]) -> Table:
    own = {column.name: column for column in table.columns}
    return replace(table, columns=tuple(({column.name: column for column in columns} | own).values()))


def _joined(first: tuple[object, ...], second: tuple[object, ...]) -> tuple:  # type: ignore[type-arg]
    return tuple(dict.fromkeys((*first, *second)))


def _like(table: Table, schema: Schema, name: Name, options: int) -> Table:
    """With what LIKE copies: columns and NOT NULL always, the rest as it says."""
    source = schema.table(name)
    if source is None:
        return replace(table, assumed=True)
    copies = [_copied(column, options) for column in source.columns]
    table = replace(_with_columns(table, tuple(copies)), assumed=table.assumed or source.assumed)
    if options & CONSTRAINTS:
        table = replace(table, checks=_joined(source.checks, table.checks))
    if options & INDEXES:
        key = source.primary_key
        table = replace(
            table,
            primary_key=table.primary_key or (replace(key, name=None) if key else None),
            uniques=(*table.uniques, *(replace(item, name=None) for item in source.uniques)),
            indexes=(*table.indexes, *(replace(item, name=None) for item in source.indexes)),
        )
    return table


def _inherited(column: Column) -> Column:
    """The column in a table below: it counts with the sequence of the table above, and has none of its own."""
    return replace(_copied(column, DEFAULTS), identity=None, sequence=None, generated=column.generated, inherited=True)


def _copied(column: Column, options: int) -> Column:
    default, identity = column.default, column.identity
    if column.autoincrement and column.sequence:
        default = next_value(column.sequence.sql)
    return replace(
        column,
        default=default if options & DEFAULTS else None,
        autoincrement=False,
        identity=identity if options & IDENTITY else None,
        generated=column.generated if options & GENERATED else None,
        sequence=None,
        comment=column.comment if options & COMMENTS else None,
    )
