"""What a foreign key needs of the table it refers to."""

from dataclasses import replace

from migration_ls.operations.effect import Effect, Hazard
from migration_ls.operations.lookup import certain, missing_table, refused, wrong_kind
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import ForeignKey, RelationKind, Table

_TABLES = (RelationKind.TABLE, RelationKind.PARTITIONED)


def key_effect(schema: Schema, table: Table | None, key: ForeignKey) -> Effect:
    """Says so when the key cannot be made: no such table, no such column, or nothing unique to refer to."""
    kind = schema.kind(key.ref_table)
    other = table if table and table.name == key.ref_table else schema.table(key.ref_table)
    if other is None:
        elsewhere = table is not None and table.name.namespace != key.ref_table.namespace
        if elsewhere and not any(name.namespace == key.ref_table.namespace for name in schema.tables):
            # the migrations of that namespace are another project's
            return Effect()
        return missing_table(schema, key.ref_table) if kind is None else wrong_kind(schema, key.ref_table, "table")
    if other.assumed or other.external or not certain(schema, key.ref_table):
        return Effect()
    if other.kind not in _TABLES:
        return wrong_kind(schema, key.ref_table, "table")
    if not key.ref_columns:
        if other.primary_key is None:
            return _refused(f"`{key.ref_table}` has no primary key to refer to")
        return _counted(key, len(other.primary_key.columns))
    missing = next((name for name in key.ref_columns if other.column(name) is None), None)
    if missing is not None and not other.inherits:
        return Effect(
            fails_always=(Hazard.MISSING,), reason=f"`{key.ref_table}` has no column `{missing}` at this point"
        )
    wanted = set(key.ref_columns)
    keys = [set(item.columns) for item in (other.primary_key, *other.uniques) if item]
    keys += [
        set(index.columns)
        for index in other.indexes
        if index.unique and index.where is None and len(index.columns) == len(index.parts)
    ]
    if wanted not in keys:
        columns = ", ".join(key.ref_columns)
        return _refused(f"nothing makes `{columns}` of `{key.ref_table}` unique, which a foreign key needs")
    return _counted(key, len(key.ref_columns))


def _counted(key: ForeignKey, there: int) -> Effect:
    if key.columns and len(key.columns) != there:
        return _refused("the key refers to another number of columns than it has")
    return Effect()


def _refused(reason: str) -> Effect:
    return refused(reason)


def aimed(key: ForeignKey, schema: Schema) -> ForeignKey:
    """The key with the columns it refers to: those of the other table's primary key, where it names none."""
    other = None if key.ref_columns else schema.table(key.ref_table)
    if other is None or other.primary_key is None:
        return key
    return replace(key, ref_columns=other.primary_key.columns)


def aimed_keys(table: Table, schema: Schema) -> Table:
    """A new table whose keys all name the columns they refer to, its own among them."""
    if all(key.ref_columns for key in table.foreign_keys):
        return table
    with_itself = schema.with_table(table)
    return replace(table, foreign_keys=tuple(aimed(key, with_itself) for key in table.foreign_keys))
