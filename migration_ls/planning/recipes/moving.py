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
from migration_ls.postgres.quoting import identifier, identifiers, object_name
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
        advice=_deadlock(move),
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


def _deadlock(move: Move) -> str:
    source, target = f"`{move.source.name}`", f"`{move.target.name}`"
    return (
        f"A statement that changes or deletes rows of {target}, and one that does so to the rows of {source} "
        "that they refer to, can meet in a deadlock while triggers keep the two in step: PostgreSQL ends one of them "
        "after `deadlock_timeout` with the error 40P01, and nothing of it is kept. Let both releases try a transaction "
        "again that ends so; inserts and the backfill take their locks in an order that cannot"
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
        loss = _lost(move, column.name)
        drop = DropColumn(table=table.name, column=column.name)
        inverse = Inverse(operations=tuple(again), grade=Grade.IMPOSSIBLE if loss else Grade.EXACT, loss=loss)
        yield replace(
            _going(move, drop, inverse, None),
            checks=(checks.column_gone(table.name, column.name),),
            joined=column != move.olds[0],
            lives_on=_lives_on(move, column.name),
            loses=loss if move.way is Way.THERE else None,
        )


def _lost(move: Move, column: str) -> str | None:
    """What undoing the contract does not bring back."""
    name = f"`{move.source.name}.{column}`"
    match move.way:
        case Way.THERE:
            return (
                f"the values of {name} in rows that no row of `{move.target.name}` refers to, "
                "or several that do not agree"
            )
        case Way.ONE:
            return None
        case Way.LINKS:
            return (
                f"which value {name} had in a row that several rows of `{move.target.name}` belong to: "
                "it gets the lowest of theirs"
            )


def _lives_on(move: Move, column: str) -> str:
    """Where the values of an old column are, which of them are nowhere, and what to do about that."""
    source, target = move.source.name, move.target.name
    number = next(number for number, old in enumerate(move.olds) if old.name == column)
    name, new = f"`{source}.{column}`", f"`{target}.{move.news[number].name}`"
    match move.way:
        case Way.ONE:
            return f"The values of {name} live on in {new}; the contract and its rollback lose none"
        case Way.THERE:
            own = f"target.{identifier(move.news[number].name)} IS NOT DISTINCT FROM source.{identifier(column)}"
            query = (
                f"SELECT * FROM {source.sql} AS source WHERE {identifier(column)} IS NOT NULL AND NOT EXISTS "
                f"(SELECT FROM {target.sql} AS target WHERE {move.joined('target', 'source')} AND {own})"
            )
            return (
                f"The values of {name} live on in {new}. The contract drops those that no row of `{target}` has: "
                f"before it runs, look at them with `{query}`, and copy what is still needed"
            )
        case Way.LINKS:
            keys = identifiers((*move.parent_key, column))
            kept = object_name("", source.name, column, "before")
            return (
                f"The values of {name} live on in {new}, and the contract loses none. Once a row of `{source}` has "
                f"several rows of `{target}`, {name} cannot hold them all: a rollback of the contract gives it the "
                f"lowest, and leaves `{target}` as it is. Where it matters which one it was, keep it before the "
                f"contract runs: `CREATE TABLE {identifier(kept)} AS SELECT {keys} FROM {source.sql}`"
            )


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
