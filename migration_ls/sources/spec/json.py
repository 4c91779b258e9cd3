"""Requests as JSON: the format `changes/1`, with `document`, `grade`, `evidence` and the alternatives."""

from collections.abc import Iterator, Mapping
from typing import Any

from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Change, Grade, Request
from migration_ls.schema.tables import (
    Check,
    Column,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    PrimaryKey,
    Table,
    Unique,
)
from migration_ls.sources.reading import RequestReading

Json = dict[str, Any]


def requests_json(readings: Mapping[str, RequestReading]) -> Json:
    """The requests of documents, by their paths; lines count from 1, columns of new tables are changes of their own."""
    changes = [
        change
        for path, reading in readings.items()
        for request in reading.requests
        for change in _entries(path, request)
    ]
    enums = {
        str(request.change.enum.name): list(request.change.enum.values)
        for reading in readings.values()
        for request in reading.requests
        if isinstance(request.change, asked.AddEnum)
    }
    for change in changes:
        if change["type"] in enums and not change["enum_values"]:
            change["enum_values"] = enums[change["type"]]
    return {
        "format": "changes/1",
        "source": {"kind": "spec", "paths": list(readings)},
        "none": not changes,
        "changes": changes,
    }


def _entries(path: str, request: Request) -> Iterator[Json]:
    group = {"group": request.group, "option": request.option} if request.group else None
    yield from _of_change(path, request, request.change, group)
    for reading in request.alternatives:
        for change in reading.changes:
            yield from _of_change(path, request, change, {"group": request.group, "option": reading.option})


def _of_change(  # noqa: C901 - one case per kind
    path: str, request: Request, change: Change, group: Json | None
) -> Iterator[Json]:
    def entry(kind: str, table: Name | None, **more: Any) -> Json:
        line = more.pop("line", None) or request.origin.line + 1
        made: Json = {
            "change": kind,
            "table": table.name if table else None,
            "schema": table.namespace if table and table.namespace != "public" else None,
            "name": more.pop("name", None),
            "type": more.pop("type", None),
            "nullable": more.pop("nullable", None),
            "default": more.pop("default", None),
            "enum_values": more.pop("enum_values", None),
            "line": line,
            "document": path,
            "explicit": request.grade is Grade.DECLARED,
            "grade": request.grade.value,
            "evidence": request.evidence,
            **more,
        }
        return made | ({"alternative": group} if group else {})

    match change:
        case asked.AddTable(table=table):
            key = list(table.primary_key.columns) if table.primary_key else []
            yield entry("add_table", table.name, primary_key=key)
            yield from (entry(**part) for part in _of_table(table))
        case asked.AddColumn(table=table, column=column, values=values):
            yield entry("add_column", table, **_column(column, values))
        case asked.AddConstraint(table=table, constraint=constraint):
            yield entry(**_constraint(table, constraint))
        case asked.AddIndex(table=table, index=index):
            yield entry("add_index", table, **_index(index))
        case asked.ChangeType(table=table, column=name, type=type_):
            using = {"using": change.using.text} if change.using else {}
            yield entry("alter_type", table, name=name, type=str(type_), **using)
        case asked.ChangeNullable(table=table, column=name, nullable=nullable, fill=fill):
            kind = "drop_not_null" if nullable else "set_not_null"
            yield entry(kind, table, name=name, default=fill.text if fill else None)
        case asked.ChangeDefault(table=table, column=name, default=default):
            yield entry("set_default", table, name=name, default=default.text if default else None)
        case asked.DropColumn(table=table, column=name):
            yield entry("drop_column", table, name=name)
        case asked.RenameColumn(table=table, column=name, to=to):
            yield entry("rename_column", table, name=name, to=to)
        case asked.ReplaceColumns():
            yield from (entry("replace_column", change.table, **part) for part in _replacing(change))
        case asked.MoveColumns(table=table, columns=columns, to=to, into=into):
            if change.new:
                key = list(change.new.primary_key.columns) if change.new.primary_key else []
                yield entry("add_table", to, primary_key=key)
            for name, column in zip(columns, into, strict=True):
                yield entry("move_column", table, name=name, to=column.name, to_table=str(to))
        case asked.RenameTable(table=table, to=to):
            yield entry("rename_table", table, to=to)
        case asked.DropTable(table=table):
            yield entry("drop_table", table)
        case asked.DropIndex(table=table, index=name):
            yield entry("drop_index", table, name=name)
        case asked.DropConstraint(table=table, constraint=name):
            yield entry("drop_constraint", table, name=name)
        case asked.AddEnum() | asked.AddEnumValue() | asked.ChangeEnum():
            yield entry(**_of_enum(change))


