"""Validation queries: each returns what is wrong after a step, and nothing when all is well.

They read catalogs and tables only, run in any transaction, and are what hover previews.
"""

from dataclasses import replace
from typing import assert_never

from migration_ls.operations import probes
from migration_ls.planning.plan import Check
from migration_ls.postgres.quoting import identifier, literal
from migration_ls.postgres.types import ColumnType
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Enum
from migration_ls.schema.tables import Check as CheckConstraint
from migration_ls.schema.tables import (
    Column,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    PrimaryKey,
    Table,
    Unique,
)


def _class(table: Name) -> str:
    return f"to_regclass({literal(f'{identifier(table.namespace)}.{identifier(table.name)}')})"


def _namespaced(name: Name) -> str:
    return f"{identifier(name.namespace)}.{identifier(name.name)}"


def column_is(table: Name, column: Column) -> Check:
    """The column exists with its type, nullability and default."""
    shape = _type_text(column)
    wrong = [f"format_type(a.atttypid, a.atttypmod) <> {literal(shape)}"] if shape else []
    wrong.append("NOT a.attnotnull" if column.nullable is False else "a.attnotnull")
    served = column.default is not None and not column.default.is_null
    if served or column.autoincrement:
        wrong.append("NOT a.atthasdef")
    elif column.identity:
        wrong.append("a.attidentity = ''")
    elif column.generated:
        wrong.append("a.attgenerated = ''")
    else:
        wrong.append("a.atthasdef")
    null = "NOT NULL" if column.nullable is False else "nullable"
    default = f" default {column.default.text}" if column.default and served else ""
    failure = f"{table}.{column.name} is missing or is not {shape or column.type} {null}{default}"
    return _attribute(table, column.name, "column", "\n      OR ".join(wrong), failure)


def column_type_wrong(table: Name, column: Column) -> str | None:
    """A query that finds the column when it has another type; None where the spelling depends on the session."""
    shape = _type_text(column)
    if shape is None:
        return None
    return (
        "SELECT FROM pg_attribute AS a\n"
        f"WHERE a.attrelid = {_class(table)} AND a.attname = {literal(column.name)} AND NOT a.attisdropped\n"
        f"      AND format_type(a.atttypid, a.atttypmod) <> {literal(shape)}"
    )


def _type_text(column: Column) -> str | None:
    """The type as `format_type` spells it; None for types whose spelling depends on the search path."""
    return str(column.type) if column.type.is_built_in else None


def column_gone(table: Name, column: str) -> Check:
    """The column is not there any more."""
    return Check(
        name=f"{table.name}_{column}_gone",
        query=(
            "SELECT a.attname AS still_there\nFROM pg_attribute AS a\n"
            f"WHERE a.attrelid = {_class(table)} AND a.attname = {literal(column)} AND NOT a.attisdropped"
        ),
        about=f"{table}.{column}",
        failure=f"{table}.{column} is still there",
    )


def no_nulls(table: Name, column: str) -> Check:
    """No row has a null in the column."""
    return Check(
        name=f"{table.name}_{column}_filled",
        query=probes.nulls(table, column).query,
        about=f"{table}.{column}",
        failure=f"{table} has rows without a value in {column}",
    )


def nullable(table: Name, column: str) -> Check:
    """The column takes nulls."""
    return _attribute(table, column, "nullable", "a.attnotnull", f"{table}.{column} does not take nulls")


def _attribute(table: Name, column: str, name: str, wrong: str, failure: str) -> Check:
    """Finds the column when it is missing, or when `wrong` holds of its row `a` in pg_attribute."""
    return Check(
        name=f"{table.name}_{column}_{name}",
        query=(
            "SELECT wanted.name AS missing_or_different\n"
            f"FROM (VALUES ({literal(column)})) AS wanted (name)\n"
            f"LEFT JOIN pg_attribute AS a ON a.attrelid = {_class(table)}\n"
            "      AND a.attname = wanted.name AND NOT a.attisdropped\n"
            f"WHERE a.attname IS NULL OR {wrong}"
        ),
        about=f"{table}.{column}",
        failure=failure,
    )


