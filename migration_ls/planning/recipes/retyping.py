"""What stands in the way of a change of type: it goes before it and comes back after it, in one transaction."""

from dataclasses import replace

from migration_ls.diffing.objects import inner_first, is_materialized, made_view, readers_of
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.planning import checks
from migration_ls.planning.plan import Phase
from migration_ls.planning.recipes.together import bundle, new_views, view_draft
from migration_ls.planning.situation import Draft, Recipe, Situation, Turn
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Check, Table


def with_dependents(recipe: Recipe, operation: SetType, situation: Situation) -> Recipe:
    """The recipe with views that read the column dropped around the change, and checks proven anew after it."""
    table = situation.current.table(operation.table)
    at = next((number for number, draft in enumerate(recipe.drafts) if isinstance(draft.operation, SetType)), None)
    if table is None or at is None or recipe.refusal:
        return recipe
    if made := table.generated_from((operation.column,)):
        what = f"`{operation.table}.{made[0].name}` is generated from `{operation.table}.{operation.column}`"
        return Recipe(refusal=(what, "make the generated column plain first, or change both by hand"))
    change = recipe.drafts[at]
    if change.phase is Phase.EXPAND and _loses_checks(operation, situation):
        # a check that goes, or is replaced by one that is not proven yet, goes first: it would be proven once more
        change = replace(change, turn=Turn.DEFAULT)
        recipe = replace(recipe, drafts=(*recipe.drafts[:at], change, *recipe.drafts[at + 1 :]))
    views = _views_of(operation, situation)
    before = new_views(operation.table, situation, change.turn)
    before += [
        view_draft(DropView(name=name, materialized=is_materialized(situation.current, name)), change.turn)
        for name in views
    ]
    after = [
        view_draft(item, change.turn)
        for name in inner_first(situation.current, views)
        for item in made_view(situation.current, situation.current.views[name])
    ]
    wanted = situation.wanted.table(operation.table)
    own = {draft.operation.constraint.name for draft in recipe.drafts if isinstance(draft.operation, AddConstraint)}
    held = [
        check
        for check in _proven(operation, table)
        if check.name not in own and wanted is not None and wanted.constraint(check.name or "") == check
    ]
    restored = _default_again(operation, situation, change)
    if not (before or held or restored):
        return recipe
    dropped = [
        _check_draft(change, DropConstraint(table=operation.table, constraint=check.name or ""), check)
        for check in held
    ]
    added = [
        _check_draft(change, AddConstraint(table=operation.table, constraint=replace(check, validated=False)), check)
        for check in held
    ]
    proven = [
        Draft(
            phase=change.phase,
            turn=max(change.turn, Turn.VALIDATE),
            operation=ValidateConstraint(table=operation.table, constraint=check.name or ""),
            title=f"Prove `{check.name}` for the rows of `{operation.table}` that exist",
            why="the scan runs under SHARE UPDATE EXCLUSIVE: readers and writers go on",
            table=operation.table,
            alone=True,
            checks=(checks.constraint_is(operation.table, check, validated=True),),
        )
        for check in held
    ]
    whole = bundle([*before, *dropped, change, *restored, *added, *after])
    return replace(recipe, drafts=(*recipe.drafts[:at], *whole, *recipe.drafts[at + 1 :], *proven))


def _proven(operation: SetType, table: Table) -> list[Check]:
    """The checks that PostgreSQL proves again when the type changes."""
    return [check for check in table.checks if operation.column in check.expression.columns and check.validated]


def _loses_checks(operation: SetType, situation: Situation) -> bool:
    table, wanted = situation.current.table(operation.table), situation.wanted.table(operation.table)
    return (
        table is not None
        and wanted is not None
        and any(wanted.constraint(check.name or "") != check for check in _proven(operation, table))
    )


def _check_draft(change: Draft, operation: Operation, check: Check) -> Draft:
    return Draft(
        phase=change.phase,
        turn=change.turn,
        operation=operation,
        title=f"{'Take' if isinstance(operation, DropConstraint) else 'Put'} the check `{check.name}` "
        f"{'away' if isinstance(operation, DropConstraint) else 'back, for new rows'}",
        why="with the check in place, changing the type would read every row under the strong lock",
        table=change.table,
        always=True,
    )


def _views_of(operation: SetType, situation: Situation) -> tuple[Name, ...]:
    """Views that use the column, or may where that is not known, and those that read them."""
    current = situation.current
    used = (operation.table, operation.column)
    direct = [
        view.name
        for view in current.views.values()
        if operation.table in view.reads and (view.outputs is None or used in view.columns)
    ]
    if not direct:
        return ()
    return tuple(reversed(inner_first(current, [*direct, *readers_of(current, direct)])))


def _default_again(operation: SetType, situation: Situation, change: Draft) -> list[Draft]:
    """The default once more: PostgreSQL keeps a cast to the former type in it."""
    tables = (situation.current.table(operation.table), situation.wanted.table(operation.table))
    old, new = (table.column(operation.column) if table else None for table in tables)
    if not (old and new and new.default is not None and old.default == new.default and old.type.name != new.type.name):
        return []
    return [
        Draft(
            phase=change.phase,
            turn=change.turn,
            operation=SetDefault(table=operation.table, column=operation.column, default=new.default),
            title=f"Say the default of `{operation.table}.{operation.column}` again",
            why="PostgreSQL keeps a cast to the former type in it",
            table=operation.table,
            passing=True,
        )
    ]
