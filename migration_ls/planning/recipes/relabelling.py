"""Enum types that lose labels or get another order: a new type takes the old one's place, in one transaction."""

from collections.abc import Iterable

from migration_ls.diffing.differences import columns_of
from migration_ls.diffing.objects import inner_first, is_materialized, made_view, readers_of
from migration_ls.diffing.relabelling import Relabelling, by_label, relabelled
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.base import Inverse
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.rename_type import RenameType
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.planning import checks
from migration_ls.planning.plan import Phase
from migration_ls.planning.recipes.replacing import BUILT_AT_ONCE, bundle, view_draft
from migration_ls.planning.situation import Draft, Recipe, Situation, Turn
from migration_ls.schema.dependents import views_on
from migration_ls.schema.names import Name

_TURN = Turn.DROP + 1
_BY_HAND = "write it by hand; it is checked then"


def relabel(change: Relabelling, situation: Situation) -> Recipe:
    """A contract step: by then no release writes a label that goes, nor counts on the order that was.

    It runs a second time with the same result, and fails without a change while a row holds a label that goes.
    """
    if refusal := _refusal(change, situation):
        return Recipe(refusal=refusal)
    views = _views(change, situation)
    drafts = [
        view_draft(DropView(name=name, materialized=is_materialized(situation.wanted, name)), _TURN)
        for name in reversed(views)
    ]
    drafts += [_draft(operation, change, situation) for operation in relabelled(change)]
    drafts += [
        view_draft(item, _TURN) for name in views for item in made_view(situation.wanted, situation.wanted.views[name])
    ]
    return Recipe(drafts=tuple(bundle(drafts, phase=Phase.CONTRACT)))


def _refusal(change: Relabelling, situation: Situation) -> tuple[str, str] | None:
    name = change.after.name
    for table, column in change.columns:
        for other in table.columns:
            if other.generated and column.name in other.generated.columns:
                return f"`{table.name}.{other.name}` is generated from a column of `{name}`", _BY_HAND
        for index in table.indexes:
            if column.name in columns_of(index) and (index.where or any(part.is_expression for part in index.parts)):
                return f"the index `{index.name}` has a condition or an expression over `{name}`", _BY_HAND
    old = [table.name for table, _ in change.columns if situation.current.table(table.name)]
    large = [f"`{table}`" for table in dict.fromkeys(old) if not situation.is_small(table)]
    if large:
        why = f"PostgreSQL can neither take a label of `{name}` away nor move one, and a new type in its place writes "
        way_out = "tell the row counts of small tables (`[tables.NAME] rows`), or stop the application for it "
        return (
            f"{why}{', '.join(large)} anew while nobody can use it",
            f"{way_out}(`downtime = true`), or refuse the label by a CHECK and leave it in the type",
        )
    return None


def _views(change: Relabelling, situation: Situation) -> list[Name]:
    """The views that use a column of the type, and those that read them, in an order in which they can be made."""
    wanted = situation.wanted
    direct = {view.name for table, column in change.columns for view in views_on(wanted, table.name, column.name)}
    return inner_first(wanted, [*direct, *readers_of(wanted, direct)]) if direct else []


def _draft(operation: Operation, change: Relabelling, situation: Situation) -> Draft:
    name, former = change.after.name, change.former
    title, why, table = _words(operation, change)
    inverse: Inverse | None = None
    accepted: tuple[tuple[str, str], ...]
    if isinstance(operation, SetType):
        column = next(column for at, column in change.columns if (at.name, column.name) == (table, operation.column))
        inverse = Inverse(operations=(by_label(operation.table, column, former),))
        reason = situation.simple_reason(operation.table) or "nobody uses the table before this migration"
        accepted = (
            ("type-change-rewrites-table", reason),
            ("slow-work-under-lock", reason),
            ("type-change-may-fail", f"it fails, and changes nothing, while a row holds {_labels(change.gone)}"),
            ("type-change-loses-values", "labels are kept by their names"),
        )
    else:
        reason = f"a type of the name `{name}` is there again when the transaction ends"
        accepted = (
            *((rule, reason) for rule in ("rename-object", "default-gone", "drop-object-loses-data")),
            *BUILT_AT_ONCE,
        )
    is_last = isinstance(operation, DropType)
    return Draft(
        phase=Phase.CONTRACT,
        turn=_TURN,
        operation=operation,
        title=title,
        why=why,
        table=table,
        accepted=accepted,
        inverse=inverse,
        always=True,
        checks=(checks.enum_is_just(change.after),) if is_last else (),
    )


def _words(operation: Operation, change: Relabelling) -> tuple[str, str, Name | None]:
    name, former = change.after.name, change.former
    match operation:
        case RenameType():
            return (
                f"Call the type `{name}` `{former}` for the moment",
                "PostgreSQL can neither take a label away nor move one, so a new type takes its place",
                None,
            )
        case CreateEnum():
            return f"Create `{name}` with its labels", "all in one transaction, so nobody sees it half done", None
        case SetType(table=table, column=column):
            why = "label by label"
            if change.gone:
                why += f"; it fails, and changes nothing, while a row holds {_labels(change.gone)}"
            return f"Change `{table}.{column}` to the new `{name}`", why, table
        case SetDefault(table=table, column=column, default=None):
            return f"Drop the default of `{table}.{column}` for the moment", "it is of the former type", table
        case SetDefault(table=table, column=column):
            return f"Set the default of `{table}.{column}` again", "in the new type", table
        case DropConstraint(table=table, constraint=constraint):
            return f"Take the check `{constraint}` away for the moment", "it compares with the former type", table
        case AddConstraint(table=table, constraint=constraint):
            return f"Put the check `{constraint.name}` back", "the table is held anyway", table
        case _:
            return f"Drop `{former}`", "no column uses it any more", None


def _labels(values: Iterable[str]) -> str:
    return " or ".join(f"`{value}`" for value in values) or "another label"
