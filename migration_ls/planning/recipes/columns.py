"""Columns: add, drop, make NOT NULL, change the default."""

from dataclasses import replace

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.base import Inverse
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.naming import sequence_of
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.planning import checks
from migration_ls.planning.plan import Backfill, Phase
from migration_ls.planning.situation import Draft, Recipe, Situation, Turn
from migration_ls.postgres.quoting import identifier, object_name
from migration_ls.schema.expression import Expression
from migration_ls.schema.functions import is_volatile
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Check, Column
from migration_ls.sources.sql.expressions import expression


def add_column(operation: AddColumn, situation: Situation) -> Recipe:
    """One brief step where the value is the same for every row; else nullable, default, backfill, NOT NULL."""
    table, column = operation.table, operation.column
    name = f"`{table}.{column.name}`"
    if column.nullable is False and not column.has_default and not situation.is_small(table):
        return Recipe(
            refusal=(
                f"{name} is NOT NULL and has no default, so there is no value for the rows that exist",
                "give it a server default, or make it optional",
            )
        )
    volatile = column.default is not None and is_volatile(situation.current, column.default)
    if column.autoincrement or column.identity or column.generated:
        why = "every row gets a value of its own, so the table is written anew"
        meant = situation.simple_reason(table) or "every row gets a value of its own; run it in a quiet hour"
        accepted = tuple((rule, meant) for rule in ("add-column-rewrites-table", "slow-work-under-lock"))
        bare = replace(operation, column=replace(column, sequence=None))
        return Recipe(drafts=(_add(bare, why, accepted), *_sequence(operation)))
    if not volatile or column.default is None:
        why = (
            "a constant default is kept in the catalog: no row is touched, and the previous release's INSERTs get it"
            if column.has_default
            else "a nullable column without a default is a change of the catalog alone"
        )
        return Recipe(drafts=(_add(operation, why),))
    if reason := situation.simple_reason(table):
        rules = ("add-column-rewrites-table", "slow-work-under-lock")
        return Recipe(drafts=(_add(operation, reason, tuple((rule, reason) for rule in rules)),))
    return _backfilled(operation, column, column.default, situation)


def _add(operation: AddColumn, why: str, accepted: tuple[tuple[str, str], ...] = ()) -> Draft:
    return Draft(
        phase=Phase.EXPAND,
        turn=Turn.COLUMN,
        operation=operation,
        title=f"Add the column `{operation.column.name}` to `{operation.table}`",
        why=why,
        table=operation.table,
        checks=(checks.column_is(operation.table, operation.column),),
        accepted=accepted,
    )


def _sequence(operation: AddColumn) -> tuple[Draft, ...]:
    """The sequence of a new column under the name that it shall have, where PostgreSQL gives it another."""
    wanted, given = operation.column.sequence, sequence_of(operation.table, operation.column.name)
    if wanted is None or wanted == given or wanted.namespace != given.namespace:
        return ()
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.COLUMN,
        operation=RenameTable(name=given, to=wanted.name),
        title=f"Call the sequence `{given}` `{wanted}`",
        why="a change of the catalog that locks the sequence alone",
        table=operation.table,
        joined=True,
        # it goes with its column
        inverse=Inverse(operations=()),
        accepted=(("rename-table", "the sequence is new, so no release knows its name"),),
    )
    return (draft,)


def _backfilled(operation: AddColumn, column: Column, default: Expression, situation: Situation) -> Recipe:
    """Add it bare, set the default for rows to come, fill the old ones in batches."""
    table = operation.table
    bare = replace(column, default=None, nullable=True)
    first = Draft(
        phase=Phase.EXPAND,
        turn=Turn.COLUMN,
        operation=replace(operation, column=bare),
        title=f"Add the column `{column.name}` to `{table}`, empty at first",
        why=f"the default `{default.text}` differs per row, and would make PostgreSQL write the table anew",
        table=table,
    )
    second = Draft(
        phase=Phase.EXPAND,
        turn=Turn.DEFAULT,
        operation=SetDefault(table=table, column=column.name, default=default),
        title=f"Give new rows of `{table}` a value in `{column.name}`",
        passing=True,
        why="rows written from now on need no backfill",
        table=table,
        checks=(checks.column_is(table, replace(column, nullable=True)),)
        if column.nullable
        else (checks.default_is(table, column.name, default),),
    )
    key = backfill(table, column.name, default, situation)
    finish = not_null_drafts(table, column.name, Phase.FINISH) if column.nullable is False else ()
    return Recipe(drafts=(first, second, *finish), backfills=(key,))


def backfill(table: Name, column: str, value: Expression, situation: Situation) -> Backfill:
    """A backfill in batches by the primary key, or by the physical place of rows where there is none."""
    known = situation.current.table(table)
    keys = known.primary_key.columns if known and known.primary_key else ()
    return Backfill(table=table, column=column, value=value, keys=keys)