def _of_enum(change: asked.AddEnum | asked.AddEnumValue | asked.ChangeEnum) -> Json:
    match change:
        case asked.AddEnum(enum=enum):
            return {"kind": "add_enum", "table": None, "enum": enum.name.name, "enum_values": list(enum.values)}
        case asked.AddEnumValue(enum=name, value=value, after=after):
            return {"kind": "add_enum_value", "table": None, "enum": name.name, "value": value, "after": after}
        case asked.ChangeEnum(enum=name, values=values):
            return {"kind": "change_enum", "table": None, "enum": name.name, "enum_values": list(values)}


def _replacing(change: asked.ReplaceColumns) -> Iterator[Json]:
    for column, made in zip(change.into, change.forward, strict=True):
        yield {"columns": list(change.columns), "using": made.text, **_column(column, ())}


def _of_table(table: Table) -> Iterator[Json]:
    key = table.primary_key.columns if table.primary_key else ()
    for column in table.columns:
        if column.origin is None:
            # The key that every table of the project has; no word of the document asks for it.
            continue
        own = [check for check in table.checks if check.expression.columns == frozenset({column.name})]
        values = next((check.expression.allowed_values for check in own if check.expression.allowed_values), ())
        made = {"kind": "add_column", "table": table.name, **_column(column, values), "in_new_table": True}
        yield made | ({"primary_key": True} if column.name in key else {})
    for constraint in table.constraints:
        if isinstance(constraint, PrimaryKey):
            continue
        yield {**_constraint(table.name, constraint), "in_new_table": True}
    for index in table.indexes:
        yield {"kind": "add_index", "table": table.name, **_index(index), "in_new_table": True}


def _column(column: Column, values: tuple[str, ...]) -> Json:
    return {
        "name": column.name,
        "type": str(column.type),
        "nullable": column.nullable,
        "default": column.default.text if column.default else None,
        "enum_values": list(values) or None,
        "line": column.origin.line + 1 if column.origin else None,
    }


def _index(index: Index) -> Json:
    return {
        "columns": [str(part) for part in index.parts],
        "unique": index.unique,
        "using": index.using,
        "index_name": index.name,
        "where": index.where.text if index.where else None,
        "line": index.origin.line + 1 if index.origin else None,
    }


def _constraint(table: Name, constraint: Constraint) -> Json:
    line = constraint.origin.line + 1 if constraint.origin else None
    shared: Json = {"kind": "add_constraint", "table": table, "line": line, "constraint_name": constraint.name}
    match constraint:
        case Unique(columns=columns):
            return shared | {"constraint": "unique", "columns": list(columns)}
        case Check(expression=expression):
            return shared | {"constraint": "check", "expression": expression.text}
        case ForeignKey(columns=columns, ref_table=other, ref_columns=targets, on_delete=on_delete):
            return shared | {
                "constraint": "foreign_key",
                "columns": list(columns),
                "ref_schema": other.namespace if other.namespace != "public" else None,
                "ref_table": other.name,
                "ref_columns": list(targets),
                "on_delete": on_delete,
            }
        case PrimaryKey(columns=columns):
            return shared | {"constraint": "primary_key", "columns": list(columns)}
        case Exclusion(definition=definition):
            return shared | {"constraint": "exclusion", "expression": definition}
