"""Extensions, sequences, views, comments, and columns that count by themselves."""

from collections.abc import Iterator
from dataclasses import replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.create_extension import CreateExtension, DropExtension
from migration_ls.operations.create_namespace import CreateNamespace
from migration_ls.operations.create_sequence import CreateSequence
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.drop_namespace import DropNamespace
from migration_ls.operations.drop_sequence import DropSequence
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.planning import checks
from migration_ls.planning.plan import Phase
from migration_ls.planning.situation import Draft, Recipe, Situation, Turn
from migration_ls.schema.names import Name
from migration_ls.schema.schema import View

_SCANS = "a materialized view reads what it is made of once"


def create_extension(operation: CreateExtension) -> Recipe:
    """One step before everything else."""
    name = operation.name
    why = "a new column, index or constraint needs it" if operation.keeps else "asked for"
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.TYPE,
        operation=replace(operation, if_not_exists=True),
        title=f"Install the extension `{name}`",
        why=f"{why}; it locks no table, and needs the right to create extensions",
        table=None,
        checks=(checks.extension_is(name),),
    )
    return Recipe(drafts=(draft,))


def create_namespace(operation: CreateNamespace) -> Recipe:
    """One step before everything else."""
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.TYPE,
        operation=replace(operation, if_not_exists=True),
        title=f"Make the namespace `{operation.namespace}`",
        why="it locks no table",
        table=None,
        checks=(checks.namespace_is(operation.namespace),),
    )
    return Recipe(drafts=(draft,))


def drop_namespace(operation: DropNamespace) -> Recipe:
    """The last of the contract steps; what stands in it goes before."""
    draft = Draft(
        phase=Phase.CONTRACT,
        turn=Turn.DROP + 4,
        operation=replace(operation, if_exists=True),
        title=f"Drop the namespace `{operation.namespace}`",
        why="without CASCADE: it stays while anything stands in it",
        table=None,
        alone=True,
        accepted=(("drop-object-loses-data", "nothing stands in it any more"),),
        inverse=Inverse(operations=(CreateNamespace(namespace=operation.namespace, if_not_exists=True),)),
    )
    return Recipe(drafts=(draft,))


def drop_extension(operation: DropExtension) -> Recipe:
    """The last of the contract steps."""
    draft = Draft(
        phase=Phase.CONTRACT,
        turn=Turn.DROP + 3,
        operation=replace(operation, if_exists=True),
        title=f"Remove the extension `{operation.name}`",
        why="without CASCADE: it stays while anything uses it",
        table=None,
        alone=True,
    )
    return Recipe(drafts=(draft,))


def create_sequence(operation: CreateSequence) -> Recipe:
    """One brief step."""
    name = operation.sequence.name
    title = f"Change what the sequence `{name}` counts" if operation.alters else f"Create the sequence `{name}`"
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.COLUMN if operation.alters else Turn.TYPE,
        operation=operation,
        title=title,
        why="a change of the catalog alone",
        table=name if operation.alters else None,
        alone=operation.alters,
        checks=(checks.relation_is(name),),
    )
    return Recipe(drafts=(draft,))


def drop_sequence(operation: DropSequence) -> Recipe:
    """A contract step."""
    draft = Draft(
        phase=Phase.CONTRACT,
        turn=Turn.DROP + 1,
        operation=replace(operation, if_exists=True),
        title=f"Drop the sequence `{operation.name}`",
        why="the previous release may still count with it: run this when no process of that release is left",
        table=operation.name,
        alone=True,
        checks=(checks.relation_gone(operation.name),),
        accepted=(("drop-object-loses-data", "asked for; the plan states that its position is lost"),),
    )
    return Recipe(drafts=(draft,))


def create_view(operation: CreateView, situation: Situation) -> Recipe:
    """One step after everything that it may read."""
    name = operation.view.name
    for read in sorted(operation.view.reads):
        query = operation.view.query.replace('""', '"').lower()
        if read in situation.wanted.tables and read.name.lower() not in query:
            why = f"its query calls the table `{read}` by another name, which goes"
            return Recipe(refusal=(why, f"say `{read}` in the query of `{name}`"))
    for relation, column in sorted(_former_columns(operation.view, situation)):
        why = f"its query reads `{relation}.{column}` by that name, which goes"
        return Recipe(refusal=(why, f"say the new name of `{column}` in the query of `{name}`"))
    why = "it reads every row once, and blocks nobody" if operation.materialized else "a change of the catalog alone"
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.VIEW,
        operation=operation,
        title=f"Create the view `{name}`",
        why=why,
        table=name,
        alone=True,
        checks=(checks.view_is(name),),
    )
    return Recipe(drafts=(draft,))