_SPELLED_AS_WRITTEN = frozenset({"text", "character varying", "smallint", "integer", "bigint", "numeric", "boolean"})
"""Types whose literals the catalog keeps as they are written; `'12:00'` becomes `'12:00:00'` for an interval."""


def default_is(table: Name, column: str, default: Expression | None, type_: ColumnType | None = None) -> Check:
    """The column has the default, or has none; a default that is no literal is only looked for."""
    if default is None:
        return _attribute(table, column, "no_default", "a.atthasdef", f"{table}.{column} has a default still")
    wrong = "NOT a.atthasdef"
    if default.value is not None and type_ is not None and not type_.is_array and type_.name in _SPELLED_AS_WRITTEN:
        quoted = literal(default.value)
        spellings = (default.value, quoted, f"{quoted}::{replace(type_, modifiers=())}")
        wrong += (
            "\n      OR (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef AS d\n"
            "          WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum)\n"
            f"         NOT IN ({', '.join(literal(spelling) for spelling in spellings)})"
        )
    return _attribute(table, column, "default", wrong, f"{table}.{column} does not have the default {default.text}")


def constraint_is(table: Name, constraint: Constraint, *, validated: bool) -> Check:
    """The constraint exists, of its kind, and is validated when it shall be."""
    kind = _kind(constraint)
    valid = " AND c.convalidated" if validated else ""
    if isinstance(constraint, ForeignKey):
        valid += f"\n          AND c.confdeltype = {literal(_ACTIONS[constraint.on_delete])}"
    name = constraint.name or ""
    return Check(
        name=f"{name}_constraint",
        query=(
            "SELECT wanted.name AS missing_or_not_valid\n"
            f"FROM (VALUES ({literal(name)})) AS wanted (name)\n"
            "WHERE NOT EXISTS (\n"
            "    SELECT FROM pg_constraint AS c\n"
            f"    WHERE c.conrelid = {_class(table)} AND c.conname = wanted.name\n"
            f"          AND c.contype = {literal(kind)}{valid}\n"
            ")"
        ),
        about=f"{table}: {name}",
        failure=f"{table} has no {'valid ' if validated else ''}constraint {name}",
    )


_ACTIONS = {"NO ACTION": "a", "RESTRICT": "r", "CASCADE": "c", "SET NULL": "n", "SET DEFAULT": "d"}
"""`pg_constraint.confdeltype`."""


def _kind(constraint: Constraint) -> str:
    match constraint:
        case PrimaryKey():
            return "p"
        case Unique():
            return "u"
        case CheckConstraint():
            return "c"
        case ForeignKey():
            return "f"
        case Exclusion():
            return "x"
        case _:
            assert_never(constraint)


def rows_satisfy(
    table: Name, constraint: Constraint, ref_columns: tuple[str, ...] = (), required: frozenset[str] = frozenset()
) -> Check | None:
    """Every row satisfies the constraint; None for kinds that an index proves. `required` columns take no nulls."""
    match constraint:
        case CheckConstraint(expression=expression, name=name):
            # A check accepts unknown; what takes no nulls must not be null by accident.
            known = bool(expression.columns) and expression.columns <= required
            strict = "IS NOT TRUE" if known or expression.not_nulls else "IS FALSE"
            query = f"SELECT *\nFROM {table.sql}\nWHERE ({expression.text}) {strict}\nLIMIT 10"
            failure = f"{table} has rows that violate {name}"
            return Check(name=f"{name}_rows", query=query, about=f"{table}: {name}", failure=failure)
        case ForeignKey():
            columns = constraint.ref_columns or ref_columns
            if not columns:
                return None
            return Check(
                name=f"{constraint.name}_rows",
                query=probes.orphans(table, constraint, columns).query,
                about=f"{table}: {constraint.name}",
                failure=f"{table} has rows whose {', '.join(constraint.columns)} refers to no {constraint.ref_table}",
            )
        case _:
            return None


def constraint_gone(table: Name, name: str) -> Check:
    """The constraint is not there any more."""
    return Check(
        name=f"{name}_gone",
        query=(
            "SELECT c.conname AS still_there\nFROM pg_constraint AS c\n"
            f"WHERE c.conrelid = {_class(table)} AND c.conname = {literal(name)}"
        ),
        about=f"{table}: {name}",
        failure=f"{table} still has the constraint {name}",
    )


