"""Columns replaced gradually: new ones beside the old, kept in step, filled, proven, put in place; the old dropped.

Both releases work from the first step to the last but the contract, which takes away what the previous release uses.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from migration_ls.diffing.differences import columns_of
from migration_ls.diffing.objects import inner_first, is_materialized, made_view, readers_of
from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.base import Grade, Inverse
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_constraint import RenameConstraint
from migration_ls.operations.rename_index import RenameIndex
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.union import Operation
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.planning import checks
from migration_ls.planning.plan import Backfill, Phase
from migration_ls.planning.plan import Check as PlanCheck
from migration_ls.planning.recipes.columns import not_null_drafts
from migration_ls.planning.recipes.constraints import add_constraint, create_index, drop_index
from migration_ls.planning.recipes.in_step import InStep, both_ways, differs, one_way
from migration_ls.planning.recipes.pairs import Pair, affected
from migration_ls.planning.recipes.replacing import view_draft
from migration_ls.planning.situation import Draft, Recipe, Situation, Turn
from migration_ls.postgres.quoting import identifier, object_name
from migration_ls.schema.dependents import views_on
from migration_ls.schema.names import Name
from migration_ls.schema.renamed import renamed
from migration_ls.schema.tables import Check, Column, Constraint, Index, Table
from migration_ls.sources.sql.expressions import expression


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
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
        pair = self.pair
        if not pair.swaps:
            return self.before
        news = {column.name: column.type for column in pair.news}
        return one_way(
            pair.table, news, [replace(item, column=self.old[item.column]) for item in pair.backward], "to_old"
        )

    @property
    def proof(self) -> Check | None:
        """That each value of the old column has one in the new; None where it always does, or NOT NULL proves it."""
        (new, *more), (old, *others) = self.pair.news, self.pair.olds
        if more or others or new.nullable is False or not self.pair.forward[0].may_fail:
            return None
        name = object_name("", self.pair.table.name[:24], old.name[:20], "converted")
        text = f"({identifier(old.name)} IS NULL) = ({identifier(self.new[new.name])} IS NULL)"
        return Check(name=name, expression=expression(text), validated=False)


def replaced_columns(pairs: Sequence[Pair], situation: Situation) -> Recipe:
    """All replacements of one table's columns, from the first step to the contract."""
    current = situation.current.tables[pairs[0].table]
    wanted = situation.wanted.tables[pairs[0].table]
    sides = tuple(_side(pair, current, wanted) for pair in pairs)
    drafts: list[Draft] = []
    for side in sides:
        drafts += _expand(side)
    for side in sides:
        drafts += _finish(side)
    names = affected(pairs, current, wanted)
    items = tuple(_items(sides, names, current, wanted))
    for item in items:
        drafts += _built(item, situation)
    retired = tuple(_retired(sides, names, wanted, current))
    drafts += [_dropped(current.name, item, item.name or "", Phase.FINISH) for item in retired]
    items = tuple(replace(item, former=None if item.former in retired else item.former) for item in items)
    drafts += _switch(sides, items, situation)
    left = [item for item in (*current.indexes, *current.constraints) if item.name in names and item not in retired]
    drafts += _contract(sides, items, left)
    return Recipe(drafts=tuple(drafts), backfills=tuple(_backfill(side) for side in sides))


def after_filling(recipe: Recipe, tables: AbstractSet[Name]) -> Recipe:
    """The recipe with its views made once the new columns of the tables they read have their values."""
    made = [draft.operation for draft in recipe.drafts if isinstance(draft.operation, CreateView)]
    if not any(item.view.reads & tables for item in made):
        return recipe
    drafts = (replace(item, phase=Phase.FINISH) if item.phase is Phase.EXPAND else item for item in recipe.drafts)
    return replace(recipe, drafts=tuple(drafts))


def _side(pair: Pair, current: Table, wanted: Table) -> _Side:
    taken = {column.name for column in (*current.columns, *wanted.columns)}
    if not pair.swaps:
        return _Side(
            pair=pair,
            table=current,
            wanted=wanted,
            new={column.name: column.name for column in pair.news},
            old={column.name: column.name for column in pair.olds},
        )
    name = pair.olds[0].name
    return _Side(
        pair=pair,
        table=current,
        wanted=wanted,
        new={name: _free(name, "new", taken)},
        old={name: _free(name, "old", taken)},
    )


def _free(name: str, ending: str, taken: set[str]) -> str:
    """The name with an ending, cut to fit, that nothing else has."""
    number = 0
    while (found := object_name("", name[:50], f"{ending}{number or ''}")) in taken:
        number += 1
    return found


def _bare(column: Column, name: str) -> Column:
    return replace(
        column, name=name, nullable=True, default=None, identity=None, autoincrement=False, comment=None, sequence=None
    )


