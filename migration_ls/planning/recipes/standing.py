"""Constraints and indexes of columns that are replaced: built on the new ones, in place of those on the old."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from migration_ls.diffing.differences import columns_of
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.rename_constraint import RenameConstraint
from migration_ls.operations.rename_index import RenameIndex
from migration_ls.operations.union import Operation
from migration_ls.planning.plan import Phase
from migration_ls.planning.recipes.constraints import add_constraint, concurrent_drop, create_index
from migration_ls.planning.recipes.sides import Side, free_name
from migration_ls.planning.situation import Draft, Situation, Turn
from migration_ls.postgres.quoting import object_name
from migration_ls.schema.names import Name
from migration_ls.schema.renamed import renamed
from migration_ls.schema.tables import Check, Constraint, Index, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A constraint or index of the new columns: as it is built, and its name in the end.

    `former` is what has that name until then.
    """

    table: Name
    built: Constraint | Index
    name: str
    former: Constraint | Index | None


def items_of(sides: Sequence[Side], affected_names: AbstractSet[str], current: Table, wanted: Table) -> Iterator[Item]:
    """What shall stand on the new columns, under names that are free until the switch."""
    names = {final: passing for side in sides for final, passing in side.new.items()}
    there = {item.name: item for item in (*current.constraints, *current.indexes)}
    for item in (*wanted.constraints, *wanted.indexes):
        if item.name is None or item.name not in affected_names:
            continue
        former = there.get(item.name)
        name = free_name(item.name, "new", {str(known) for known in there}) if former else item.name
        built = renamed(item, {final: passing for final, passing in names.items() if final != passing})
        yield Item(table=current.name, built=replace(built, name=name), name=item.name, former=former)


def retired_of(
    sides: Sequence[Side], affected_names: AbstractSet[str], wanted: Table, current: Table
) -> Iterator[Constraint | Index]:
    """What stands on the old columns, and would refuse rows that the new release may write."""
    names = {
        old.name: new.name
        for side in sides
        if len(side.pair.news) == 1
        for old, new in zip(side.pair.olds, side.pair.news, strict=False)
    }
    olds = {column.name for side in sides for column in side.pair.olds}
    meant = {column.name for side in sides if side.pair.meant or side.pair.lossy for column in side.pair.olds}
    for item in (*current.constraints, *current.indexes):
        used = olds & columns_of(item)
        if item.name is None or item.name not in affected_names or (isinstance(item, Index) and not item.unique):
            continue
        after = wanted.index(item.name) if isinstance(item, Index) else wanted.constraint(item.name)
        if renamed(item, names) != after or (isinstance(item, Check) and used & meant):
            yield item


def built(item: Item, situation: Situation) -> Iterator[Draft]:
    """The steps that build it while nobody waits, as for anything new; proven once the rows are filled."""
    slow = replace(situation, rows={}, downtime=False)
    if isinstance(item.built, Index):
        drafts = create_index(CreateIndex(table=item.table, index=item.built), slow).drafts
    else:
        drafts = add_constraint(AddConstraint(table=item.table, constraint=item.built), slow).drafts
    for draft in drafts:
        yield replace(draft, phase=Phase.FINISH)


def renamed_items(table: Name, items: Sequence[Item]) -> Iterator[Draft]:
    """What stands on the new columns gets the names that it shall have, and what has them steps aside."""
    for item in items:
        if item.former:
            yield _called(table, item.former, item.name, aside(item))
    for item in items:
        if item.built.name != item.name:
            yield _called(table, item.built, item.built.name or "", item.name)


def aside(item: Item) -> str:
    """The name that what stands on the old columns has from the switch on."""
    return object_name("", item.name[:50], "old")


def _called(table: Name, item: Constraint | Index, name: str, to: str) -> Draft:
    operation: Operation = (
        RenameIndex(name=Name(name, table.namespace), to=to)
        if isinstance(item, Index)
        else RenameConstraint(table=table, constraint=name, to=to)
    )
    return Draft(
        phase=Phase.SWITCH,
        turn=Turn.COLUMN,
        operation=operation,
        title=f"Call `{name}` `{to}`",
        why="a change of the catalog alone",
        table=table,
    )


_UNUSED = "nothing uses it any more: what stands on the new column has taken its place"


def dropped(table: Name, item: Constraint | Index, name: str, phase: Phase) -> Draft:
    """The step that drops a constraint or an index of the old columns."""
    if isinstance(item, Index):
        draft = concurrent_drop(DropIndex(name=Name(name, table.namespace), table=table))
        return replace(draft, phase=phase, why=_UNUSED, checks=())
    return Draft(
        phase=phase,
        turn=Turn.DROP,
        operation=DropConstraint(table=table, constraint=name),
        title=f"Drop the constraint `{name}` of `{table}`",
        why=_UNUSED,
        table=table,
        alone=True,
    )
