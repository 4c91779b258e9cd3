"""Migrations of several folders in one database: those that make a thing before those of other folders that need it."""

from collections.abc import Mapping, Sequence

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_namespace import CreateNamespace
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.statement import Statement
from migration_ls.operations.union import Operation
from migration_ls.schema.names import Name
from migration_ls.schema.tables import ForeignKey


def by_need(
    paths: Sequence[str], folders: Mapping[str, str], statements: Mapping[str, Sequence[Statement]]
) -> list[str]:
    """The paths, in their order as far as possible, each behind those of other folders that make what it needs.

    Within a folder the order is that of the versions, whatever it needs; folders that need each other in a circle keep
    the order they had.
    """
    waiting: dict[str, list[str]] = {}
    for path in paths:
        waiting.setdefault(folders[path], []).append(path)
    if len(waiting) < 2:
        return list(paths)
    makers: dict[object, str] = {}
    for path in paths:
        for thing in _made(statements.get(path, ())):
            makers.setdefault(thing, path)
    place = {path: number for number, path in enumerate(paths)}
    missing = {path: _makers_of(path, folders, makers, statements.get(path, ())) for path in paths}
    done: set[str] = set()
    ordered: list[str] = []
    while any(waiting.values()):
        heads = sorted((queue[0] for queue in waiting.values() if queue), key=place.__getitem__)
        chosen = next((path for path in heads if missing[path] <= done), heads[0])
        waiting[folders[chosen]].pop(0)
        done.add(chosen)
        ordered.append(chosen)
    return ordered


def _makers_of(
    path: str, folders: Mapping[str, str], makers: Mapping[object, str], statements: Sequence[Statement]
) -> set[str]:
    """The files of other folders that make what the statements need."""
    found = {makers[thing] for thing in _needed(statements) if thing in makers}
    return {maker for maker in found if folders[maker] != folders[path]}


def _made(statements: Sequence[Statement]) -> set[object]:
    found: set[object] = set()
    for operation in _operations(statements):
        match operation:
            case CreateTable(table=table):
                found.add(table.name)
            case CreateNamespace(namespace=namespace):
                found.add(f"namespace {namespace}")
            case CreateEnum(enum=enum):
                found.add(enum.name)
            case _:
                pass
    return found


def _needed(statements: Sequence[Statement]) -> set[object]:
    found: set[object] = set()
    for operation in _operations(statements):
        names: list[Name] = []
        match operation:
            case CreateTable(table=table):
                names = [table.name, *(key.ref_table for key in table.foreign_keys)]
            case AddConstraint(table=name, constraint=ForeignKey(ref_table=other)):
                names = [name, other]
            case AddColumn(table=name, constraints=constraints):
                names = [name, *(item.ref_table for item in constraints if isinstance(item, ForeignKey))]
            case _:
                table_name = getattr(operation, "table", None)
                names = [table_name] if isinstance(table_name, Name) else []
        found |= {*names, *(f"namespace {name.namespace}" for name in names)}
    return found


def _operations(statements: Sequence[Statement]) -> list[Operation]:
    return [operation for statement in statements for operation in statement.operations]
