"""Renames that are asked for: what other requests call by the former name, and what differs besides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from migration_ls.diffing.differences import differences
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.union import Operation
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Change, Request
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Renames:
    """New names by former ones: of tables, and of columns by the table's name, former or new."""

    tables: Mapping[Name, Name]
    columns: Mapping[tuple[Name, str], str]

    def followed(self, change: Change, schema: Schema) -> Change:
        """The change in the schema's words: what it calls by a name that is gone has the new one."""
        match change:
            case (
                asked.AddTable()
                | asked.AddEnum()
                | asked.AddEnumValue()
                | asked.ChangeEnum()
                | asked.RenameTable()
                | asked.DropTable()
                | asked.DropColumn()
            ):
                return change
            case _:
                name = self.tables.get(change.table)
        if name is not None and schema.table(change.table) is None and schema.table(name) is not None:
            change = replace(change, table=name)
        table = schema.table(change.table)
        match change:
            case asked.ChangeType() | asked.ChangeNullable() | asked.ChangeDefault():
                to = self.columns.get((change.table, change.column))
                if to is not None and table is not None and table.column(change.column) is None and table.column(to):
                    return replace(change, column=to)
            case _:
                pass
        return change


def renames(changes: Iterable[Change]) -> Renames:
    """The renames among changes."""
    tables: dict[Name, Name] = {}
    columns: dict[tuple[Name, str], str] = {}
    for change in changes:
        match change:
            case asked.RenameTable(table=table, to=to):
                tables[table] = Name(to, table.namespace)
            case asked.RenameColumn(table=table, column=column, to=to):
                columns[table, column] = to
                columns[tables.get(table, table), column] = to
            case _:
                pass
    return Renames(tables=tables, columns=columns)


def followed(requests: Iterable[Request], schema: Schema) -> list[Request]:
    """The requests in the words of a schema that has the new names."""
    known = list(requests)
    names = renames(request.change for request in known)
    return [replace(request, change=names.followed(request.change, schema)) for request in known]


def direct_differences(current: Schema, wanted: Schema, changes: Iterable[Change]) -> tuple[Operation, ...]:
    """As `differences`, where what the changes rename is renamed, and is no loss and gain."""
    found: list[Operation] = []
    schema = current
    known = list(changes)
    for change in known:
        if isinstance(change, asked.RenameTable) and schema.table(change.table):
            to = Name(change.to, change.table.namespace)
            if wanted.table(to) and not schema.table(to) and not wanted.table(change.table):
                found.append(RenameTable(name=change.table, to=change.to))
                schema = found[-1].apply(schema)
    names = renames(known)
    for change in known:
        if isinstance(change, asked.RenameColumn):
            name = names.tables.get(change.table, change.table)
            before, after = schema.table(name), wanted.table(name)
            gone = before and after and before.column(change.column) and not after.column(change.column)
            if gone and before and after and after.column(change.to) and not before.column(change.to):
                found.append(RenameColumn(table=name, column=change.column, to=change.to))
                schema = found[-1].apply(schema)
    return (*found, *differences(schema, wanted))
