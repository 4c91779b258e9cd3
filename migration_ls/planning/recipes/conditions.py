"""Domains and triggers: what rows have to satisfy, and what happens to them besides."""

from dataclasses import replace

from migration_ls.operations.alter_domain import AlterDomain
from migration_ls.operations.create_domain import CreateDomain
from migration_ls.operations.create_trigger import CreateTrigger
from migration_ls.operations.drop_trigger import DropTrigger
from migration_ls.planning.plan import Phase
from migration_ls.planning.situation import Draft, Recipe, Situation, Turn
from migration_ls.schema import functions


def create_trigger(operation: CreateTrigger, situation: Situation) -> Recipe:
    """One brief step; the function has to be there."""
    trigger = operation.trigger
    called = trigger.function
    if not functions.named(situation.current, called):
        why = f"the trigger `{trigger.name}` calls `{called}`, whose definition is not kept"
        return Recipe(refusal=(why, "make the function in a migration of its own first; it is checked then"))
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.VIEW,
        operation=operation,
        title=f"Make the trigger `{trigger.name}` of `{trigger.table}`",
        why="brief, while writers wait; it runs for what both releases write from then on",
        table=trigger.table,
        alone=True,
    )
    return Recipe(drafts=(draft,))


def drop_trigger(operation: DropTrigger) -> Recipe:
    """A contract step: the previous release may count on what it does."""
    draft = Draft(
        phase=Phase.CONTRACT,
        turn=Turn.COLUMN,
        operation=replace(operation, if_exists=True),
        title=f"Drop the trigger `{operation.name}` of `{operation.table}`",
        why="the previous release may count on what it does: run this when no process of that release is left",
        table=operation.table,
        alone=True,
    )
    return Recipe(drafts=(draft,))


def create_domain(operation: CreateDomain) -> Recipe:
    """One step that locks no relation, before what uses it."""
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.TYPE,
        operation=operation,
        title=f"Create the domain `{operation.domain.name}`",
        why="a new type locks no table",
        table=None,
    )
    return Recipe(drafts=(draft,))


def alter_domain(operation: AlterDomain, situation: Situation) -> Recipe:
    """What a domain demands is proven for the rows that exist, while writers go on where PostgreSQL lets them."""
    name = operation.domain
    title = {
        "add check": f"Let the domain `{name}` demand `{operation.constraint}`",
        "validate": f"Prove `{operation.constraint}` for the columns of `{name}`",
        "set not null": f"Let the domain `{name}` refuse nulls",
        "drop not null": f"Let the domain `{name}` take nulls",
        "set default": f"Change the default of the domain `{name}`",
        "drop constraint": f"Let the domain `{name}` no longer demand `{operation.constraint}`",
        "rename constraint": f"Call the check `{operation.constraint}` of `{name}` `{operation.to}`",
    }[operation.action]
    users = {
        table.name
        for schema in (situation.current, situation.wanted)
        for table in schema.tables.values()
        if any(column.type.element.name == name.sql for column in table.columns)
    }
    if operation.action == "set not null" and any(not situation.is_small(table) for table in users):
        why = f"every row of {', '.join(f'`{table}`' for table in sorted(map(str, users)))} is read while writers wait"
        way_out = "demand it of each column (`ALTER COLUMN ... SET NOT NULL`), or tell the row counts of small tables"
        return Recipe(refusal=(why, way_out))
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.VALIDATE if operation.action in {"validate", "set not null"} else Turn.TYPE,
        operation=operation,
        title=title,
        why="rows that exist are read while writers wait" if operation.action == "validate" else "no row is read",
        table=None,
        alone=True,
        always=True,
        accepted=(
            ("domain-constraint-scans-tables", "asked for; the scan lets readers go on"),
            ("slow-work-under-lock", "asked for; the scan lets readers go on"),
        ),
    )
    return Recipe(drafts=(draft,))
