"""Tables and types."""

from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.drop_type import DropType
from migration_ls.planning import checks
from migration_ls.planning.plan import Mode, Phase
from migration_ls.planning.situation import Draft, Recipe, Situation, Turn
from migration_ls.schema.schema import Enum
from migration_ls.schema.tables import RelationKind


def create_table(operation: CreateTable, situation: Situation) -> Recipe:
    """One step: nobody uses it yet, so keys and indexes come with it."""
    name, above = operation.table.name, operation.table.partition_of
    if above and situation.current.kind(above) not in {None, RelationKind.PARTITIONED}:
        why = f"`{above}` is no partitioned table, and does not become one in place"
        way_out = "make a partitioned table beside it, copy the rows, and change names when it is filled"
        return Recipe(refusal=(why, way_out))
    referenced = sorted({str(key.ref_table) for key in operation.table.foreign_keys if key.ref_table != name})
    why = "nobody uses it yet, so its constraints and indexes cost nothing"
    if referenced:
        why += f"; its foreign keys take a brief lock on {', '.join(f'`{item}`' for item in referenced)}"
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.TABLE,
        operation=operation,
        title=f"Create the table `{name}`",
        why=why,
        table=name,
        alone=True,
        checks=(checks.table_is(operation.table),),
    )
    return Recipe(drafts=(draft,))


def drop_table(operation: DropTable) -> Recipe:
    """A contract step."""
    draft = Draft(
        phase=Phase.CONTRACT,
        turn=Turn.DROP,
        operation=operation,
        title=f"Drop the table `{operation.name}`",
        why="the previous release reads it: run this when no process of that release is left",
        table=operation.name,
        alone=True,
        checks=(checks.table_gone(operation.name),),
        accepted=(("drop-table", "asked for; the previous release is gone by then, and the plan states the loss"),),
    )
    return Recipe(drafts=(draft,))


def create_enum(operation: CreateEnum) -> Recipe:
    """One step that locks no relation."""
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.TYPE,
        operation=operation,
        title=f"Create the enum type `{operation.enum.name}`",
        why="a new type locks no table",
        table=None,
        checks=(checks.enum_is(operation.enum),),
    )
    return Recipe(drafts=(draft,))


def add_enum_value(operation: AddEnumValue) -> Recipe:
    """One step outside a transaction, so that the label can be used right after."""
    only = Enum(name=operation.enum, values=(operation.value,))
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.TYPE,
        operation=operation,
        title=f"Add the label `{operation.value}` to `{operation.enum}`",
        why="outside a transaction, so that the label can be used right after",
        table=None,
        mode=Mode.AUTOCOMMIT,
        checks=(checks.enum_is(only),),
    )
    return Recipe(drafts=(draft,))


def drop_type(operation: DropType) -> Recipe:
    """A contract step, after the columns of that type."""
    draft = Draft(
        phase=Phase.CONTRACT,
        turn=Turn.DROP + 1,
        operation=operation,
        title=f"Drop the type `{operation.name}`",
        why="no column uses it any more",
        table=None,
        alone=True,
        checks=(checks.type_gone(operation.name),),
    )
    return Recipe(drafts=(draft,))