def index_is(table: Name, index: Index) -> Check:
    """The index exists on its table, with its method, and is valid."""
    name = index.name or ""
    return Check(
        name=f"{name}_index",
        query=(
            "SELECT wanted.name AS missing_or_not_valid\n"
            f"FROM (VALUES ({literal(name)})) AS wanted (name)\n"
            "WHERE NOT EXISTS (\n"
            "    SELECT FROM pg_index AS i\n"
            "    JOIN pg_class AS c ON c.oid = i.indexrelid\n"
            "    JOIN pg_am AS m ON m.oid = c.relam\n"
            f"    WHERE i.indrelid = {_class(table)} AND c.relname = wanted.name\n"
            f"          AND m.amname = {literal(index.using)} AND i.indisvalid"
            f"{' AND i.indisunique' if index.unique else ''}\n"
            ")"
        ),
        about=f"{table}: {name}",
        failure=f"{table} has no valid {index.using} index {name}",
    )


def index_gone(name: Name) -> Check:
    """The index is not there any more."""
    return Check(
        name=f"{name.name}_gone",
        query=f"SELECT still_there\nFROM {_class(name)} AS still_there\nWHERE still_there IS NOT NULL",
        about=str(name),
        failure=f"the index {name} is still there",
    )


def table_is(table: Table) -> Check:
    """The table exists with all its columns."""
    values = ", ".join(f"({literal(column.name)})" for column in table.columns)
    return Check(
        name=f"{table.name.name}_table",
        query=(
            "SELECT wanted.name AS missing_column\n"
            f"FROM (VALUES {values}) AS wanted (name)\n"
            "WHERE NOT EXISTS (\n"
            "    SELECT FROM pg_attribute AS a\n"
            f"    WHERE a.attrelid = {_class(table.name)} AND a.attname = wanted.name AND NOT a.attisdropped\n"
            ")"
        ),
        about=str(table.name),
        failure=f"the table {table.name} is missing, or a column of it is",
    )


def table_gone(name: Name) -> Check:
    """The table is not there any more."""
    return Check(
        name=f"{name.name}_gone",
        query=f"SELECT still_there\nFROM {_class(name)} AS still_there\nWHERE still_there IS NOT NULL",
        about=str(name),
        failure=f"the table {name} is still there",
    )


def enum_is(enum: Enum) -> Check:
    """The enum type exists with all its labels."""
    values = ", ".join(f"({literal(value)})" for value in enum.values)
    return Check(
        name=f"{enum.name.name}_labels",
        query=(
            "SELECT wanted.label AS missing_label\n"
            f"FROM (VALUES {values}) AS wanted (label)\n"
            "WHERE NOT EXISTS (\n"
            "    SELECT FROM pg_enum AS e\n"
            f"    WHERE e.enumtypid = to_regtype({literal(_namespaced(enum.name))}) AND e.enumlabel = wanted.label\n"
            ")"
        ),
        about=str(enum.name),
        failure=f"the type {enum.name} is missing, or a label of it is",
    )


def enum_is_just(enum: Enum) -> Check:
    """The enum type exists with these labels in this order, and no other."""
    labels = ", ".join(literal(value) for value in enum.values)
    return Check(
        name=f"{enum.name.name}_just_labels",
        query=(
            "SELECT found.labels AS other_labels\n"
            "FROM (\n"
            "    SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS labels\n"
            f"    FROM pg_enum AS e WHERE e.enumtypid = to_regtype({literal(_namespaced(enum.name))})\n"
            ") AS found\n"
            f"WHERE found.labels IS DISTINCT FROM ARRAY[{labels}]::text[]"
        ),
        about=str(enum.name),
        failure=f"the labels of the type {enum.name} are not just {', '.join(enum.values)}",
    )


