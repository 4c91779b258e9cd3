"""Columns replaced gradually: new ones beside the old, kept in step, filled, proven, put in place; the old dropped.

Both releases work from the first step to the last but the contract, which takes away what the previous release uses.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.base import Grade, Inverse
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.union import Operation
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.planning import checks
from migration_ls.planning.plan import Check as PlanCheck
from migration_ls.planning.plan import Phase
from migration_ls.planning.recipes.columns import not_null_drafts
from migration_ls.planning.recipes.pairs import Pair, affected
from migration_ls.planning.recipes.sides import Side, backfill_of, bare, burdened, freed, kept_in_step, side_of
from migration_ls.planning.recipes.standing import (
    Passing,
    built,
    dropped,
    items_of,
    passing_names,
    referring_items,
    retired_of,
)
from migration_ls.planning.recipes.switching import contract, switch
from migration_ls.planning.situation import Draft, Recipe, Situation, Turn
from migration_ls.postgres.quoting import identifier
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column


def replacements(pairs: Sequence[Pair], situation: Situation) -> Iterator[tuple[Operation, Recipe]]:
    """The recipe of each table with columns that are replaced; tables before those that they refer to."""
    by_table: dict[Name, list[Side]] = {}
    for pair in pairs:
        tables = situation.current.tables[pair.table], situation.wanted.tables[pair.table]
        by_table.setdefault(pair.table, []).append(side_of(pair, *tables))
    passing = passing_names(side for sides in by_table.values() for side in sides)
    for name in _referring_first(by_table, situation.current):
        sides = by_table[name]
        yield sides[0].pair.asked, _replaced(tuple(sides), situation, passing)


def _referring_first(names: Iterable[Name], current: Schema) -> list[Name]:
    found: list[Name] = []
    todo = list(names)

    def take(name: Name) -> None:
        if name in todo:
            todo.remove(name)
            for other in current.referencing(name):
                take(other.name)
            found.append(name)

    while todo:
        take(todo[0])
    return found


def _replaced(sides: tuple[Side, ...], situation: Situation, passing: Passing) -> Recipe:
    """All replacements of one table's columns, from the first step to the contract."""
    current, wanted = sides[0].table, sides[0].wanted
    pairs = [side.pair for side in sides]
    drafts: list[Draft] = []
    for side in sides:
        drafts += _expand(side)
    for side in sides:
        drafts += _finish(side)
    names = affected(pairs, current, wanted)
    referring = tuple(referring_items(sides, names, situation, passing))
    items = (*items_of(names, current, situation, passing), *referring)
    for item in items:
        drafts += built(item, situation)
    retired = tuple(retired_of(sides, names, wanted, current))
    drafts += [dropped(current.name, item, item.name or "", Phase.FINISH) for item in retired]
    items = tuple(replace(item, former=None if item.former in retired else item.former) for item in items)
    drafts += switch(sides, items, situation)
    own = [item for item in (*current.indexes, *current.constraints) if item.name in names and item not in retired]
    left = [(current.name, item) for item in own if item != current.primary_key]
    left += [(item.table, item.former) for item in referring if item.former]
    drafts += contract(sides, items, left, situation)
    return Recipe(drafts=tuple(drafts), backfills=tuple(backfill_of(side) for side in sides))


def after_filling(recipe: Recipe, tables: AbstractSet[Name]) -> Recipe:
    """The recipe with its views made once the new columns of the tables they read have their values."""
    made = [draft.operation for draft in recipe.drafts if isinstance(draft.operation, CreateView)]
    if not any(item.view.reads & tables for item in made):
        return recipe
    drafts = (replace(item, phase=Phase.FINISH) if item.phase is Phase.EXPAND else item for item in recipe.drafts)
    return replace(recipe, drafts=tuple(drafts))


def _expand(side: Side) -> Iterator[Draft]:
    pair, table = side.pair, side.pair.table
    title = pair.title
    for column in pair.news:
        made = bare(column, side.new[column.name])
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
    for column in burdened(pair):
        yield Draft(
            phase=Phase.EXPAND,
            turn=Turn.COLUMN,
            operation=DropNotNull(table=table, column=column.name),
            title=f"Let `{table}.{column.name}` be empty",
            why="the new release may write rows that have no value for it",
            table=table,
        )
    yield from kept_in_step(side.before, Phase.EXPAND, title, _parity(side))


def _parity(side: Side) -> PlanCheck:
    """Finds rows whose new columns are not what the old ones say; there are none once the rows are filled."""
    where, table = backfill_of(side).where or "", side.pair.table
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


def _finish(side: Side) -> Iterator[Draft]:
    pair, table = side.pair, side.pair.table
    for column in pair.news:
        name = side.new[column.name]
        if column.nullable is False:
            yield from not_null_drafts(table, name, Phase.FINISH)
    for column in pair.olds:
        if column.nullable is False and freed(side):
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
