"""Finding what an operation speaks of, and what to say when it is not there."""

from collections.abc import Callable, Iterable

from migration_ls.operations.base import Grade, Inverse
from migration_ls.operations.effect import NO_EFFECT, Effect, Hazard
from migration_ls.postgres.casts import refers
from migration_ls.postgres.extension_types import EXTENSION_OF
from migration_ls.postgres.types import ColumnType, parse_type
from migration_ls.schema.changed import changed
from migration_ls.schema.dependents import parents
from migration_ls.schema.expression import Expression
from migration_ls.schema.functions import not_immutable
from migration_ls.schema.names import Name, type_named
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, ForeignKey, RelationKind, Table


def certain(schema: Schema, name: Name) -> bool:
    """Whether the schema's silence about the relation means that there is none."""
    return not schema.uncertain_all and name not in schema.uncertain


def all_known(schema: Schema) -> bool:
    """Whether every table is known with all that belongs to it; of materialized views the indexes are."""
    return not any(table.assumed and table.kind is RelationKind.TABLE for table in schema.tables.values())


def column_of(schema: Schema, table: Name, column: str) -> Column | None:
    """The column, when both it and its table are known."""
    found = schema.table(table)
    return found.column(column) if found else None


def change_table(schema: Schema, name: Name, change: Callable[[Table], Table]) -> Schema:
    """The schema with the table changed; unchanged when the table is not known."""
    table = schema.table(name)
    return schema.with_table(change(table)) if table else schema


def missing_table(schema: Schema, name: Name) -> Effect:
    """An effect that says so when the table cannot exist; else none."""
    if schema.kind(name) is None and certain(schema, name):
        return refused(f"`{name}` does not exist at this point", Hazard.MISSING)
    return NO_EFFECT


def typed(table: Table | None) -> Effect:
    """An effect that says so when the columns of the table are those of a type, and change with it; else none."""
    if table is None or table.of_type is None:
        return NO_EFFECT
    return refused(f"the columns of `{table.name}` are those of its type `{table.of_type}`")


def wrong_kind(schema: Schema, name: Name, wanted: str) -> Effect:
    """An effect of speaking of a relation as of something else than it is."""
    return refused(f"`{name}` is a {schema.kind(name)}, not a {wanted}", Hazard.MISSING)


def missing_type(schema: Schema, type_: ColumnType) -> Effect:
    """An effect that says so when there can be no such type; else none. An extension may have brought any."""
    if type_.element.is_built_in or schema.uncertain_all or schema.extensions - {"plpgsql"} or not all_known(schema):
        return NO_EFFECT
    name = type_named(type_.element.name)
    made = {item.name for items in (schema.enums, schema.domains, schema.types, schema.tables) for item in items}
    if name.name in EXTENSION_OF or name.name in made or schema.has_type(name) or name.namespace != "public":
        return NO_EFFECT
    return refused(f"there is no type `{name}` at this point", Hazard.MISSING)


def missing_namespace(schema: Schema, namespace: str) -> Effect:
    """An effect that says so when the namespace cannot exist; else none."""
    if namespace in schema.namespaces or schema.uncertain_all or namespace.startswith("pg_"):
        return NO_EFFECT
    if any(name.namespace == namespace for items in (schema.tables, schema.views, schema.enums) for name in items):
        return NO_EFFECT
    return refused(f"the namespace `{namespace}` does not exist at this point", Hazard.MISSING)


def missing_column(schema: Schema, table: Name, column: str) -> Effect:
    """An effect that says so when table or column cannot exist; else none."""
    found = schema.table(table)
    if found is None:
        return missing_table(schema, table)
    if found.column(column) is None and certain(schema, table) and not found.inherits and not found.assumed:
        return refused(f"`{table}` has no column `{column}` at this point", Hazard.MISSING)
    return NO_EFFECT


_UNORDERED = frozenset(
    {"json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle", "xid", "cid", "jsonpath"}
)
"""Built-in types without an operator class of `btree` (`pg_opclass`)."""


def unordered(schema: Schema, table: Name, columns: Iterable[str]) -> Effect:
    """An effect that says so when an index that keeps values in order has a column whose type knows none."""
    for name in columns:
        column = column_of(schema, table, name)
        if column is not None and column.type.name in _UNORDERED and not column.type.is_array:
            return refused(f"`{column.type}` has no order, which an index on `{table}.{name}` needs")
    return NO_EFFECT


def mutable(schema: Schema, expression: Expression | None, user: str) -> Effect:
    """An effect that says so when the expression cannot be immutable, as its user needs it; else none."""
    name = not_immutable(schema, expression) if expression else ""
    return refused(f"{user} cannot use `{name}`, which is not immutable") if name else NO_EFFECT


def is_inherited(schema: Schema, table: Table, column: str) -> bool:
    """Whether the column comes from a table above."""
    return any(column_of(schema, parent, column) is not None for parent in parents(table))


def refused(reason: str, hazard: Hazard = Hazard.DEPENDENTS) -> Effect:
    """An effect that says why PostgreSQL never does it."""
    return Effect(fails_always=(hazard,), reason=reason)


def exists(what: str) -> Effect:
    """An effect of making something that is there already."""
    return refused(f"{what} exists already at this point", Hazard.EXISTS)


def proves_not_null(table: Table, column: str) -> bool:
    """Whether a validated check or the primary key proves that the column has no nulls."""
    if table.primary_key and column in table.primary_key.columns:
        return True
    return any(check.validated and column in check.expression.not_nulls for check in table.checks)


def base_type(schema: Schema, type_: ColumnType) -> ColumnType:
    """The type under a domain."""
    domain = None if type_.is_array else schema.domains.get(type_named(type_.name))
    return base_type(schema, parse_type(domain.base)) if domain else type_


def unlike_key(schema: Schema, columns: Iterable[Column | None], key: ForeignKey) -> str | None:
    """Why a foreign key of these columns cannot compare them with those it refers to; None where it can."""
    other = schema.table(key.ref_table)
    if other is None or other.assumed:
        return None
    for column, name in zip(columns, key.referred(other), strict=False):
        far = other.column(name)
        if column is None or far is None:
            continue
        here, there = base_type(schema, column.type), base_type(schema, far.type)
        known = all(item.is_built_in or type_named(item.name) in schema.enums for item in (here, there))
        if known and not refers(here, there):
            return (
                f"`{column.name}` is `{column.type}`, and cannot refer to `{other.name}.{name}`, which is `{far.type}`"
            )
    return None


NOTHING = Inverse(operations=())
"""The inverse of what changes no schema."""


def impossible(loss: str) -> Inverse:
    """The inverse of what no SQL brings back."""
    return Inverse(operations=(), grade=Grade.IMPOSSIBLE, loss=loss)


def noted(schema: Schema, table: Name, what: str) -> Schema:
    """The schema with a note of what was set at the table, where only its words are known."""
    item = (table, " ".join(what.split()))
    return schema if item in schema.settings else changed(schema, settings=schema.settings | {item})