def type_gone(name: Name) -> Check:
    """The type is not there any more."""
    type_ = f"to_regtype({literal(_namespaced(name))})"
    query = f"SELECT still_there\nFROM {type_} AS still_there\nWHERE still_there IS NOT NULL"
    return Check(name=f"{name.name}_gone", query=query, about=str(name), failure=f"the type {name} is still there")


def type_is(table: Name, column: str, shape: str) -> Check:
    """The column has the type."""
    wrong = f"format_type(a.atttypid, a.atttypmod) <> {literal(shape)}"
    return _attribute(table, column, "type", wrong, f"{table}.{column} is not {shape}")


def not_null_is(table: Name, column: str) -> Check:
    """The column is NOT NULL."""
    return _attribute(table, column, "not_null", "NOT a.attnotnull", f"{table}.{column} still takes nulls")


def extension_is(name: str) -> Check:
    """The extension is installed."""
    return Check(
        name=f"{name}_extension",
        query=(
            "SELECT wanted.name AS missing\n"
            f"FROM (VALUES ({literal(name)})) AS wanted (name)\n"
            "WHERE NOT EXISTS (SELECT FROM pg_extension AS e WHERE e.extname = wanted.name)"
        ),
        about=name,
        failure=f"the extension {name} is not installed",
    )


def relation_is(name: Name, kinds: str = "") -> Check:
    """The relation exists; `kinds` are letters of `pg_class.relkind` where it has to be one of these."""
    there = f'SELECT FROM pg_class WHERE oid = {_class(name)} AND relkind = ANY ({literal(kinds)}::"char"[])'
    return Check(
        name=f"{name.name}_there",
        query=(
            "SELECT wanted.name AS missing\n"
            f"FROM (VALUES ({literal(str(name))})) AS wanted (name)\n"
            f"WHERE {f'NOT EXISTS ({there})' if kinds else f'{_class(name)} IS NULL'}"
        ),
        about=str(name),
        failure=f"{name} is missing",
    )


def view_is(name: Name) -> Check:
    """The view exists, and is one."""
    return relation_is(name, "{v,m}")


def relation_gone(name: Name) -> Check:
    """The relation is not there any more."""
    return Check(
        name=f"{name.name}_gone",
        query=f"SELECT still_there\nFROM {_class(name)} AS still_there\nWHERE still_there IS NOT NULL",
        about=str(name),
        failure=f"{name} is still there",
    )


def comment_is(table: Name, column: str | None, comment: str | None) -> Check:
    """The table or column has the comment, or none."""
    if column is None:
        found = f"obj_description({_class(table)}, 'pg_class')"
    else:
        found = (
            "(SELECT col_description(a.attrelid, a.attnum) FROM pg_attribute AS a\n"
            f"       WHERE a.attrelid = {_class(table)} AND a.attname = {literal(column)} AND NOT a.attisdropped)"
        )
    what = f"{table}.{column}" if column else str(table)
    wanted = literal(comment) if comment is not None else "NULL"
    return Check(
        name=f"{table.name}_{column}_comment" if column else f"{table.name}_comment",
        query=f"SELECT {literal(what)} AS said_otherwise\nWHERE {found}\n      IS DISTINCT FROM {wanted}",
        about=what,
        failure=f"{what} does not have its comment",
    )


def identity_is(table: Name, column: str, identity: str | None) -> Check:
    """The column is an identity column of that kind, or none."""
    kind = {"always": "a", "by default": "d", None: ""}[identity]
    wrong = f"a.attidentity <> {literal(kind)}"
    words = f"is not GENERATED {identity.upper()} AS IDENTITY" if identity else "is an identity column still"
    return _attribute(table, column, "identity", wrong, f"{table}.{column} {words}")


def not_generated(table: Name, column: str) -> Check:
    """The column is not generated."""
    return _attribute(table, column, "plain", "a.attgenerated <> ''", f"{table}.{column} is generated still")


def namespace_is(name: str) -> Check:
    """The namespace exists."""
    return Check(
        name=f"{name}_namespace",
        query=(
            "SELECT wanted.name AS missing\n"
            f"FROM (VALUES ({literal(name)})) AS wanted (name)\n"
            "WHERE NOT EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname = wanted.name)"
        ),
        about=name,
        failure=f"the namespace {name} is missing",
    )
