"""What operations change, table by table."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Constraint, Index, Table


@dataclass(slots=True, kw_only=True)
class TableChanges:
    """What shall be said differently about one table; names of columns as they are wanted."""

    columns: dict[str, None] = field(default_factory=dict)
    dropped: dict[str, None] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    constraints: list[Constraint] = field(default_factory=list)
    dropped_constraints: dict[str, None] = field(default_factory=dict)
    indexes: list[Index] = field(default_factory=list)
    dropped_indexes: dict[str, None] = field(default_factory=dict)
    comment: bool = False
    """Whether the table's comment may have changed."""


def changes_by_table(operations: Iterable[Operation], wanted: Schema, present: Schema) -> dict[Name, TableChanges]:
    """The changes of tables that exist, in the order of the operations; `wanted` decides what holds in the end.

    Tables that are renamed stand under their new name.
    """
    operations = tuple(operations)
    found: dict[Name, TableChanges] = {}

    renamed = renamed_tables(operations, present)

    def of(name: Name) -> TableChanges:
        return found.setdefault(renamed.get(name, name), TableChanges())

    for operation in operations:
        match operation:
            case AddColumn(table=table, column=column, constraints=constraints):
                of(table).columns[column.name] = None
                of(table).constraints += constraints
            case (
                SetType(table=table, column=column)
                | SetNotNull(table=table, column=column)
                | DropNotNull(table=table, column=column)
                | SetDefault(table=table, column=column)
                | SetIdentity(table=table, column=column)
            ):
                of(table).columns[column] = None
            case RenameTable(name=name) if name in renamed:
                of(name)
            case CommentOn(table=Name() as table, column=None):
                of(table).comment = True
            case CommentOn(table=Name() as table, column=str() as column):
                of(table).columns[column] = None
            case DropColumn(table=table, column=column):
                of(table).dropped[column] = None
            case RenameColumn(table=table, column=column, to=to):
                of(table).renamed[column] = to
            case AddConstraint(table=table, constraint=constraint):
                of(table).constraints.append(constraint)
            case DropConstraint(table=table, constraint=constraint):
                of(table).dropped_constraints[constraint] = None
            case CreateIndex(table=table, index=index):
                of(table).indexes.append(index)
            case DropIndex(name=name, table=table):
                holder = table or _table_of_index(present, name)
                if holder is not None:
                    of(holder).dropped_indexes[name.name] = None
            case _:
                pass
    return {name: _settled(changes, wanted.tables.get(name)) for name, changes in found.items()}


def renamed_tables(operations: Iterable[Operation], present: Schema) -> dict[Name, Name]:
    """The new names of tables that are there, by their old ones."""
    renames = (operation for operation in operations if isinstance(operation, RenameTable))
    return {item.name: item.new_name for item in renames if item.name in present.tables}


def _table_of_index(schema: Schema, name: Name) -> Name | None:
    found = schema.find_index(name.name, name.namespace)
    return found[0].name if found else None


def _settled(changes: TableChanges, wanted: Table | None) -> TableChanges:
    """Without what a later operation took back."""
    if wanted is None:
        return TableChanges()
    names = {column.name for column in wanted.columns}
    changes.columns = {changes.renamed.get(name, name): None for name in changes.columns}
    changes.columns = {name: None for name in changes.columns if name in names}
    changes.dropped = {name: None for name in changes.dropped if name not in names}
    kept = {item.name for item in wanted.constraints}
    named = [_named(item, wanted) for item in changes.constraints]
    changes.constraints = [item for item in named if item.name is None or item.name in kept]
    kept -= {item.name for item in changes.constraints}
    changes.dropped_constraints = {name: None for name in changes.dropped_constraints if name not in kept}
    indexes = {item.name for item in wanted.indexes}
    changes.indexes = [item for item in changes.indexes if item.name is None or item.name in indexes]
    indexes -= {item.name for item in changes.indexes}
    changes.dropped_indexes = {name: None for name in changes.dropped_indexes if name not in indexes}
    return changes


def _named(constraint: Constraint, wanted: Table) -> Constraint:
    """The constraint under the name it has in the end."""
    if constraint.name is not None:
        return constraint
    return next((item for item in wanted.constraints if replace(item, name=None) == constraint), constraint)
