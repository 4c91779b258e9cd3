"""The order of steps: by phase and turn, and nothing before what it needs or while something still stands on it."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_sequence import CreateSequence
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_sequence import DropSequence
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.planning.plan import Phase
from migration_ls.planning.situation import Draft, Turn
from migration_ls.schema.dependents import keys_to
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, ForeignKey, PrimaryKey, Table, Unique

_PHASES = (Phase.RENAME, Phase.EXPAND, Phase.BACKFILL, Phase.FINISH, Phase.SWITCH, Phase.CONTRACT)
_Item = tuple[Draft, Operation]
_Thing = tuple[object, ...]
"""`("key", table, columns)`, `("no view", name)`: something that a step makes true, or needs to be true."""


@dataclass(slots=True)
class _Unit:
    """Drafts that stay together, with what they bring about and what they need."""

    items: list[_Item]
    makes: frozenset[_Thing]
    needs: frozenset[_Thing]


def ordered(drafts: Sequence[_Item], current: Schema) -> list[_Item]:
    """The drafts in an order that works; a step that needs a later phase's moves to that phase."""
    units = [_unit(items, current) for items in _together(drafts)]
    makers: dict[_Thing, list[int]] = {}
    for number, unit in enumerate(units):
        for thing in unit.makes:
            makers.setdefault(thing, []).append(number)
    before = [
        frozenset(other for thing in unit.needs for other in makers.get(thing, ()) if other != number)
        for number, unit in enumerate(units)
    ]
    before = [needed | _former(units, number) for number, needed in enumerate(before)]
    _settle_phases(units, before)
    ranks = _ranks(units)
    return [item for number in _sorted(units, before, ranks) for item in units[number].items]


def _former(units: list[_Unit], number: int) -> frozenset[int]:
    """The unit before, where both come from one recipe: its steps stay in their order."""
    same = number > 0 and units[number].items[0][1] is units[number - 1].items[0][1]
    return frozenset({number - 1}) if same else frozenset()


def _together(drafts: Sequence[_Item]) -> Iterator[list[_Item]]:
    """Each draft with those that are joined to it."""
    group: list[_Item] = []
    for item in drafts:
        if group and not (item[0].joined or item[0].after_last):
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _settle_phases(units: list[_Unit], before: list[frozenset[int]]) -> None:
    for _ in units:
        moved = False
        for unit, needed in zip(units, before, strict=True):
            latest = max((_phase(units[number]) for number in needed), default=0)
            if latest > _phase(unit):
                unit.items = [(replace(draft, phase=_PHASES[latest]), operation) for draft, operation in unit.items]
                moved = True
        if not moved:
            return


def _phase(unit: _Unit) -> int:
    return _PHASES.index(unit.items[0][0].phase)


def _ranks(units: list[_Unit]) -> list[tuple[int, ...]]:
    """By phase, then turn; on one table what needs its lock stands together."""
    tables_seen: dict[Name | None, int] = {}
    for unit in units:
        tables_seen.setdefault(unit.items[0][0].table, len(tables_seen))
    return [_rank(number, unit, tables_seen) for number, unit in enumerate(units)]


def _rank(number: int, unit: _Unit, tables_seen: dict[Name | None, int]) -> tuple[int, ...]:
    draft = unit.items[0][0]
    phase = _phase(unit)
    if draft.turn <= Turn.TABLE:
        return (phase, draft.turn, 0, 0, number)
    if draft.turn <= Turn.DEFAULT and not draft.alone:
        return (phase, 2, tables_seen[draft.table], draft.turn, number)
    together = tables_seen[draft.table] if draft.turn == Turn.COMMENT else 0
    return (phase, 2 + draft.turn, together, draft.turn, number)


def _sorted(units: list[_Unit], before: list[frozenset[int]], ranks: list[tuple[int, ...]]) -> Iterator[int]:
    """By rank, but nothing before what it needs; what needs each other in a circle comes by rank."""
    waiting = [set(needed) for needed in before]
    after: list[list[int]] = [[] for _ in units]
    for number, needed in enumerate(before):
        for other in needed:
            after[other].append(number)
    left = set(range(len(units)))
    ready = [(ranks[number], number) for number in left if not waiting[number]]
    heapq.heapify(ready)
    while left:
        if ready:
            _, number = heapq.heappop(ready)
        else:
            number = min(left, key=lambda item: ranks[item])
        if number not in left:
            continue
        left.discard(number)
        yield number
        for other in after[number]:
            waiting[other].discard(number)
            if not waiting[other] and other in left:
                heapq.heappush(ready, (ranks[other], other))


def _unit(items: list[_Item], current: Schema) -> _Unit:
    makes: set[_Thing] = set()
    needs: set[_Thing] = set()
    for draft, _ in items:
        makes.update(_makes(draft.operation, current))
        needs.update(_needs(draft.operation, current))
    return _Unit(items=items, makes=frozenset(makes), needs=frozenset(needs - makes))


