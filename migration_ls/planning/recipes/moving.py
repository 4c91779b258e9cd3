"""Columns that move to another table: kept in step with it both ways, filled, proven; dropped in a later version.

What makes the new column or table is planned as ever; here is what stands between it and the old one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from migration_ls.diffing.differences import columns_of
from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.base import Grade, Inverse
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.union import Operation
from migration_ls.planning import checks
from migration_ls.planning.plan import Phase
from migration_ls.planning.recipes.across import filling, filling_again, parity, triggers
from migration_ls.planning.recipes.in_step import InStep
from migration_ls.planning.recipes.moves import Move, Refused, Way, columns_moved
from migration_ls.planning.recipes.standing import dropped
from migration_ls.planning.situation import Draft, Recipe, Situation, Turn
from migration_ls.schema.tables import PrimaryKey


def moved_columns(move: Move) -> Recipe:
    """The triggers, the backfill and, as a version of its own, the end of the old columns."""
    steps = triggers(move)
    drafts: list[Draft] = []
    for number, step in enumerate(steps):
        drafts += _made(move, step, last=number == len(steps) - 1)
    drafts += _contract(move, steps)
    return Recipe(drafts=tuple(drafts), backfills=(filling(move),))


def around_moves(
    operation: Operation, recipe: Recipe, moves: Sequence[Move], refused: Iterable[Refused], situation: Situation
) -> Recipe:
    """The recipe of an operation, where it is a part of a move: the old column goes with the move and no sooner."""
    if recipe.refusal:
        return recipe
    if isinstance(operation, DropColumn):
        at = (operation.table, operation.column)
        for item in refused:
            if at in columns_moved([item]):
                return Recipe(refusal=(item.why, item.help))
        if at in columns_moved(moves):
            return replace(recipe, drafts=tuple(draft for draft in recipe.drafts if draft.phase is Phase.EXPAND))
        return recipe
    return replace(recipe, drafts=tuple(_graded(draft, moves, situation) for draft in recipe.drafts))


def _graded(draft: Draft, moves: Iterable[Move], situation: Situation) -> Draft:
    """Taking back the new place loses only what the old one could not hold."""
    for move in moves:
        match draft.operation:
            case CreateTable(table=table) if move.way is not Way.THERE and table.name == move.target.name:
                known = set(move.key.columns) | {column.name for column in move.news}
                if not known.issuperset(column.name for column in table.columns):
                    return draft
            case AddColumn(table=name, column=column) if name == move.target.name and column.name in {
                item.name for item in move.news
            }:
                pass
            case _:
                continue
        inverse = draft.operation.inverse(situation.current)
        loss = _kept_apart(move)
        grade = Grade.LOSES if loss else Grade.EXACT
        return replace(draft, inverse=replace(inverse, grade=grade, loss=loss))
    return draft


def _kept_apart(move: Move) -> str | None:
    """What the new place may hold that the old one does not."""
    match move.way:
        case Way.THERE:
            names = " and ".join(f"`{move.target.name}.{column.name}`" for column in move.news)
            return (
                f"the values written since to {names} where several rows of `{move.target.name}` belong to one of "
                f"`{move.source.name}`"
            )
        case Way.ONE:
            return None
        case Way.LINKS:
            return f"all but one of several rows of `{move.target.name}` for one of `{move.source.name}`"


def _made(move: Move, step: InStep, *, last: bool) -> Iterator[Draft]:
    why = f"a trigger of `{step.table}` writes the other place whenever a release writes this one"
    if move.way is Way.THERE and step.table == move.source.name and not _is_indexed(move):
        why += (
            f"; without an index of `{move.target.name}` that begins with {', '.join(move.key.columns)}, "
            "each such write reads that whole table"
        )
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.INDEX,
        operation=step.function,
        title=f"Keep {move.title} and `{move.target.name}` in step",
        why=why,
        table=step.table,
        alone=True,
        inverse=Inverse(operations=(step.no_function,)),
    )
    yield draft
    yield replace(
        draft,
        operation=step.trigger,
        joined=True,
        inverse=Inverse(operations=(step.no_trigger,)),
        checks=(parity(move),) if last else (),
    )


def _is_indexed(move: Move) -> bool:
    names = set(move.key.columns)
    leading = [index.columns for index in move.target.indexes if index.where is None]
    leading += [item.columns for item in (move.target.primary_key, *move.target.uniques) if item]
    return any(set(columns[: len(names)]) == names for columns in leading)


def _contract(move: Move, steps: Sequence[InStep]) -> Iterator[Draft]:
    """What stands on the old columns goes first, then the triggers, then the columns."""
    table = move.source
    names = {column.name for column in move.olds}
    for item in (*table.indexes, *table.constraints):
        if item.name and names & columns_of(item) and not isinstance(item, PrimaryKey):
            yield dropped(table.name, item, item.name, Phase.CONTRACT)
    refill = filling_again(move)
    for number, step in enumerate(reversed(steps)):
        first = _going(move, step.no_trigger, Inverse(operations=(step.trigger,)), step)
        yield replace(first, refills=(refill,) if number == 0 else ())
        yield replace(_going(move, step.no_function, Inverse(operations=(step.function,)), step), joined=True)
    for column in move.olds:
        bare = replace(column, nullable=True, comment=None)
        again: list[Operation] = [AddColumn(table=table.name, column=bare)]
        if column.comment is not None:
            again.append(CommentOn(table=table.name, column=column.name, comment=column.comment))
        loss, grade = _lost(move, column.name)
        drop = DropColumn(table=table.name, column=column.name)
        draft = _going(move, drop, Inverse(operations=tuple(again), grade=grade, loss=loss), None)
        yield replace(draft, checks=(checks.column_gone(table.name, column.name),), joined=column != move.olds[0])


def _lost(move: Move, column: str) -> tuple[str | None, Grade]:
    name = f"`{move.source.name}.{column}`"
    match move.way:
        case Way.THERE:
            loss = (
                f"the values of {name} in rows that no row of `{move.target.name}` refers to, "
                "or several that do not agree"
            )
            return loss, Grade.IMPOSSIBLE
        case Way.ONE:
            return None, Grade.EXACT
        case Way.LINKS:
            loss = f"which of several rows of `{move.target.name}` was the one in {name}: the first of them is"
            return loss, Grade.IMPOSSIBLE


def _going(move: Move, operation: Operation, inverse: Inverse, step: InStep | None) -> Draft:
    return Draft(
        phase=Phase.CONTRACT,
        turn=Turn.DROP,
        operation=operation,
        title=f"Drop what {move.title} was",
        why="the previous release uses it: run this when no process of that release is left",
        table=step.table if step else move.source.name,
        alone=True,
        inverse=inverse,
        accepted=(("drop-column", f"its values live on in `{move.target.name}`; what does not is stated in the plan"),),
    )