def _former_columns(view: View, situation: Situation) -> Iterator[tuple[Name, str]]:
    """Columns that the query names and that the wanted tables have no more."""
    for relation, column in view.mentions:
        reads = [relation] if relation is not None else sorted(view.reads)
        tables = [(situation.current.table(name), situation.wanted.table(name)) for name in reads]
        if column != "*" and all(after and not after.assumed and not after.column(column) for _, after in tables):
            yield from ((before.name, column) for before, _ in tables if before and before.column(column))


def drop_view(operation: DropView) -> Recipe:
    """A contract step, before what it reads goes."""
    name = operation.name
    meant = "asked for; the previous release is gone by then"
    draft = Draft(
        phase=Phase.CONTRACT,
        turn=Turn.COLUMN,
        operation=replace(operation, if_exists=True),
        title=f"Drop the view `{name}`",
        why="the previous release reads it: run this when no process of that release is left",
        table=name,
        alone=True,
        checks=(checks.relation_gone(name),),
        accepted=(("drop-view-breaks-release", meant), ("drop-object-loses-data", meant)),
    )
    return Recipe(drafts=(draft,))


def comment_on(operation: CommentOn, situation: Situation) -> Recipe:
    """One step that blocks neither readers nor writers."""
    if operation.what:
        return Recipe(drafts=(_said(operation, situation),))
    known = situation.current.table(operation.table) if operation.table else None
    new = known is None or (operation.column is not None and known.column(operation.column) is None)
    what = f"{operation.table}.{operation.column}" if operation.column else f"{operation.table}"
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.COMMENT,
        operation=operation,
        title=f"Say what `{what}` is" if operation.comment else f"Take away what is said of `{what}`",
        why="SHARE UPDATE EXCLUSIVE: readers and writers go on",
        table=operation.table,
        checks=(checks.comment_is(operation.table, operation.column, operation.comment),) if operation.table else (),
        # What is new goes with its comment.
        passing=new,
    )
    return Recipe(drafts=(draft,))


def _said(operation: CommentOn, situation: Situation) -> Draft:
    """What is new goes with its comment, so nothing takes that back."""
    title = "Say what" if operation.comment else "Take away what is said of"
    end = " is" if operation.comment else ""
    at = operation.table
    made = at is not None and not operation.part and situation.current.kind(at) is None
    return Draft(
        phase=Phase.EXPAND,
        turn=Turn.COMMENT,
        operation=operation,
        title=f"{title} `{operation.what}`{end}",
        why="a change of the catalog alone: readers and writers go on",
        table=at,
        passing=made,
    )


def set_identity(operation: SetIdentity, situation: Situation) -> Recipe:
    """Brief; a new identity goes on where the values that exist end, an identity goes once nobody relies on it."""
    table, column = operation.table, operation.column
    known = situation.current.table(table)
    old = known.column(column) if known else None
    wish = situation.wanted.table(table)
    after = wish.column(column) if wish else None
    if old and after and old.autoincrement is not after.autoincrement:
        why = f"`{table}.{column}` changes between SERIAL and an identity, whose sequences are not the same"
        return Recipe(refusal=(why, "move the default and the sequence by hand; it is checked then"))
    if operation.drops_expression:
        return Recipe(
            drafts=(
                Draft(
                    phase=Phase.EXPAND,
                    turn=Turn.DEFAULT,
                    operation=operation,
                    title=f"Make the generated column `{table}.{column}` a plain one",
                    why="it keeps its values, and takes those that are written from now on",
                    table=table,
                    checks=(checks.not_generated(table, column),),
                ),
            )
        )
    if operation.identity is None:
        return Recipe(
            drafts=(
                Draft(
                    phase=Phase.CONTRACT,
                    turn=Turn.DEFAULT,
                    operation=operation,
                    title=f"Stop counting `{table}.{column}`",
                    why="once the new release writes the column itself",
                    table=table,
                    checks=(checks.identity_is(table, column, None),),
                    accepted=(("default-gone", "it runs when the previous release is gone"),),
                ),
            )
        )
    new = old is None or old.identity is None
    why = "the sequence goes on where the values that exist end" if new else "a change of the catalog alone"
    stricter = old is not None and old.identity == "by default" and operation.identity == "always"
    if stricter:
        why = "the previous release may still give values of its own: run this when no process of it is left"
    return Recipe(
        drafts=(
            Draft(
                phase=Phase.CONTRACT if stricter else Phase.EXPAND,
                turn=Turn.IDENTITY,
                operation=operation,
                title=f"Let PostgreSQL count `{table}.{column}`",
                why=why,
                table=table,
                alone=True,
                checks=(checks.identity_is(table, column, operation.identity),),
                accepted=(("new-write-restriction", "it runs when the previous release is gone"),) if stricter else (),
            ),
        )
    )
