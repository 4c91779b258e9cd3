"""The canonical JSON of a schema, format `schema/1`."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.changed import changed
from migration_ls.schema.expression import Expression
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, ForeignKey, Index, PythonDefault, RelationKind, Table

_PRINTED = frozenset({"interval", "time without time zone"})
"""Types whose literals PostgreSQL prints in another spelling."""
_EXPONENT = re.compile(r"-?\d+(?:\.\d+)?[eE][+-]?\d{1,2}")
_BARE = frozenset({"smallint", "integer", "bigint"})


def schema_json(schema: Schema) -> dict[str, Any]:
    """The schema as data for `json.dumps`: tables and enums by name, `schema` null for `public`.

    `default` and other expressions are as they were written; `python_default` is there where the source knows it, and
    `line` (from 1) where the source is a text.
    A partition is no table of its own, and a foreign key that names no columns has those of the key it refers to.
    """
    tables = [table for _, table in sorted(schema.tables.items(), key=lambda item: (item[0].namespace, item[0].name))]
    enums = sorted(schema.enums.values(), key=lambda enum: (enum.name.namespace, enum.name.name))
    return {
        "format": "schema/1",
        "dialect": "postgresql",
        "tables": [
            _table(table, schema)
            for table in tables
            if table.kind is not RelationKind.MATERIALIZED_VIEW and table.partition_of is None
        ],
        "enums": [
            {"schema": _namespace(enum.name.namespace), "name": enum.name.name, "values": list(enum.values)}
            for enum in enums
        ],
    }


def as_printed(schema: Schema) -> Schema:
    """The schema with literals as a server prints them: without escapes or exponents, intervals and times its way."""
    for table in schema.tables.values():
        columns = tuple(_printed(column) for column in table.columns)
        if any(new is not old for new, old in zip(columns, table.columns, strict=True)):
            schema = schema.with_table(changed(table, columns=columns))
    return schema


def _printed(column: Column) -> Column:
    default = column.default
    if default is None:
        return column
    respelled = column.type.name in _PRINTED or default.text.startswith(("$", "E'", "e'", "U&"))
    if respelled and default.canonical.startswith("'"):
        return changed(column, default=replace(default, text=default.canonical))
    if _EXPONENT.fullmatch(default.text):
        return changed(column, default=replace(default, text=f"{Decimal(default.text):f}"))
    return column


def _namespace(name: str) -> str | None:
    return None if name == "public" else name


def _table(table: Table, schema: Schema) -> dict[str, Any]:
    key = table.primary_key.columns if table.primary_key else ()
    result: dict[str, Any] = {
        "schema": _namespace(table.name.namespace),
        "name": table.name.name,
        "columns": [_column(column, in_key=column.name in key) for column in table.columns],
        "primary_key": list(key),
        "foreign_keys": [_foreign_key(item, schema) for item in table.foreign_keys],
        "uniques": [{"name": item.name, "columns": list(item.columns)} for item in table.uniques],
        "checks": [{"name": item.name, "expression": item.expression.text} for item in table.checks],
        "indexes": [_index(item) for item in table.indexes],
    }
    if table.comment is not None:
        result["comment"] = table.comment
    if table.origin is not None:
        result["line"] = table.origin.line + 1
    return result


def _column(column: Column, *, in_key: bool) -> dict[str, Any]:
    result: dict[str, Any] = {
        "name": column.name,
        "type": str(column.type),
        "nullable": column.nullable,
        "default": _text(column.default),
        "primary_key": in_key,
        "autoincrement": column.autoincrement,
        "identity": column.identity,
        "generated": _text(column.generated),
        "python_default": _python_default(column.python_default, column.type),
    }
    if column.comment is not None:
        result["comment"] = column.comment
    if column.origin is not None:
        result["line"] = column.origin.line + 1
    return result


def _text(expression: Expression | None) -> str | None:
    return expression.text if expression is not None else None


def _python_default(default: PythonDefault | None, type_: ColumnType) -> dict[str, Any] | None:
    """What SQLAlchemy's column has; a default of the model's constructor alone is none of the column's."""
    if default is None or default.applied_by == "model":
        return None
    match default.kind:
        case "value":
            return {"kind": "value", "value": _value(default.text, type_)}
        case "callable":
            return {"kind": "callable", "name": default.text}
        case "sql":
            return {"kind": "sql", "expression": default.text}


def _value(text: str, type_: ColumnType) -> str | int | bool:
    if type_.name == "boolean" and text in {"true", "false"}:
        return text == "true"
    if type_.name in _BARE and text.removeprefix("-").isdecimal():
        return int(text)
    return text


def _foreign_key(key: ForeignKey, schema: Schema) -> dict[str, Any]:
    referred = schema.table(key.ref_table)
    key_of_referred = referred.primary_key.columns if referred and referred.primary_key else ()
    return {
        "name": key.name,
        "columns": list(key.columns),
        "ref_schema": _namespace(key.ref_table.namespace),
        "ref_table": key.ref_table.name,
        "ref_columns": list(key.ref_columns or key_of_referred),
        "on_delete": None if key.on_delete == "NO ACTION" else key.on_delete,
        "on_update": None if key.on_update == "NO ACTION" else key.on_update,
    }


def _index(index: Index) -> dict[str, Any]:
    return {
        "name": index.name,
        "columns": [str(part) for part in index.parts],
        "unique": index.unique,
        "using": index.using,
        "where": _text(index.where),
        "include": list(index.include),
    }
