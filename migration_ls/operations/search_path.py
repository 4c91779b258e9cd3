"""Names without a namespace, where the search path has more than one: the first that holds such a relation is meant."""

from dataclasses import fields, replace
from typing import Any

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.context import Session
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.union import Operation
from migration_ls.schema.dependents import relation_named
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import ForeignKey


def found(operation: Operation, schema: Schema, session: Session) -> Operation:
    """The operation on the relations that its names mean; readers put all of them into the first namespace."""
    path = [name for name in session.search_path if name not in {"$user", "pg_catalog"}]
    if len(path) < 2:
        return operation
    if isinstance(operation, CreateTable):
        keys = tuple(_key(key, schema, path) for key in operation.table.foreign_keys)
        operation = replace(operation, table=replace(operation.table, foreign_keys=keys))
    elif isinstance(operation, AddConstraint) and isinstance(operation.constraint, ForeignKey):
        operation = replace(operation, constraint=_key(operation.constraint, schema, path))
    changes: dict[str, Any] = {}
    for item in fields(operation):
        value = getattr(operation, item.name)
        if isinstance(value, Name):
            changes[item.name] = _meant(value, schema, path)
        elif isinstance(value, tuple) and value and all(isinstance(name, Name) for name in value):
            changes[item.name] = tuple(_meant(name, schema, path) for name in value)
    changes = {name: value for name, value in changes.items() if value != getattr(operation, name)}
    return replace(operation, **changes) if changes else operation


def _key(key: ForeignKey, schema: Schema, path: list[str]) -> ForeignKey:
    return replace(key, ref_table=_meant(key.ref_table, schema, path))


def _meant(name: Name, schema: Schema, path: list[str]) -> Name:
    if name.namespace != path[0] or relation_named(schema, name):
        return name
    others = (Name(name.name, namespace) for namespace in path[1:])
    return next((other for other in others if relation_named(schema, other)), name)