def _expand(side: _Side) -> Iterator[Draft]:
    pair, table = side.pair, side.pair.table
    title = pair.title
    for column in pair.news:
        made = _bare(column, side.new[column.name])
        yield Draft(
            phase=Phase.EXPAND,
            turn=Turn.COLUMN,
            operation=AddColumn(table=table, column=made),
            title=f"Add `{table}.{made.name}` beside {title}",
            why="a nullable column without a default is a change of the catalog alone",
            table=table,
            checks=_there(table, column, made),
            inverse=_taken_back(pair, made),
        )
        if column.comment is not None:
            yield Draft(
                phase=Phase.EXPAND,
                turn=Turn.COMMENT,
                operation=CommentOn(table=table, column=made.name, comment=column.comment),
                title=f"Say what `{table}.{made.name}` is",
                why="SHARE UPDATE EXCLUSIVE: readers and writers go on",
                table=table,
                passing=True,
            )
    for column in _burdened(pair):
        yield Draft(
            phase=Phase.EXPAND,
            turn=Turn.COLUMN,
            operation=DropNotNull(table=table, column=column.name),
            title=f"Let `{table}.{column.name}` be empty",
            why="the new release may write rows that have no value for it",
            table=table,
        )
    yield from _kept_in_step(side.before, Phase.EXPAND, title, _parity(side))


def _parity(side: _Side) -> PlanCheck:
    """Finds rows whose new columns are not what the old ones say; there are none once the rows are filled."""
    where, table = _backfill(side).where or "", side.pair.table
    (new, *_), (old, *_) = side.pair.news, side.pair.olds
    if len(side.pair.news) == len(side.pair.olds) == 1 and side.pair.forward[0].may_fail:
        where += f" OR ({identifier(side.new[new.name])} IS NULL AND {identifier(old.name)} IS NOT NULL)"
    return PlanCheck(
        name=f"{table.name}_{side.pair.olds[0].name}_in_step",
        query=f"SELECT *\nFROM {table.sql}\nWHERE {where}\nLIMIT 10",
        about=f"{table}.{side.pair.olds[0].name}",
        failure=f"{table} has rows whose new column is not in step with {side.pair.olds[0].name}",
    )


def _there(table: Name, column: Column, made: Column) -> tuple[PlanCheck, ...]:
    """That the new column is there; whether it takes nulls changes on the way."""
    if column.nullable is not False:
        return (checks.column_is(table, made),)
    return (checks.type_is(table, made.name, str(made.type)),) if made.type.is_built_in else ()


def _taken_back(pair: Pair, made: Column) -> Inverse:
    """Dropping the new column loses nothing where the old ones are kept in step."""
    drop = DropColumn(table=pair.table, column=made.name, if_exists=True)
    if pair.swaps or len(pair.backward) == len(pair.olds):
        return Inverse(operations=(drop,))
    return Inverse(
        operations=(drop,), grade=Grade.LOSES, loss=f"the values written to `{pair.table}.{made.name}` since"
    )


def _burdened(pair: Pair) -> list[Column]:
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


def _kept_in_step(step: InStep, phase: Phase, title: str, *found: PlanCheck) -> tuple[Draft, Draft]:
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


def _backfill(side: _Side) -> Backfill:
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


def _refill(side: _Side) -> Backfill | None:
    """The old columns once more, from the new ones."""
    pair = side.pair
    if not pair.backward:
        return None
    first, *more = pair.backward
    wrong = [differs(side.old[value.column], value.type, f"({value.text})") for value in pair.backward]
    return Backfill(
        table=pair.table,
        column=side.old[first.column],
        value=expression(first.text),
        keys=side.table.primary_key.columns if side.table.primary_key else (),
        where=" OR ".join(wrong),
        more=tuple((side.old[value.column], expression(value.text)) for value in more),
    )


