"""Tables that get another name: renamed, with a view of the old name for the release that is running."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from migration_ls.operations.create_view import CreateView
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.union import Operation
from migration_ls.planning import checks
from migration_ls.planning.plan import Phase, Unplanned
from migration_ls.planning.situation import Draft, Situation, Turn
from migration_ls.postgres.quoting import identifiers
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Request
from migration_ls.schema.schema import View
from migration_ls.schema.tables import RelationKind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """The first steps of a plan, and the situation after them: the rest is planned from there."""

    situation: Situation
    drafts: tuple[tuple[Draft, Operation], ...] = ()
    unplanned: tuple[Unplanned, ...] = ()


def renamed_tables(situation: Situation, requests: Iterable[Request]) -> Renamed:
    """The renames of tables that are asked for, each with its view; contract drops the view like any other."""
    drafts: list[tuple[Draft, Operation]] = []
    unplanned: list[Unplanned] = []
    current = situation.current
    rows = dict(situation.rows)
    for request in requests:
        change = request.change
        if not isinstance(change, asked.RenameTable):
            continue
        rename = RenameTable(name=change.table, to=change.to)
        table = current.table(change.table)
        if table is None or current.kind(rename.new_name) is not None or situation.wanted.table(change.table):
            continue
        if refusal := _refusal(table, situation):
            why, way_out = refusal
            unplanned.append(Unplanned(what=f"`{change.table}`", why=why, help=way_out, request=request))
            continue
        steps = _steps(rename, table)
        drafts += [(step, rename) for step in steps]
        for step in steps:
            current = step.operation.apply(current)
        if change.table in rows:
            rows[rename.new_name] = rows[change.table]
    return Renamed(
        situation=replace(situation, current=current, rows=rows), drafts=tuple(drafts), unplanned=tuple(unplanned)
    )


def _refusal(table: Table, situation: Situation) -> tuple[str, str] | None:
    if table.kind not in {RelationKind.TABLE, RelationKind.PARTITIONED}:
        return (
            f"`{table.name}` is a {table.kind}, in whose place no view takes every statement of the running release",
            "make a new one beside it, and drop the old one in a later release",
        )
    if any(item.kind == "policy" for item in table.dependents) and situation.postgres < 15:
        return (
            f"row security of `{table.name}` would not hold for a view of the old name before PostgreSQL 15",
            "rename it while the application is stopped",
        )
    return None


def _steps(rename: RenameTable, table: Table) -> tuple[Draft, ...]:
    old, new = rename.name, rename.new_name
    view = compatibility_view(old, new, table)
    meant = f"the view `{old}` takes its place in the same transaction"
    return (
        Draft(
            phase=Phase.EXPAND,
            turn=Turn.TYPE,
            operation=rename,
            title=f"Call the table `{old}` `{new}`",
            why=f"a change of the catalog alone; {meant}, and takes every INSERT, UPDATE and DELETE",
            table=new,
            alone=True,
            checks=(checks.table_is(replace(table, name=new)),),
            accepted=(("rename-table", meant),),
        ),
        Draft(
            phase=Phase.EXPAND,
            turn=Turn.TYPE,
            operation=CreateView(view=view),
            title=f"Let `{old}` be a view for the release that is running",
            why="rights that other roles have on the table have to be granted on the view too",
            table=new,
            alone=True,
            joined=True,
            checks=(checks.view_is(old),),
        ),
    )


def compatibility_view(old: Name, new: Name, table: Table) -> View:
    """A view of the old name with every column; it asks for the rights of who uses it where row security matters."""
    names = tuple(column.name for column in table.columns)
    secured = any(item.kind == "policy" for item in table.dependents)
    return View(
        name=old,
        query=f"SELECT {identifiers(names)} FROM {new.sql}",
        reads=frozenset({new}),
        mentions=frozenset((None, name) for name in names),
        selected=tuple((None, name) for name in names),
        origins=tuple((None, name) for name in names),
        head="WITH (security_invoker = true)" if secured else "",
    )
