"""Constraints and indexes."""

from dataclasses import replace
from typing import assert_never

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.planning import checks
from migration_ls.planning.plan import Check as PlanCheck
from migration_ls.planning.plan import Mode, Phase
from migration_ls.planning.recipes.columns import not_null_drafts
from migration_ls.planning.situation import Draft, Recipe, Situation, Turn
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Check, Exclusion, ForeignKey, PrimaryKey, RelationKind, Unique, index_of


def add_constraint(operation: AddConstraint, situation: Situation) -> Recipe:
    """NOT VALID and VALIDATE, or an index built concurrently first."""
    constraint = operation.constraint
    if situation.current.table(operation.table) is None:
        return Recipe(drafts=(_direct(operation, "the table is made in this migration, so it has no rows to prove"),))
    if not isinstance(constraint, Check) and (refusal := _of_parts(operation.table, f"`{constraint.name}`", situation)):
        return Recipe(refusal=refusal)
    match constraint:
        case Check() | ForeignKey():
            return _proven(operation, constraint, situation)
        case Unique() | PrimaryKey():
            return _indexed(operation, constraint, situation)
        case Exclusion():
            small = situation.simple_reason(operation.table)
            why = small or (
                "an exclusion constraint has no gradual form: its index is built while nobody can use the "
                "table, so run it in a quiet hour"
            )
            accepted = (("exclusion-constraint-builds-index", why),)
            return Recipe(drafts=(_direct(operation, why, accepted),))
        case _:
            assert_never(constraint)


def _of_parts(table: Name, what: str, situation: Situation) -> tuple[str, str] | None:
    """Why what needs an index, or a proof, has no gradual form in one step on a partitioned table."""
    if situation.current.kind(table) is not RelationKind.PARTITIONED or situation.simple_reason(table):
        return None
    way_out = (
        "by hand: add it ON ONLY the partitioned table, build it CONCURRENTLY on each partition, and attach these; "
        "or stop the application for it (`downtime = true`)"
    )
    return f"{what} on the partitioned `{table}` cannot be built while writers go on in one step", way_out


def _direct(operation: AddConstraint, why: str, accepted: tuple[tuple[str, str], ...] = ()) -> Draft:
    name, table = operation.constraint.name or "", operation.table
    return Draft(
        phase=Phase.EXPAND,
        turn=Turn.NOT_VALID,
        operation=operation,
        title=f"Add the constraint `{name}` to `{table}`",
        why=why,
        table=table,
        alone=True,
        checks=(checks.constraint_is(table, operation.constraint, validated=True),),
        accepted=accepted,
    )


def _proven(operation: AddConstraint, constraint: Check | ForeignKey, situation: Situation) -> Recipe:
    table, name = operation.table, constraint.name or ""
    rows = rows_check(table, constraint, situation)
    tables = (table, constraint.ref_table) if isinstance(constraint, ForeignKey) else (table,)
    if reason := situation.simple_reason(*dict.fromkeys(tables)):
        rules = ("check-scans-table", "foreign-key-scans-tables", "slow-work-under-lock")
        draft = _direct(operation, reason, tuple((rule, reason) for rule in rules))
        return Recipe(drafts=(replace(draft, checks=(*draft.checks, *((rows,) if rows else ()))),))
    return Recipe(
        drafts=(
            Draft(
                phase=Phase.EXPAND,
                turn=Turn.NOT_VALID,
                operation=replace(operation, constraint=replace(constraint, validated=False)),
                title=f"Add the constraint `{name}` to `{table}`, for new rows",
                why="NOT VALID reads no row, so the strong lock is brief",
                table=table,
                alone=isinstance(constraint, ForeignKey),
            ),
            proof(table, constraint, situation),
        )
    )


def proof(table: Name, constraint: Check | ForeignKey, situation: Situation) -> Draft:
    """The step that proves a constraint, which was added NOT VALID, for the rows that exist."""
    rows = rows_check(table, constraint, situation)
    return Draft(
        phase=Phase.EXPAND,
        turn=Turn.VALIDATE,
        operation=ValidateConstraint(table=table, constraint=constraint.name or ""),
        title=f"Prove `{constraint.name or ''}` for the rows of `{table}` that exist",
        why="the scan runs under SHARE UPDATE EXCLUSIVE: readers and writers go on",
        table=table,
        alone=True,
        checks=(checks.constraint_is(table, constraint, validated=True), *((rows,) if rows else ())),
    )


def rows_check(table: Name, constraint: Check | ForeignKey, situation: Situation) -> PlanCheck | None:
    """The check that every row satisfies the constraint; none where a key that is replaced has proven it already."""
    ref_columns: tuple[str, ...] = ()
    known = situation.current.table(table)
    if isinstance(constraint, ForeignKey):
        other = situation.wanted.table(constraint.ref_table)
        ref_columns = other.primary_key.columns if other and other.primary_key else ()
        for key in known.foreign_keys if known else ():
            if key.columns == constraint.columns and key.ref_table == constraint.ref_table:
                return None
    wanted = situation.wanted.table(table)
    required = (
        frozenset(column.name for column in wanted.columns if column.nullable is False) if wanted else frozenset()
    )
    return checks.rows_satisfy(table, constraint, ref_columns, required)


