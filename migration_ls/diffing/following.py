"""What requests speak of by a former name, once another request gives it a new one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Change
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
