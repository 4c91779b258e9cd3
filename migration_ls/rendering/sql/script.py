"""The files of a plan as scripts for psql."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.union import Operation
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.planning.checks import column_type_wrong
from migration_ls.planning.plan import Backfill, Check, Mode, Phase, Plan, PlanStep
from migration_ls.rendering.sql import blocks
from migration_ls.rendering.sql.backfill import backfill_block
from migration_ls.rendering.sql.statements import create_index, statement, table_action, table_with_indexes
from migration_ls.schema.names import Name
from migration_ls.schema.tables import PrimaryKey, Unique


def forward(plan: Plan, phase: Phase) -> str:
    """The steps of one phase, in order, each group with its locks said before it."""
    parts: list[str] = []
    steps = plan.in_phase(phase)
    for number, (_, group) in enumerate(groupby(steps, key=lambda step: step.group), start=1):
        members = list(group)
        parts.append(_commented(number, members) + "\n" + _group_sql(members))
    return "\n\n".join(parts) + "\n"


def rollback(plan: Plan, phase: Phase) -> str:
    """What undoes one phase: the inverses in reverse order, and what they cannot bring back."""
    steps = plan.in_phase(phase)
    parts = [
        f"-- {line}"
        for line in (
            [f"This cannot bring back {step.loss.replace('`', '')}." for step in steps if step.loss]
            or ["This brings back exactly what was there before."]
        )
    ]
    text = "\n".join(dict.fromkeys(parts))
    groups = [_inverse_group(list(group)) for _, group in groupby(reversed(steps), key=lambda step: step.group)]
    return "\n\n".join([text, *(group for group in groups if group)]) + "\n"


def validation(checks: Iterable[Check]) -> str:
    """Every check as a statement that fails by its own message."""
    unique = dict.fromkeys(checks)
    return "\n\n".join(f"-- {check.about}\n{blocks.raising(check)}" for check in unique) + "\n"


def backfill(backfills: Sequence[Backfill]) -> str:
    """Every backfill, one after the other."""
    return "\n\n".join(backfill_block(item) for item in backfills) + "\n"


def checks_of(plan: Plan, phases: Iterable[Phase]) -> tuple[Check, ...]:
    """The checks of some phases, each once; a later phase's word on a column stands for an earlier one's."""
    wanted = set(phases)
    return tuple(dict.fromkeys(check for step in plan.steps if step.phase in wanted for check in step.checks))


def _commented(number: int, steps: Sequence[PlanStep]) -> str:
    lines = [f"{number}. {steps[0].title}"] + [f"   {step.title}" for step in steps[1:]]
    lines += [f"   {why}" for why in dict.fromkeys(step.why for step in steps)]
    lines.append(f"   Locks: {_locks(steps)}")
    lines += [
        f"migration-ls: ignore[{rule}] {reason}" for rule, reason in dict.fromkeys(a for s in steps for a in s.accepted)
    ]
    return "\n".join(f"-- {line}".replace("`", "") for line in lines)


def _locks(steps: Sequence[PlanStep]) -> str:
    modes = {
        lock.relation: lock.mode for step in steps for lock in sorted(step.effect.locks, key=lambda lock: lock.mode)
    }
    return ", ".join(f"{mode} on {relation}" for relation, mode in modes.items()) or "none on any relation"


def _group_sql(steps: Sequence[PlanStep]) -> str:
    if steps[0].mode is Mode.AUTOCOMMIT:
        return "\n".join(_autocommit(step.operation) for step in steps)
    long = any(isinstance(step.operation, ValidateConstraint) for step in steps)
    long = long or any(step.effect.work_grows for step in steps)
    return blocks.transaction(_transactional([step.operation for step in steps]), long=long)


def _transactional(operations: Sequence[Operation]) -> list[str]:
    """Guarded statements; neighbouring new columns of one table share one ALTER TABLE."""
    result: list[str] = []
    for adds, members in groupby(operations, key=lambda operation: isinstance(operation, AddColumn)):
        if adds:
            result += _add_columns([item for item in members if isinstance(item, AddColumn)])
        else:
            result += [text for item in members for text in _guarded(item)]
    return result


def _add_columns(operations: Sequence[AddColumn]) -> list[str]:
    result: list[str] = []
    for table, members in groupby(operations, key=lambda operation: operation.table):
        group = [replace(item, if_not_exists=True) for item in members]
        actions = [action[1] for item in group if (action := table_action(item))]
        body = ",\n    ".join(actions)
        result.append(f"ALTER TABLE {table.sql}\n    {body};")
        for item in group:
            query = column_type_wrong(table, item.column)
            if query:
                message = f"{table}.{item.column.name} exists already with another type than {item.column.type}"
                check = Check(name="expected_type", query=query, about=str(table), failure=message)
                result.append(blocks.raising(check))
    return result


def _guarded(operation: Operation) -> list[str]:
    """The operation so that running it again does no harm."""
    match operation:
        case AddConstraint(table=table, constraint=constraint) if constraint.name:
            return [blocks.unless(blocks.constraint_query(table, constraint.name), statement(operation))]
        case CreateTable(table=table):
            return [f"{text};" for text in table_with_indexes(table, guarded=True)]
        case CreateEnum(enum=enum):
            return [blocks.unless(blocks.type_query(enum.name), statement(operation))]
        case DropType():
            return [f"{statement(replace(operation, if_exists=True))};"]
        case _:
            return [f"{statement(_if_exists(operation))};"]


def _if_exists(operation: Operation) -> Operation:
    match operation:
        case DropColumn() | DropConstraint() | DropTable():
            return replace(operation, if_exists=True)
        case _:
            return operation


def _autocommit(operation: Operation) -> str:
    match operation:
        case CreateIndex(table=table, index=index):
            name = Name(index.name or "", table.namespace)
            drop = blocks.when(blocks.invalid_index_query(name), f"DROP INDEX {blocks.spelled(name)}")
            build = create_index(replace(operation, concurrently=True, if_not_exists=True))
            return f"SET lock_timeout = '{blocks.LOCK_TIMEOUT}';\n{drop}\n" + blocks.session([f"{build};"], waits=True)
        case DropIndex():
            return blocks.session([f"{statement(replace(operation, concurrently=True, if_exists=True))};"], waits=True)
        case AddEnumValue():
            return blocks.session([f"{statement(replace(operation, if_not_exists=True))};"], waits=False)
        case _:
            return blocks.session([f"{statement(operation)};"], waits=False)


def _inverse_group(steps: Sequence[PlanStep]) -> str:
    """The inverses of one group, which came in reverse order already."""
    operations = [operation for step in steps for operation in step.inverse]
    if not operations:
        return ""
    title = "; ".join(f"Undo: {step.title}" for step in steps if step.inverse).replace("`", "")
    loses = [f"{step.loss}".replace("`", "") for step in steps if step.loss]
    rules = sorted({rule for operation in operations for rule in _accepted_rules(operation)})
    lines = [f"-- {title}"]
    if rules:
        reason = (
            f"a rollback loses {' and '.join(dict.fromkeys(loses))}" if loses else "a rollback undoes what was added"
        )
        lines += [f"-- migration-ls: ignore[{rule}] {reason}" for rule in rules]
    concurrent = [item for item in operations if getattr(item, "concurrently", False)]
    if concurrent:
        body = "\n".join(_autocommit(item) for item in operations)
    else:
        body = blocks.transaction(
            _transactional(operations), long=any(isinstance(item, ValidateConstraint) for item in operations)
        )
    return "\n".join([*lines, body])


def _accepted_rules(operation: Operation) -> tuple[str, ...]:
    """Rules that speak up at an inverse on purpose."""
    match operation:
        case DropColumn():
            return ("drop-column",)
        case DropTable():
            return ("drop-table",)
        case AddConstraint(constraint=constraint) if isinstance(constraint, Unique | PrimaryKey):
            return ("unique-constraint-builds-index",)
        case _:
            return ()
