"""Operations to a plan: each by its recipe, ordered in phases, with effect and inverse."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from migration_ls.diffing.differences import differences
from migration_ls.diffing.relabelling import relabelled, relabellings
from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.alter_domain import AlterDomain
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.context import Context
from migration_ls.operations.create_domain import CreateDomain
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_extension import CreateExtension, DropExtension
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_namespace import CreateNamespace
from migration_ls.operations.create_sequence import CreateSequence
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.create_trigger import CreateTrigger
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_namespace import DropNamespace
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.drop_sequence import DropSequence
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.drop_trigger import DropTrigger
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_type import RenameType
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.planning.leftovers import after, leftovers
from migration_ls.planning.matching import Wishes, request_of
from migration_ls.planning.order import ordered
from migration_ls.planning.plan import Backfill, Mode, Phase, Plan, PlanStep, Unplanned
from migration_ls.planning.recipes import columns, conditions, constraints, objects, tables, types
from migration_ls.planning.recipes.beside import after_filling, replacements
from migration_ls.planning.recipes.moves import moves_of
from migration_ls.planning.recipes.moving import around_moves, moved_columns
from migration_ls.planning.recipes.pairs import Pair, masked, pairs_of, refusals_of
from migration_ls.planning.recipes.recasting import recast_types, with_switched
from migration_ls.planning.recipes.renaming import renamed_tables
from migration_ls.planning.recipes.replacing import combined
from migration_ls.planning.recipes.retyping import with_dependents
from migration_ls.planning.releases import switch_of
from migration_ls.planning.situation import Draft, Recipe, Situation
from migration_ls.planning.undoing import inverse_of, without_lost_views
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.request import ChangeNullable, Request
from migration_ls.schema.schema import Schema


def plan(situation: Situation, requests: Sequence[Request] = (), assumptions: Sequence[str] = ()) -> Plan:
    """The plan from the situation's current schema to its wanted one.

    What no recipe covers is in `unplanned`, with the reason and the way out; the rest is planned all the same.
    """
    start, wanted = situation.current, situation.wanted
    fills = {
        (request.change.table, request.change.column): request.change.fill
        for request in requests
        if isinstance(request.change, ChangeNullable)
    }
    renamed = renamed_tables(situation, requests)
    recasts = recast_types(renamed.situation)
    situation = recasts.situation
    drafts: list[tuple[Draft, Operation]] = list(recasts.drafts)
    backfills: list[Backfill] = []
    unplanned = [*renamed.unplanned, *recasts.unplanned]
    pairs = pairs_of(situation, requests)
    filled = {pair.table for pair in pairs if not pair.swaps}
    together, single = combined(differences(*masked(situation, pairs)), situation)
    others = [(item.asked, item.recipe) for item in together]
    others += [(operation, _recipe(operation, situation, fills)) for operation in single]
    moves, refused = moves_of(situation, requests)
    others = [(item, around_moves(item, recipe, moves, refused, situation)) for item, recipe in others]
    recipes = [*_beside(pairs, situation), *((item, after_filling(recipe, filled)) for item, recipe in others)]
    recipes += [(move.asked, moved_columns(move)) for move in moves]
    for operation, recipe in recipes:
        if recipe.refusal:
            why, way_out = recipe.refusal
            request = request_of(operation, requests)
            unplanned.append(Unplanned(what=_what(operation), why=why, help=way_out, request=request))
            continue
        drafts += [(draft, operation) for draft in recipe.drafts]
        backfills += recipe.backfills
    drafts = with_switched(ordered(_without_refused(drafts, unplanned), situation.current), recasts.switched)
    first = Phase.RENAME if any(draft.phase is Phase.EXPAND for draft, _ in drafts) else Phase.EXPAND
    drafts = [*((replace(draft, phase=first), asked) for draft, asked in renamed.drafts), *drafts]
    steps = _steps(drafts, start, situation.postgres, requests)
    known = {item.what for item in unplanned}
    missing = leftovers(start, after(steps, start), wanted)
    unplanned += [item for item in missing if item.what not in known]
    return Plan(
        current=start,
        wanted=wanted,
        differences=(
            *dict.fromkeys(asked for _, asked in renamed.drafts),
            *_plain_differences(renamed.situation, pairs),
        ),
        steps=steps,
        backfills=tuple(backfills),
        requests=tuple(requests),
        assumptions=tuple(assumptions),
        unplanned=tuple(unplanned),
        postgres=situation.postgres,
        switch=switch_of(pairs),
    )


def _beside(pairs: Sequence[Pair], situation: Situation) -> Iterator[tuple[Operation, Recipe]]:
    """The columns that are replaced gradually, by table; those of a refused one are left as they are."""
    refusals = refusals_of(pairs, situation)
    for number, pair in enumerate(pairs):
        if refusal := refusals.get(number):
            yield pair.asked, Recipe(refusal=refusal)
    yield from replacements([pair for number, pair in enumerate(pairs) if number not in refusals], situation)


def _plain_differences(situation: Situation, pairs: Iterable[Pair]) -> tuple[Operation, ...]:
    """What differs in the end, with renames as such: what models and documents have to say."""
    schema = situation.current
    renames = [pair.asked for pair in pairs if isinstance(pair.asked, RenameColumn) and len(pair.news) == 1]
    for rename in renames:
        schema = rename.apply(schema)
    left = list(differences(schema, situation.wanted))
    heads: list[Operation] = []
    for change in relabellings(schema, situation.wanted):
        whole = relabelled(change)
        heads += whole[:2]
        for item in whole:
            # each is there once more than others ask for it, and theirs comes first
            del left[len(left) - 1 - left[::-1].index(item)]
    return (*renames, *left, *heads)


def _recipe(operation: Operation, situation: Situation, fills: Mapping[tuple[Name, str], Expression | None]) -> Recipe:
    match operation:
        case AddColumn():
            return columns.add_column(operation, situation)
        case DropColumn():
            return columns.drop_column(operation, situation)
        case SetNotNull(table=table, column=column):
            return columns.set_not_null(operation, situation, fills.get((table, column)))
        case DropNotNull():
            return columns.drop_not_null(operation)
        case SetDefault():
            return columns.set_default(operation, situation)
        case SetType():
            return with_dependents(types.set_type(operation, situation), operation, situation)
        case AddConstraint():
            return constraints.add_constraint(operation, situation)
        case DropConstraint():
            return constraints.drop_constraint(operation, situation)
        case CreateIndex():
            return constraints.create_index(operation, situation)
        case DropIndex():
            return constraints.drop_index(operation, situation)
        case CreateTable():
            return tables.create_table(operation, situation)
        case DropTable():
            return tables.drop_table(operation)
        case CreateEnum():
            return tables.create_enum(operation)
        case AddEnumValue():
            return tables.add_enum_value(operation)
        case DropType():
            return tables.drop_type(operation)
        case _:
            return _object_recipe(operation, situation)


def _object_recipe(operation: Operation, situation: Situation) -> Recipe:
    match operation:
        case SetIdentity():
            return objects.set_identity(operation, situation)
        case CreateNamespace():
            return objects.create_namespace(operation)
        case CreateExtension():
            return objects.create_extension(operation)
        case DropExtension():
            return objects.drop_extension(operation)
        case CreateSequence():
            return objects.create_sequence(operation)
        case DropSequence():
            return objects.drop_sequence(operation)
        case CreateView():
            return objects.create_view(operation, situation)
        case DropView():
            return objects.drop_view(operation)
        case CreateTrigger():
            return conditions.create_trigger(operation, situation)
        case DropTrigger():
            return conditions.drop_trigger(operation)
        case CreateDomain():
            return conditions.create_domain(operation)
        case AlterDomain():
            return conditions.alter_domain(operation, situation)
        case DropNamespace():
            return objects.drop_namespace(operation)
        case CommentOn():
            return objects.comment_on(operation, situation)
        case _:
            return Recipe(
                refusal=("no safe form of it is known to this version", "write it by hand; it is checked then")
            )


def _table(operation: Operation) -> Name | None:
    match operation:
        case CreateTable(table=table):
            return table.name
        case DropTable(name=name) | RenameType(name=name):
            return name
        case _:
            found = getattr(operation, "table", None)
            return found if isinstance(found, Name) else None


def _what(operation: Operation) -> str:
    table = operation.view.name if isinstance(operation, CreateView) else _table(operation)
    column = getattr(operation, "column", None)
    name = column if isinstance(column, str) else getattr(column, "name", None)
    return f"`{table}.{name}`" if name else f"`{table}`"


def _without_refused(
    drafts: Iterable[tuple[Draft, Operation]], unplanned: Iterable[Unplanned]
) -> list[tuple[Draft, Operation]]:
    """Without steps that stand on a column whose own step was refused."""
    refused = {item.what.strip("`") for item in unplanned}

    def stands(operation: Operation) -> bool:
        match operation:
            case AddConstraint(table=table, constraint=constraint):
                expression = getattr(constraint, "expression", None)
                names = expression.columns if expression else getattr(constraint, "columns", ())
            case CreateIndex(table=table, index=index):
                names = index.columns
            case _:
                return True
        return not any(f"{table}.{name}" in refused for name in names)

    return [(draft, operation) for draft, operation in drafts if stands(operation)]


def _steps(
    drafts: Iterable[tuple[Draft, Operation]],
    schema: Schema,
    postgres: int,
    requests: Sequence[Request],
) -> tuple[PlanStep, ...]:
    wishes = Wishes(requests)
    made: frozenset[Name] = frozenset()
    steps: list[PlanStep] = []
    group = 0
    previous: Draft | None = None
    for draft, asked in drafts:
        together = draft.joined or (
            previous is not None
            and not (draft.alone or previous.alone)
            and draft.mode is previous.mode is Mode.TRANSACTION
            and draft.table == previous.table
            and draft.phase is previous.phase
        )
        group = group if together else group + 1
        operation = draft.operation
        effect = operation.effect(Context(schema=schema, postgres=postgres, fresh=made)).without(made)
        inverse = inverse_of(draft, schema)
        steps.append(
            PlanStep(
                title=draft.title,
                phase=draft.phase,
                operation=operation,
                mode=draft.mode,
                group=group,
                why=draft.why,
                effect=effect,
                inverse=(*draft.undone_first, *inverse.operations),
                inverse_grade=inverse.grade,
                loss=inverse.loss,
                checks=draft.checks,
                accepted=draft.accepted,
                always=draft.always,
                if_there=draft.if_there,
                refills=draft.refills,
                lives_on=draft.lives_on,
                loses=draft.loses,
                advice=draft.advice,
                request=wishes.of(asked),
            )
        )
        schema = operation.apply(schema)
        if isinstance(operation, CreateTable):
            made |= {operation.table.name}
        previous = draft
    return without_lost_views(steps)
