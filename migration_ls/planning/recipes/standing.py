"""Constraints and indexes of columns that are replaced: built on the new ones, in place of those on the old."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from migration_ls.schema.dependents import keys_to
from migration_ls.schema.names import Name
from migration_ls.schema.renamed import renamed
from migration_ls.schema.tables import Check, Constraint, ForeignKey, Index, PrimaryKey, Table, index_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A constraint or index of the new columns: as it is built, and its name in the end.

    `former` is what has that name until then.
    """

    table: Name
    built: Constraint | Index
    name: str
    former: Constraint | Index | None
    key: PrimaryKey | None = None
    """The primary key that the index becomes, once the one on the old columns goes."""


Passing = Mapping[Name, Mapping[str, str]]
"""The names that new columns of each table have until the switch, by those they get then."""


def passing_names(sides: Iterable[Side]) -> Passing:
    """The passing names of all sides."""
    found: dict[Name, dict[str, str]] = {}
    for side in sides:
        changed = {final: passing for final, passing in side.new.items() if final != passing}
        found.setdefault(side.pair.table, {}).update(changed)
    return found


def items_of(
    affected_names: AbstractSet[str], current: Table, situation: Situation, passing: Passing
) -> Iterator[Item]:
    """What shall stand on the new columns, under names that are free until the switch."""
    wanted = situation.wanted.tables[current.name]
    there = {item.name: item for item in (*current.constraints, *current.indexes)}
    for item in (*wanted.constraints, *wanted.indexes):
        if item.name is None or item.name not in affected_names:
            continue
        former = there.get(item.name)
        name = free_name(item.name, "new", {str(known) for known in there}) if former else item.name
        built = replace(renamed(item, passing[current.name]), name=name)
        if isinstance(built, ForeignKey):
            built = _aimed(built, situation, passing)
        if isinstance(built, PrimaryKey) and isinstance(item, PrimaryKey) and former:
            yield Item(table=current.name, built=index_of(built, name), name=item.name, former=former, key=item)
        else:
            yield Item(table=current.name, built=built, name=item.name, former=former)


def _aimed(key: ForeignKey, situation: Situation, passing: Passing) -> ForeignKey:
    """The foreign key to the new columns of the other table, where it has such."""
    names = passing.get(key.ref_table)
    if not names:
        return key
    referred = key.referred(situation.wanted.table(key.ref_table))
    return replace(key, ref_columns=tuple(names.get(name, name) for name in referred))


def referring_items(
    sides: Sequence[Side], affected_names: AbstractSet[str], situation: Situation, passing: Passing
) -> Iterator[Item]:
    """Foreign keys to the new columns, of columns that stay as they are: beside those to the old ones."""
    table = sides[0].wanted
    olds = [column.name for side in sides if side.pair.swaps for column in side.pair.olds]
    for other, key in keys_to(situation.wanted, table, olds):
        own = key.name in affected_names if other.name == table.name else _replaces(key, passing.get(other.name))
        there = situation.current.table(other.name)
        former = there.constraint(key.name or "") if there else None
        if own or there is None or former is None:
            continue
        name = free_name(key.name or "", "new", {str(item.name) for item in there.constraints})
        built = replace(_aimed(key, situation, passing), name=name)
        yield Item(table=other.name, built=built, name=key.name or "", former=former)


def _replaces(key: ForeignKey, names: Mapping[str, str] | None) -> bool:
    return names is not None and not names.keys().isdisjoint(key.columns)


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
    own = [item for item in items if item.table == table]
    for item in own:
        if item.former:
            yield _called(table, item.former, item.name, aside(item))
    for item in own:
        if item.built.name != item.name and not item.key:
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