def not_null_drafts(table: Name, column: str, phase: Phase) -> tuple[Draft, ...]:
    """NOT NULL without a scan under a strong lock: a check proves it first."""
    check = Check(
        name=object_name("", table.name, column, "not_null"),
        expression=expression(f"{identifier(column)} IS NOT NULL"),
        validated=False,
    )
    name = check.name or ""
    return (
        Draft(
            phase=phase,
            turn=Turn.NOT_VALID,
            operation=AddConstraint(table=table, constraint=check),
            title=f"Refuse new nulls in `{table}.{column}`",
            why="NOT VALID reads no row, so the strong lock is brief",
            table=table,
        ),
        Draft(
            phase=phase,
            turn=Turn.VALIDATE,
            operation=ValidateConstraint(table=table, constraint=name),
            title=f"Prove that `{table}.{column}` has no nulls",
            why="the scan runs under SHARE UPDATE EXCLUSIVE: readers and writers go on",
            table=table,
            alone=True,
        ),
        Draft(
            phase=phase,
            turn=Turn.NOT_NULL,
            operation=SetNotNull(table=table, column=column),
            title=f"Make `{table}.{column}` NOT NULL",
            why="the validated check proves it, so no row is read",
            table=table,
            alone=True,
            checks=(checks.not_null_is(table, column), checks.no_nulls(table, column)),
        ),
        Draft(
            phase=phase,
            turn=Turn.ATTACH,
            operation=DropConstraint(table=table, constraint=name),
            title=f"Drop the check that NOT NULL replaces on `{table}.{column}`",
            why="in a statement of its own, since together with SET NOT NULL it would prove nothing",
            table=table,
            alone=True,
            passing=True,
        ),
    )


def set_not_null(operation: SetNotNull, situation: Situation, fill: Expression | None) -> Recipe:
    """The proof by a check; a backfill before it where a value for old rows is known."""
    table, column = operation.table, operation.column
    if situation.is_small(table) and fill is None:
        draft = Draft(
            phase=Phase.EXPAND,
            turn=Turn.NOT_NULL,
            operation=operation,
            title=f"Make `{table}.{column}` NOT NULL",
            why=situation.simple_reason(table) or "",
            table=table,
            checks=(checks.not_null_is(table, column),),
            accepted=(
                ("set-not-null-scans-table", "the table is small; the validation file tells of nulls beforehand"),
            ),
        )
        return Recipe(drafts=(draft,))
    fills = (backfill(table, column, fill, situation),) if fill else ()
    phase = Phase.FINISH if fills else Phase.EXPAND
    return Recipe(drafts=not_null_drafts(table, column, phase), backfills=fills)


def drop_not_null(operation: DropNotNull) -> Recipe:
    """One brief step."""
    table, column = operation.table, operation.column
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.COLUMN,
        operation=operation,
        title=f"Let `{table}.{column}` be empty",
        why="a change of the catalog alone",
        table=table,
        checks=(checks.nullable(table, column),),
    )
    return Recipe(drafts=(draft,))


def set_default(operation: SetDefault, situation: Situation) -> Recipe:
    """One brief step, for rows to come."""
    table, column = operation.table, operation.column
    wanted = situation.wanted.table(table)
    known = wanted.column(column) if wanted else None
    if operation.default is None:
        draft = Draft(
            phase=Phase.CONTRACT,
            turn=Turn.DEFAULT,
            operation=operation,
            title=f"Drop the default of `{table}.{column}`",
            why="once the new release writes the column itself",
            table=table,
            checks=(checks.default_is(table, column, None),),
            accepted=(("default-gone", "it runs when the previous release is gone"),),
        )
    else:
        draft = Draft(
            phase=Phase.EXPAND,
            turn=Turn.DEFAULT,
            operation=operation,
            title=f"Give `{table}.{column}` the default `{operation.default.text}`",
            why="for rows to come; old rows keep their values",
            table=table,
            checks=(checks.default_is(table, column, operation.default, known.type if known else None),),
        )
    return Recipe(drafts=(draft,))


def drop_column(operation: DropColumn, situation: Situation) -> Recipe:
    """A contract step; before it the column is made optional, since the new release does not write it any more."""
    table, name = operation.table, operation.column
    known = situation.current.table(table)
    column = known.column(name) if known else None
    drafts: list[Draft] = []
    if column and column.nullable is False and not column.has_default and not situation.downtime:
        drafts.append(
            Draft(
                phase=Phase.EXPAND,
                turn=Turn.COLUMN,
                operation=DropNotNull(table=table, column=name),
                title=f"Let `{table}.{name}` be empty",
                why="the new release writes rows without it while the column is still there",
                table=table,
                checks=(checks.nullable(table, name),),
            )
        )
    drafts.append(
        Draft(
            phase=Phase.CONTRACT,
            turn=Turn.DROP,
            operation=operation,
            title=f"Drop the column `{name}` of `{table}`",
            why="the previous release reads it: run this when no process of that release is left",
            table=table,
            checks=(checks.column_gone(table, name),),
            accepted=(
                ("drop-column", "asked for; the previous release is gone by then, and the plan states the loss"),
            ),
        )
    )
    return Recipe(drafts=tuple(drafts))
