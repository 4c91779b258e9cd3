"""Changes of a column's type."""

from dataclasses import replace

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.base import Inverse
from migration_ls.operations.create_sequence import COUNTING, CreateSequence
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.set_type import SetType
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.planning import checks
from migration_ls.planning.plan import Phase
from migration_ls.planning.situation import Draft, Recipe, Situation, Turn
from migration_ls.postgres.casts import TypeChange, type_change
from migration_ls.postgres.quoting import identifier, object_name
from migration_ls.postgres.types import ColumnType
from migration_ls.schema.schema import Sequence
from migration_ls.schema.tables import Check, Column
from migration_ls.sources.sql.expressions import expression


def set_type(operation: SetType, situation: Situation) -> Recipe:
    """Free changes at once; a rewrite or a shorter length, proven by a check first, where that is brief.

    Everything else is done by a column beside.
    """
    table, name = operation.table, operation.column
    known = situation.current.table(table)
    column = known.column(name) if known else None
    if column is None:
        return Recipe(refusal=(f"the present type of `{table}.{name}` is not known", "complete the migrations folder"))
    change = type_change(column.type, operation.type)
    if change.may_fail and operation.type.length is not None:
        return Recipe(drafts=_shortened(operation, column.type, operation.type.length, situation))
    changed = _changed(operation, column.type, change, Phase.EXPAND, situation)
    return Recipe(drafts=(changed, *_counting(operation, column)))


def _counting(operation: SetType, column: Column) -> tuple[Draft, ...]:
    """The sequence of a SERIAL column counts as far as the new type does: changing the type leaves it behind."""
    if not column.autoincrement or column.sequence is None or operation.type.name not in COUNTING:
        return ()

    def counts(as_type: str) -> CreateSequence:
        return CreateSequence(sequence=Sequence(name=sequence, options=(("as", as_type),)), alters=True)

    sequence = column.sequence
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.COLUMN,
        operation=counts(operation.type.name),
        title=f"Let `{sequence}` count as far as `{operation.type}` goes",
        why="the sequence of a SERIAL column keeps the bounds of the type that it was made with",
        table=operation.table,
        alone=True,
        joined=True,
        inverse=Inverse(operations=(counts(column.type.name),)),
    )
    return (draft,)


def _changed(operation: SetType, old: ColumnType, change: TypeChange, phase: Phase, situation: Situation) -> Draft:
    table = operation.table
    reason = f"the table is written anew while nobody can use it: run it in a quiet hour, `{old}` cannot stay as stored"
    reason = situation.simple_reason(table) or reason
    rules = ("type-change-rewrites-table", "slow-work-under-lock") if change.rewrites else ()
    accepted = tuple((rule, reason) for rule in rules)
    why = "the values are valid as they are stored, so the strong lock is brief"
    if not change.rewrites and operation.rebuilds_indexes(situation.current):
        why = situation.simple_reason(table) or (
            "an index is built again while nobody can use the table, and the column cannot be replaced gradually: "
            "run it in a quiet hour"
        )
        accepted = tuple((rule, why) for rule in ("collation-change-builds-indexes", "slow-work-under-lock"))
    if change.rewrites:
        why = reason
    return Draft(
        phase=phase,
        turn=Turn.DROP if phase is Phase.CONTRACT else Turn.COLUMN,
        operation=operation,
        title=f"Change `{table}.{operation.column}` to `{operation.type}`",
        why=why,
        table=table,
        alone=True,
        checks=(checks.type_is(table, operation.column, str(operation.type)),),
        accepted=accepted,
    )


def _shortened(operation: SetType, old: ColumnType, length: int, situation: Situation) -> tuple[Draft, ...]:
    """A check refuses longer values and proves the old ones before the type changes."""
    table, name = operation.table, operation.column
    check = Check(
        name=object_name("chk", table.name, name, "length"),
        expression=expression(f"char_length({identifier(name)}) <= {length}"),
        validated=False,
    )
    check_name = check.name or ""
    rows = checks.rows_satisfy(table, check)
    change = TypeChange(rewrites=True)
    last = _changed(operation, old, change, Phase.CONTRACT, situation)
    return (
        Draft(
            phase=Phase.EXPAND,
            turn=Turn.NOT_VALID,
            operation=AddConstraint(table=table, constraint=check),
            title=f"Refuse values of `{table}.{name}` longer than {length}",
            why="NOT VALID reads no row, so the strong lock is brief",
            table=table,
        ),
        Draft(
            phase=Phase.EXPAND,
            turn=Turn.VALIDATE,
            operation=ValidateConstraint(table=table, constraint=check_name),
            title=f"Prove that no value of `{table}.{name}` is longer than {length}",
            why="the scan runs under SHARE UPDATE EXCLUSIVE: readers and writers go on",
            table=table,
            alone=True,
            checks=(checks.constraint_is(table, check, validated=True), *((rows,) if rows else ())),
        ),
        Draft(
            phase=Phase.CONTRACT,
            turn=Turn.DROP,
            operation=DropConstraint(table=table, constraint=check_name),
            title=f"Drop the check that the length of `{table}.{name}` replaces",
            why="the type refuses longer values itself; with the check in place it would be proven once more",
            table=table,
        ),
        replace(
            last,
            turn=Turn.DROP,
            alone=False,
            checks=(*last.checks, checks.constraint_gone(table, check_name)),
            accepted=(*last.accepted, ("type-change-may-fail", f"`{check_name}` has proven that every value fits")),
        ),
    )