def _makes(operation: Operation, current: Schema) -> Iterator[_Thing]:  # noqa: C901, PLR0912 - one case per kind
    match operation:
        case CreateTable(table=table):
            yield ("relation", table.name)
            for constraint in (table.primary_key, *table.uniques):
                if constraint:
                    yield ("key", table.name, frozenset(constraint.columns))
            for column in table.columns:
                yield ("column", table.name, column.name)
        case AddColumn(table=table, column=column):
            yield ("column", table, column.name)
        case AddConstraint(table=table, constraint=(PrimaryKey() | Unique()) as constraint):
            yield ("key", table, frozenset(constraint.columns))
        case CreateIndex(table=table, index=index) if index.unique:
            yield ("key", table, frozenset(index.columns))
        case SetNotNull(table=table, column=column):
            yield ("not null", table, column)
        case CreateEnum(enum=enum):
            yield ("type", enum.name)
        case CreateSequence(sequence=sequence):
            yield ("relation", sequence.name)
        case CreateView(view=view):
            yield ("relation", view.name)
        case DropView(name=name):
            yield ("no view", name)
        case DropConstraint(table=table, constraint=name):
            yield ("no constraint", table, name)
        case DropIndex(name=name):
            yield ("no index", name)
        case DropColumn(table=table, column=column):
            yield ("no column", table, column)
            known = current.table(table)
            for key in known.foreign_keys if known else ():
                if column in key.columns:
                    yield ("no constraint", table, key.name)
        case DropTable(name=name):
            known = current.table(name)
            yield ("no relation", name)
            for key in known.foreign_keys if known else ():
                yield ("no constraint", name, key.name)
            for column in known.columns if known else ():
                yield ("no column", name, column.name)
        case SetDefault(table=table, column=column):
            yield ("no default", table, column)
        case SetType(table=table, column=column):
            yield ("no column", table, column)
        case _:
            pass


def _needs(operation: Operation, current: Schema) -> Iterator[_Thing]:  # noqa: C901, PLR0912 - one case per kind
    match operation:
        case CreateTable(table=table):
            for key in table.foreign_keys:
                yield from _of_key(key, current)
            for column in table.columns:
                yield from _of_column(column)
        case AddColumn(column=column):
            yield from _of_column(column)
        case AddConstraint(table=table, constraint=ForeignKey() as key):
            yield from _of_key(key, current)
            yield from (("column", table, column) for column in key.columns)
        case AddConstraint(table=table, constraint=PrimaryKey(columns=columns)):
            yield from (("not null", table, column) for column in columns)
        case CommentOn(table=Name() as table, what=str() as what) if what:
            yield ("relation", table)
        case SetIdentity(table=table, column=column):
            yield ("not null", table, column)
        case CreateView(view=view):
            yield from (("relation", name) for name in view.reads)
        case DropView(name=name):
            yield from (("no view", view.name) for view in current.views.values() if name in view.reads)
        case DropColumn(table=table) | SetType(table=table):
            yield from _readers(table, current)
            yield from _on_column(operation.table, operation.column, current)
        case DropTable(name=name):
            yield from _readers(name, current)
            yield from _on_table(name, current)
        case DropConstraint(table=table, constraint=name):
            yield from _on_constraint(table, name, current)
        case DropType(name=name):
            for user in current.tables.values():
                for column in user.columns:
                    if column.type.name.rpartition(".")[2] == name.name:
                        yield ("no column", user.name, column.name)
        case DropSequence(name=name):
            for user in current.tables.values():
                for column in user.columns:
                    if column.default and name.name in column.default.text:
                        yield from (("no default", user.name, column.name), ("no column", user.name, column.name))
        case _:
            pass


def _of_key(key: ForeignKey, current: Schema) -> Iterator[_Thing]:
    yield ("relation", key.ref_table)
    columns = key.referred(current.table(key.ref_table))
    if columns:
        yield ("key", key.ref_table, frozenset(columns))


def _of_column(column: Column) -> Iterator[_Thing]:
    if not column.type.is_built_in:
        namespace, dot, name = column.type.name.rpartition(".")
        yield ("type", Name(name, namespace) if dot else Name(name))


def _readers(name: Name, current: Schema) -> Iterable[_Thing]:
    return [("no view", view.name) for view in current.views.values() if name in view.reads]


def _keys_to(table: Table, columns: frozenset[str], current: Schema) -> Iterator[_Thing]:
    """Foreign keys of other tables to these columns, which have to be gone."""
    for other, key in keys_to(current, table, columns):
        yield ("no constraint", other.name, key.name)


def _on_column(table: Name, column: str, current: Schema) -> Iterator[_Thing]:
    known = current.table(table)
    return _keys_to(known, frozenset({column}), current) if known else iter(())


def _on_table(name: Name, current: Schema) -> Iterator[_Thing]:
    known = current.table(name)
    if known is None:
        return
    for thing in _keys_to(known, frozenset(column.name for column in known.columns), current):
        if thing[1] != name:
            yield thing


def _on_constraint(table: Name, name: str, current: Schema) -> Iterator[_Thing]:
    known = current.table(table)
    constraint = known.constraint(name) if known else None
    if known and isinstance(constraint, PrimaryKey | Unique):
        yield from _keys_to(known, frozenset(constraint.columns), current)
