"""One replacement of columns: the names its columns have on the way, and what keeps and makes their values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.planning.plan import Backfill, Phase
from migration_ls.planning.plan import Check as PlanCheck
from migration_ls.planning.recipes.in_step import InStep, both_ways, differs, one_way
from migration_ls.planning.recipes.pairs import Pair
from migration_ls.planning.situation import Draft, Turn
from migration_ls.postgres.quoting import identifier, object_name
from migration_ls.schema.expression import Expression
from migration_ls.schema.tables import Check, Column, Table
from migration_ls.sources.sql.expressions import expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A pair with the names that its columns have while both are there.

    `new` and `old` map a column's name to the one it has before the switch, and after it.
    """

    pair: Pair
    table: Table
    wanted: Table
    new: Mapping[str, str]
    old: Mapping[str, str]

    @property
    def before(self) -> InStep:
        """What keeps them in step from the start."""
        pair = self.pair
        olds = {column.name: column.type for column in pair.olds}
        news = {self.new[column.name]: column.type for column in pair.news}
        forward = [replace(value, column=self.new[value.column]) for value in pair.forward]
        if pair.swaps:
            return one_way(pair.table, olds, forward, "to_new")
        return both_ways(pair.table, olds, news, forward, pair.backward)

    @property
    def after(self) -> InStep:
        """What keeps them in step once the new one has the name."""
        pair = self.pair.settled
        if not pair.swaps:
            return self.before
        news = {column.name: column.type for column in pair.news}
        return one_way(
            pair.table, news, [replace(item, column=self.old[item.column]) for item in pair.backward], "to_old"
        )

    @property
    def is_key(self) -> bool:
        """Whether the old column is one of the primary key, which takes no nulls."""
        key = self.table.primary_key
        return key is not None and self.pair.olds[0].name in key.columns

    @property
    def proof(self) -> Check | None:
        """That each value of the old column has one in the new; None where it always does, or NOT NULL proves it."""
        (new, *more), (old, *others) = self.pair.news, self.pair.olds
        if more or others or new.nullable is False or not self.pair.forward[0].may_fail:
            return None
        name = object_name("", self.pair.table.name[:24], old.name[:20], "converted")
        text = f"({identifier(old.name)} IS NULL) = ({identifier(self.new[new.name])} IS NULL)"
        return Check(name=name, expression=expression(text), validated=False)


def side_of(pair: Pair, current: Table, wanted: Table) -> Side:
    """The pair with names for its columns that nothing else has."""
    taken = {column.name for column in (*current.columns, *wanted.columns)}
    if not pair.swaps:
        return Side(
            pair=pair,
            table=current,
            wanted=wanted,
            new={column.name: column.name for column in pair.news},
            old={column.name: column.name for column in pair.olds},
        )
    name = pair.olds[0].name
    return Side(
        pair=pair,
        table=current,
        wanted=wanted,
        new={name: free_name(name, "new", taken)},
        old={name: free_name(name, "old", taken)},
    )


def free_name(name: str, ending: str, taken: set[str]) -> str:
    """The name with an ending, cut to fit, that nothing else has."""
    number = 0
    while (found := object_name("", name[:50], f"{ending}{number or ''}")) in taken:
        number += 1
    return found


def bare(column: Column, name: str) -> Column:
    """The column as it is added: it takes nulls, and has no default."""
    return replace(
        column, name=name, nullable=True, default=None, identity=None, autoincrement=False, comment=None, sequence=None
    )


def burdened(pair: Pair) -> list[Column]:
    """Old columns that are NOT NULL, while the new release may write rows without a value for them."""
    if pair.swaps:
        return []
    back = {value.column: value for value in pair.backward}
    optional = any(column.nullable is not False for column in pair.news)
    return [
        column
        for column in pair.olds
        if column.nullable is False and (optional or column.name not in back or back[column.name].may_fail)
    ]


def freed(side: Side) -> bool:
    """Whether the old column is let to be empty before the switch; one of the primary key never is."""
    (new, *_), back = side.pair.news, side.pair.backward
    if side.is_key:
        return False
    return side.pair.swaps and (new.nullable is not False or back[0].may_fail)


def kept_in_step(step: InStep, phase: Phase, title: str, *found: PlanCheck) -> tuple[Draft, Draft]:
    """The steps that make the function and the trigger, in one transaction."""
    what = f"Keep {title} and what takes its place in step"
    why = "a trigger writes the one whenever a release writes the other"
    made = Draft(
        phase=phase,
        turn=Turn.DEFAULT,
        operation=step.function,
        title=what,
        why=why,
        table=step.table,
        alone=True,
        inverse=Inverse(operations=(step.no_function,)),
    )
    undone = Inverse(operations=(step.no_trigger,))
    return made, replace(made, operation=step.trigger, joined=True, inverse=undone, checks=found)


def backfill_of(side: Side) -> Backfill:
    """The values of the new columns for the rows that exist."""
    pair = side.pair
    first, *more = pair.forward
    wrong = [
        differs(side.new[column.name], column.type, f"({value.text})")
        for column, value in zip(pair.news, pair.forward, strict=True)
    ]
    return Backfill(
        table=pair.table,
        column=side.new[first.column],
        value=expression(first.text),
        keys=side.table.primary_key.columns if side.table.primary_key else (),
        where=" OR ".join(wrong),
        more=tuple((side.new[value.column], expression(value.text)) for value in more),
    )


def refill_of(side: Side) -> Backfill | None:
    """The old columns once more, from the new ones; what may raise an error is left to the trigger, which goes on."""
    pair = side.pair.settled
    if not pair.backward:
        return None
    given = " AND ".join(f"{identifier(column.name)} IS NOT NULL" for column in pair.news)
    wrong: list[str] = []
    made: list[tuple[str, Expression]] = []
    for value in pair.backward:
        name = side.old[value.column]
        own = identifier(name)
        wrong.append(f"({own} IS NULL AND {given})" if value.guarded else differs(name, value.type, f"({value.text})"))
        made.append((name, expression(own if value.guarded else value.text)))
    (first, text), *more = made
    return Backfill(
        table=pair.table,
        column=first,
        value=text,
        keys=side.table.primary_key.columns if side.table.primary_key else (),
        where=" OR ".join(wrong),
        more=tuple(more),
    )
