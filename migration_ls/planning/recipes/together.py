"""Steps that share one transaction, and views that go and come in it."""

from collections.abc import Sequence
from dataclasses import replace

from migration_ls.diffing.objects import inner_first, is_materialized, readers_of
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.union import Operation
from migration_ls.planning import checks
from migration_ls.planning.plan import Phase
from migration_ls.planning.situation import Draft, Situation
from migration_ls.schema.names import Name

_RIGHTS = "rights granted on it have to be granted again"

BUILT_AT_ONCE = tuple(
    (rule, "nobody can use the table at this moment anyway")
    for rule in (
        "index-not-concurrent",
        "unique-index-may-fail",
        "check-scans-table",
        "unique-constraint-builds-index",
        "slow-work-under-lock",
        "foreign-key-scans-tables",
        "exclusion-constraint-builds-index",
    )
)


def view_draft(operation: Operation, turn: int) -> Draft:
    """A step in which a view, or what stands on it, goes for the moment or is made again."""
    accepted = (
        ("drop-view-breaks-release", f"it is made again in the same transaction; {_RIGHTS}"),
        ("drop-object-loses-data", f"it is made again in the same transaction; {_RIGHTS}"),
        *BUILT_AT_ONCE,
    )
    match operation:
        case DropView(name=name):
            title, why = f"Drop the view `{name}` for the moment", f"it is made again at once; {_RIGHTS}"
        case CreateView(view=view):
            title, why = f"Make the view `{view.name}`", "its readers wait until the transaction ends, no longer"
            name = view.name
        case CreateIndex(table=table, index=index):
            name = table
            title, why = f"Build the index `{index.name}` again", "it went with the materialized view"
        case CommentOn(table=Name() as table, what=what):
            name = table
            title, why = f"Say again what `{what}` is", "what was said went with the view"
        case _:
            raise AssertionError(operation)
    return Draft(
        phase=Phase.EXPAND,
        turn=turn,
        operation=operation,
        title=title,
        why=why,
        table=name,
        accepted=accepted,
        passing=isinstance(operation, CreateIndex | CommentOn),
        checks=(checks.view_is(name),) if isinstance(operation, CreateView) else (),
    )


def new_views(table: Name, situation: Situation, turn: int) -> list[Draft]:
    """Views that come later in the plan: when it runs a second time they are there, and stand in the way."""
    current, wanted = situation.current, situation.wanted
    direct = [view.name for view in wanted.views.values() if table in view.reads]
    new = [name for name in (*direct, *readers_of(wanted, direct)) if name not in current.views]
    return [
        replace(
            view_draft(DropView(name=name, materialized=is_materialized(wanted, name), if_exists=True), turn),
            title=f"Take `{name}` away where an earlier run has made it",
            passing=True,
        )
        for name in reversed(inner_first(wanted, new))
    ]


def bundle(drafts: Sequence[Draft], *, phase: Phase | None = None) -> tuple[Draft, ...]:
    """Drafts that stay together, in one transaction of their own; maybe in another phase."""
    return tuple(
        replace(draft, joined=number > 0, alone=True, phase=phase or draft.phase) for number, draft in enumerate(drafts)
    )