def _indexed(operation: AddConstraint, constraint: Unique | PrimaryKey, situation: Situation) -> Recipe:
    table, name = operation.table, constraint.name or ""
    if reason := situation.simple_reason(table):
        rules = ("unique-constraint-builds-index", "primary-key-builds-index", "primary-key-scans-for-nulls")
        return Recipe(drafts=(_direct(operation, reason, tuple((rule, reason) for rule in rules)),))
    # The index has the constraint's name from the start, so that a second run finds it.
    index = index_of(constraint, name)
    nullable: list[Draft] = []
    if isinstance(constraint, PrimaryKey):
        known = situation.current.table(table)
        wanted = situation.wanted.table(table)
        for column_name in constraint.columns:
            column = known.column(column_name) if known else None
            later = wanted.column(column_name) if wanted else None
            if column and column.nullable is not False and not (later and later.nullable is False):
                nullable += not_null_drafts(table, column_name, Phase.EXPAND)
    first = replace(
        build(CreateIndex(table=table, index=index), "so that writers go on while it is built"),
        checks=(),
        accepted=REBUILT,
    )
    attach = Draft(
        phase=Phase.EXPAND,
        turn=Turn.ATTACH,
        operation=replace(operation, using_index=index.name),
        title=f"Make the index the constraint `{name}`",
        why="the index is there already, so the strong lock is brief",
        table=table,
        alone=True,
        checks=(checks.constraint_is(table, constraint, validated=True),),
    )
    return Recipe(drafts=(*nullable, first, attach))


REBUILT = (("unique-index-may-fail", "the step drops an invalid leftover first, and may be run again"),)


def build(operation: CreateIndex, why: str) -> Draft:
    """A step that builds the index concurrently."""
    index = operation.index
    return Draft(
        phase=Phase.EXPAND,
        turn=Turn.INDEX,
        operation=replace(operation, concurrently=True),
        title=f"Build the index `{index.name}` on `{operation.table}`",
        why=why,
        table=operation.table,
        mode=Mode.AUTOCOMMIT,
        checks=(checks.index_is(operation.table, index),),
    )


def create_index(operation: CreateIndex, situation: Situation) -> Recipe:
    """Built concurrently, alone, outside a transaction; at once where that is brief."""
    if refusal := _of_parts(operation.table, f"the index `{operation.index.name}`", situation):
        return Recipe(refusal=refusal)
    if reason := situation.simple_reason(operation.table):
        rules = ("index-not-concurrent", "unique-index-may-fail", "slow-work-under-lock")
        simple = replace(
            build(operation, reason),
            operation=operation,
            mode=Mode.TRANSACTION,
            alone=True,
            accepted=tuple((rule, reason) for rule in rules),
        )
        return Recipe(drafts=(simple,))
    draft = build(operation, "CONCURRENTLY: readers and writers go on while it is built")
    if operation.index.unique:
        draft = replace(draft, accepted=REBUILT)
    return Recipe(drafts=(draft,))


def drop_index(operation: DropIndex, situation: Situation) -> Recipe:
    """Dropped concurrently, once the new release is everywhere."""
    if operation.table and situation.current.kind(operation.table) is RelationKind.PARTITIONED:
        why = f"an index of the partitioned table `{operation.table}` cannot be dropped CONCURRENTLY"
        return Recipe(
            refusal=(why, f"write DROP INDEX {operation.name} by hand, for a quiet moment; it is checked then")
        )
    return Recipe(drafts=(concurrent_drop(operation),))


def concurrent_drop(operation: DropIndex) -> Draft:
    """The step that drops an index while nobody waits."""
    return Draft(
        phase=Phase.CONTRACT,
        turn=Turn.DROP,
        operation=replace(operation, concurrently=True, if_exists=True),
        title=f"Drop the index `{operation.name}`",
        why="CONCURRENTLY: nobody waits behind a strong lock",
        table=operation.table,
        mode=Mode.AUTOCOMMIT,
        checks=(checks.index_gone(operation.name),),
    )


def drop_constraint(operation: DropConstraint, situation: Situation) -> Recipe:
    """One brief step; readers and writers of the previous release do not notice."""
    table: Name = operation.table
    wanted = situation.wanted.table(table)
    replaced = bool(wanted and wanted.constraint(operation.constraint))
    draft = Draft(
        phase=Phase.EXPAND,
        turn=Turn.COLUMN,
        operation=operation,
        title=f"Drop the constraint `{operation.constraint}` of `{table}`",
        why="a change of the catalog alone",
        table=table,
        alone=True,
        checks=() if replaced else (checks.constraint_gone(table, operation.constraint),),
    )
    return Recipe(drafts=(draft,))