def _finish(side: _Side) -> Iterator[Draft]:
    pair, table = side.pair, side.pair.table
    for column in pair.news:
        name = side.new[column.name]
        if column.nullable is False:
            yield from not_null_drafts(table, name, Phase.FINISH)
    for column in pair.olds:
        if column.nullable is False and _freed(side):
            yield Draft(
                phase=Phase.FINISH,
                turn=Turn.NOT_NULL,
                operation=DropNotNull(table=table, column=column.name),
                title=f"Let `{table}.{column.name}` be empty",
                why="the new type has values that the old one cannot hold; the new column refuses nulls meanwhile",
                table=table,
                alone=True,
            )
    if proof := side.proof:
        yield Draft(
            phase=Phase.FINISH,
            turn=Turn.NOT_VALID,
            operation=AddConstraint(table=table, constraint=proof),
            title=f"Refuse values of {pair.title} that the new column cannot hold",
            why="NOT VALID reads no row, so the strong lock is brief",
            table=table,
        )
        yield Draft(
            phase=Phase.FINISH,
            turn=Turn.VALIDATE,
            operation=ValidateConstraint(table=table, constraint=proof.name or ""),
            title=f"Prove that the new column holds every value of {pair.title}",
            why="the scan runs under SHARE UPDATE EXCLUSIVE: readers and writers go on",
            table=table,
            alone=True,
            checks=(checks.constraint_is(table, proof, validated=True),),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A constraint or index of the new columns: as it is built, and its name in the end.

    `former` is what has that name until then.
    """

    table: Name
    built: Constraint | Index
    name: str
    former: Constraint | Index | None


def _items(sides: Sequence[_Side], affected_names: AbstractSet[str], current: Table, wanted: Table) -> Iterator[_Item]:
    names = {final: passing for side in sides for final, passing in side.new.items()}
    there = {item.name: item for item in (*current.constraints, *current.indexes)}
    for item in (*wanted.constraints, *wanted.indexes):
        if item.name is None or item.name not in affected_names:
            continue
        former = there.get(item.name)
        name = _free(item.name, "new", {str(known) for known in there}) if former else item.name
        built = renamed(item, {final: passing for final, passing in names.items() if final != passing})
        yield _Item(table=current.name, built=replace(built, name=name), name=item.name, former=former)


def _retired(
    sides: Sequence[_Side], affected_names: AbstractSet[str], wanted: Table, current: Table
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


def _built(item: _Item, situation: Situation) -> Iterator[Draft]:
    """The steps that build it while nobody waits, as for anything new; proven once the rows are filled."""
    slow = replace(situation, rows={}, downtime=False)
    if isinstance(item.built, Index):
        drafts = create_index(CreateIndex(table=item.table, index=item.built), slow).drafts
    else:
        drafts = add_constraint(AddConstraint(table=item.table, constraint=item.built), slow).drafts
    for draft in drafts:
        yield replace(draft, phase=Phase.FINISH)


def _switch(sides: Sequence[_Side], items: Sequence[_Item], situation: Situation) -> tuple[Draft, ...]:
    swapped = [side for side in sides if side.pair.swaps]
    table = sides[0].pair.table
    views = _views(swapped, situation)
    drafts = [
        view_draft(DropView(name=name, materialized=is_materialized(situation.current, name)), Turn.VIEW)
        for name in reversed(views)
    ]
    for side in swapped:
        drafts += _swapped(side)
    drafts += _renamed_items(table, items)
    for side in swapped:
        drafts += [replace(draft, joined=True) for draft in _kept_in_step(side.after, Phase.SWITCH, side.pair.title)]
    for name in views:
        known = situation.wanted if name in situation.wanted.views else situation.current
        drafts += [view_draft(item, Turn.VIEW) for item in made_view(known, known.views[name])]
    return _bundle(drafts, Phase.SWITCH)


def _views(swapped: Sequence[_Side], situation: Situation) -> list[Name]:
    """Views that read one of the columns, with those that read these views: innermost first."""
    found: dict[Name, None] = {}
    for schema in (situation.current, situation.wanted):
        direct = [view.name for side in swapped for view in views_on(schema, side.pair.table, side.pair.olds[0].name)]
        found |= dict.fromkeys((*direct, *readers_of(schema, direct)))
    merged = replace(situation.current, views={**situation.current.views, **situation.wanted.views})
    return inner_first(merged, found)


def _bundle(drafts: Iterable[Draft], phase: Phase) -> tuple[Draft, ...]:
    return tuple(
        replace(draft, phase=phase, turn=Turn.COLUMN, joined=number > 0, alone=True)
        for number, draft in enumerate(drafts)
    )


_SWITCHED = "in one brief transaction, so that both releases find the column at every moment"


def _swapped(side: _Side) -> Iterator[Draft]:
    (old,), (new,) = side.pair.olds, side.pair.news
    table, name = side.pair.table, new.name
    former, passing = side.old[name], side.new[name]

    def step(operation: Operation, inverse: Inverse | None = None, *found: PlanCheck) -> Draft:
        return Draft(
            phase=Phase.SWITCH,
            turn=Turn.COLUMN,
            operation=operation,
            title=f"Put the new column in the place of {side.pair.title}",
            why=_SWITCHED,
            table=table,
            inverse=inverse,
            checks=found,
            accepted=_MEANT,
        )

    yield step(side.before.no_trigger, Inverse(operations=(side.before.trigger,)))
    yield step(side.before.no_function, Inverse(operations=(side.before.function,)))
    if proof := side.proof:
        yield step(DropConstraint(table=table, constraint=proof.name or ""))
    if old.default is not None:
        yield step(SetDefault(table=table, column=name, default=None))
    yield step(RenameColumn(table=table, column=name, to=former))
    found = (checks.type_is(table, name, str(new.type)),) if new.type.is_built_in else ()
    yield step(RenameColumn(table=table, column=passing, to=name), None, *found)
    if new.default is not None:
        yield step(SetDefault(table=table, column=name, default=new.default))


_MEANT = tuple(
    (rule, "the columns change places within the transaction, so both releases find what they use")
    for rule in ("rename-column", "default-gone")
)


def _renamed_items(table: Name, items: Sequence[_Item]) -> Iterator[Draft]:
    """What stands on the new columns gets the names that it shall have, and what has them steps aside."""
    for item in items:
        if item.former:
            yield _called(table, item.former, item.name, _aside(item))
    for item in items:
        if item.built.name != item.name:
            yield _called(table, item.built, item.built.name or "", item.name)


def _aside(item: _Item) -> str:
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


def _contract(sides: Sequence[_Side], items: Sequence[_Item], left: Sequence[Constraint | Index]) -> Iterator[Draft]:
    table = sides[0].pair.table
    aside = {item.name: _aside(item) for item in items if item.former}
    names = {old: passing for side in sides for old, passing in side.old.items()}
    for item in left:
        name = item.name or ""
        yield _dropped(table, item, aside.get(name, name), Phase.CONTRACT)
    for side in sides:
        yield from _gone(side, names)


_UNUSED = "nothing uses it any more: what stands on the new column has taken its place"


def _dropped(table: Name, item: Constraint | Index, name: str, phase: Phase) -> Draft:
    if isinstance(item, Index):
        draft = drop_index(DropIndex(name=Name(name, table.namespace), table=table)).drafts[0]
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


def _gone(side: _Side, names: Mapping[str, str]) -> Iterator[Draft]:
    """The trigger and the old columns go; undone, they come back, are kept in step and filled again."""
    pair, table, step = side.pair, side.pair.table, side.after
    burdened = [column.name for column in _burdened(pair)]
    for column in pair.olds:
        kept = column.nullable is False and column.name not in burdened and not _freed(side)
        if kept:
            yield Draft(
                phase=Phase.CONTRACT,
                turn=Turn.DROP,
                operation=DropNotNull(table=table, column=names[column.name]),
                title=f"Let `{table}.{names[column.name]}` be empty",
                why="nothing writes it from the next step on",
                table=table,
                alone=True,
                if_there=True,
                inverse=_not_null_again(table, names[column.name]),
            )
    refill = _refill(side)
    drafts = [
        _going(side, step.no_trigger, Inverse(operations=(step.trigger,)), refill),
        _going(side, step.no_function, Inverse(operations=(step.function,))),
    ]
    if not pair.swaps:
        if side.proof:
            drafts.append(_going(side, DropConstraint(table=table, constraint=side.proof.name or "")))
        drafts += [
            _going(side, SetDefault(table=table, column=column.name, default=column.default))
            for column in pair.news
            if column.default is not None
        ]
    told = {value.column for value in pair.backward}
    for column in pair.olds:
        bare = replace(_bare(column, names[column.name]), comment=column.comment)
        again: list[Operation] = [AddColumn(table=table, column=bare)]
        if column.default is not None and not pair.swaps:
            again.append(SetDefault(table=table, column=column.name, default=column.default))
        if column.comment is not None:
            again.append(CommentOn(table=table, column=bare.name, comment=column.comment))
        lost = pair.lossy if column.name in told else f"the values of `{table}.{bare.name}`"
        if lost and column.name in told:
            lost = f"{lost} (`{table}.{bare.name}`)"
        grade = Grade.IMPOSSIBLE if lost else Grade.EXACT
        operation = DropColumn(table=table, column=bare.name)
        inverse = Inverse(operations=tuple(again), grade=grade, loss=lost)
        drafts.append(_going(side, operation, inverse, None, checks.column_gone(table, bare.name)))
    yield from (replace(draft, turn=Turn.DROP) for draft in _bundle(drafts, Phase.CONTRACT))


def _not_null_again(table: Name, column: str) -> Inverse:
    return Inverse(operations=tuple(draft.operation for draft in not_null_drafts(table, column, Phase.EXPAND)))


def _freed(side: _Side) -> bool:
    """Whether the old column is let to be empty before the switch."""
    (new, *_), back = side.pair.news, side.pair.backward
    return side.pair.swaps and (new.nullable is not False or back[0].may_fail)


def _going(
    side: _Side, operation: Operation, inverse: Inverse | None = None, refill: Backfill | None = None, *found: PlanCheck
) -> Draft:
    return Draft(
        phase=Phase.CONTRACT,
        turn=Turn.DROP,
        operation=operation,
        title=f"Drop what {side.pair.title} was",
        why="the previous release uses it: run this when no process of that release is left",
        table=side.pair.table,
        inverse=inverse,
        refills=(refill,) if refill else (),
        checks=found,
        accepted=(("drop-column", "its values live on in the column that took its place"),),
    )
