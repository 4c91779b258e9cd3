"""The columns change places, and what the previous release used goes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from migration_ls.diffing.objects import inner_first, is_materialized, made_view, readers_of
from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.base import Grade, Inverse
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.union import Operation
from migration_ls.planning import checks
from migration_ls.planning.plan import Backfill, Phase
from migration_ls.planning.plan import Check as PlanCheck
from migration_ls.planning.recipes.columns import not_null_drafts
from migration_ls.planning.recipes.keys import counting_on, key_moved
from migration_ls.planning.recipes.sides import Side, bare, burdened, freed, kept_in_step, refill_of
from migration_ls.planning.recipes.standing import Item, aside, dropped, renamed_items
from migration_ls.planning.recipes.together import view_draft
from migration_ls.planning.situation import Draft, Situation, Turn
from migration_ls.schema.dependents import views_on
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Constraint, ForeignKey, Index


def switch(sides: Sequence[Side], items: Sequence[Item], situation: Situation) -> tuple[Draft, ...]:
    """One transaction in which columns of one name, and what stands on them, change places."""
    swapped = [side for side in sides if side.pair.swaps]
    table = sides[0].pair.table
    views = _views(swapped, situation)
    drafts = [
        view_draft(DropView(name=name, materialized=is_materialized(situation.current, name)), Turn.VIEW)
        for name in reversed(views)
    ]
    for side in swapped:
        drafts += _swapped(side)
    drafts += renamed_items(table, items)
    for side in swapped:
        for draft in kept_in_step(side.after, Phase.SWITCH, side.pair.title):
            why = _LIMITED.format(side.pair.olds[0].type) if side.is_key else draft.why
            drafts.append(replace(draft, joined=True, why=why))
    for name in views:
        known = situation.wanted if name in situation.wanted.views else situation.current
        drafts += [view_draft(item, Turn.VIEW) for item in made_view(known, known.views[name])]
    others = dict.fromkeys(item.table for item in items if item.table != table)
    bundles = [_bundle(drafts, Phase.SWITCH), *(_bundle(renamed_items(name, items), Phase.SWITCH) for name in others)]
    return tuple(draft for bundle in bundles for draft in bundle)


_LIMITED = (
    "a trigger writes the one whenever a release writes the other; "
    "until the contract has run, a value that `{}` cannot hold is refused, so run that in time"
)


def _views(swapped: Sequence[Side], situation: Situation) -> list[Name]:
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


def _swapped(side: Side) -> Iterator[Draft]:
    (old,), (new,) = side.pair.settled.olds, side.pair.settled.news
    table, name = side.pair.table, new.name
    former, passing = side.old[name], side.new[name]
    counting = counting_on(side.pair, former)

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
        again = SetDefault(table=table, column=name, default=side.pair.olds[0].default)
        yield step(SetDefault(table=table, column=name, default=None), Inverse(operations=(again,)))
    yield from (step(*item) for item in counting.before)
    yield step(RenameColumn(table=table, column=name, to=former))
    found = (checks.type_is(table, name, str(new.type)),) if new.type.is_built_in else ()
    yield step(RenameColumn(table=table, column=passing, to=name), None, *found)
    if new.default is not None:
        yield step(SetDefault(table=table, column=name, default=new.default))
    yield from (step(*item) for item in counting.after)


_MEANT = tuple(
    (rule, "the columns change places within the transaction, so both releases find what they use")
    for rule in ("rename-column", "default-gone")
)


def contract(
    sides: Sequence[Side],
    items: Sequence[Item],
    left: Sequence[tuple[Name, Constraint | Index]],
    situation: Situation,
) -> Iterator[Draft]:
    """What the previous release used goes, with what kept it in step."""
    moved = {(item.table, item.name): aside(item) for item in items if item.former}
    names = {old: passing for side in sides for old, passing in side.old.items()}
    for table, item in sorted(left, key=lambda pair: not isinstance(pair[1], ForeignKey)):
        name = item.name or ""
        yield dropped(table, item, moved.get((table, name), name), Phase.CONTRACT)
    for made in items:
        if made.key:
            moving = _bundle(key_moved(made, made.key, names, situation.wanted), Phase.CONTRACT)
            yield from (replace(draft, turn=Turn.DROP) for draft in moving)
    for side in sides:
        yield from _gone(side, names)


def _gone(side: Side, names: Mapping[str, str]) -> Iterator[Draft]:
    """The trigger and the old columns go; undone, they come back, are kept in step and filled again."""
    pair, table, step = side.pair.settled, side.pair.table, side.after
    optional = [column.name for column in burdened(pair)]
    for column in pair.olds:
        kept = column.nullable is False and column.name not in optional and not freed(side)
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
    refill = refill_of(side)
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
        made = replace(bare(column, names[column.name]), comment=column.comment)
        again: list[Operation] = [AddColumn(table=table, column=made)]
        if column.default is not None and not pair.swaps:
            again.append(SetDefault(table=table, column=column.name, default=column.default))
        if column.comment is not None:
            again.append(CommentOn(table=table, column=made.name, comment=column.comment))
        lost = pair.lossy if column.name in told else f"the values of `{table}.{made.name}`"
        if lost and column.name in told:
            lost = f"{lost} (`{table}.{made.name}`)"
        grade = Grade.IMPOSSIBLE if lost else Grade.EXACT
        operation = DropColumn(table=table, column=made.name)
        inverse = Inverse(operations=tuple(again), grade=grade, loss=lost)
        drafts.append(_going(side, operation, inverse, None, checks.column_gone(table, made.name)))
    yield from (replace(draft, turn=Turn.DROP) for draft in _bundle(drafts, Phase.CONTRACT))


def _not_null_again(table: Name, column: str) -> Inverse:
    return Inverse(operations=tuple(draft.operation for draft in not_null_drafts(table, column, Phase.EXPAND)))


def _going(
    side: Side, operation: Operation, inverse: Inverse | None = None, refill: Backfill | None = None, *found: PlanCheck
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
        accepted=(("drop-column", _LOSS if inverse and inverse.loss else _KEPT),),
    )


_KEPT = "its values live on in the column that took its place"
_LOSS = "asked for; the previous release is gone by then, and the plan states the loss"
