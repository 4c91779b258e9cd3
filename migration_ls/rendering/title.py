"""A name for a migration that no spec names."""

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.rename_type import RenameType
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.planning.plan import Plan
from migration_ls.schema.names import Name

_MOST_NAMES = 3


def title_of(plan: Plan) -> str:
    """Made from the changes: `add_priority_to_tasks`, `drop_notes_of_tasks`, `change_tasks`."""
    operations = plan.differences
    tables = list(dict.fromkeys(str(table.name) for table in map(_table, operations) if table))
    where = "_and_".join(tables[:2]).replace(".", "_") or "schema"
    added = [item.column.name for item in operations if isinstance(item, AddColumn)]
    if added and all(isinstance(item, AddColumn | AddConstraint | CreateIndex) for item in operations):
        return _short(f"add_{'_and_'.join(added[:_MOST_NAMES])}_to_{where}")
    if all(isinstance(item, CreateTable) for item in operations):
        return _short(f"create_{where}")
    dropped = [item.column for item in operations if isinstance(item, DropColumn)]
    if dropped and len(dropped) == len(operations):
        return _short(f"drop_{'_and_'.join(dropped[:_MOST_NAMES])}_of_{where}")
    changed = [item.column for item in operations if isinstance(item, SetType)]
    if changed and len(changed) == len(operations):
        return _short(f"change_type_of_{'_and_'.join(changed[:_MOST_NAMES])}_in_{where}")
    if all(isinstance(item, DropTable) for item in operations):
        return _short(f"drop_{where}")
    if all(isinstance(item, RenameType | CreateEnum | AddEnumValue) for item in operations):
        types = dict.fromkeys(item.name.name for item in operations if isinstance(item, RenameType))
        return _short(f"change_labels_of_{'_and_'.join(types)}" if types else "change_types")
    return _short(f"change_{where}")


def _short(name: str) -> str:
    words = "".join(char if char.isalnum() else "_" for char in name.lower())
    return words[:60].rstrip("_")


def _table(operation: Operation) -> Name | None:
    match operation:
        case CreateTable(table=table):
            return table.name
        case DropTable(name=name):
            return name
        case _:
            found = getattr(operation, "table", None)
            return found if isinstance(found, Name) else None
