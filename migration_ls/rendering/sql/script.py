"""The files of a plan as scripts for psql."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.planning.checks import column_type_wrong
from migration_ls.planning.plan import Backfill, Check, Mode, Phase, Plan, PlanStep
from migration_ls.rendering.sql import blocks
from migration_ls.rendering.sql.backfill import backfill_block
from migration_ls.rendering.sql.statements import create_index, statement, table_action, table_with_indexes
from migration_ls.schema.names import Name
from migration_ls.schema.tables import ForeignKey, PrimaryKey, Unique


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
    return "\n".join(f"-- {line}".replace("`", "") for line in lines)


def _locks(steps: Sequence[PlanStep]) -> str:
    modes = {
        lock.relation: lock.mode for step in steps for lock in sorted(step.effect.locks, key=lambda lock: lock.mode)
    }
    return ", ".join(f"{mode} on {relation}" for relation, mode in modes.items()) or "none on any relation"


def _group_sql(steps: Sequence[PlanStep]) -> str:
    items = [_Item(step.operation, step.accepted) for step in steps]
    if steps[0].mode is Mode.AUTOCOMMIT:
        return "\n".join(_autocommit(item) for item in items)
    long = any(isinstance(step.operation, ValidateConstraint) for step in steps)
    long = long or any(step.effect.work_grows for step in steps)
    return blocks.transaction(_transactional(items), long=long)


@dataclass(frozen=True, slots=True)
class _Item:
    """An operation, and the rules whose finding is known and meant, each with the reason that the file states."""

    operation: Operation
    accepted: tuple[tuple[str, str], ...] = ()


def _accepting(items: Iterable[_Item], text: str) -> str:
    """The statement under the suppressions that belong to it."""
    reasons = dict.fromkeys(accepted for item in items for accepted in item.accepted)
    lines = [f"-- migration-ls: ignore[{rule}] {reason}".replace("`", "") for rule, reason in reasons]
    return "\n".join([*lines, text])


def _transactional(items: Sequence[_Item]) -> list[str]:
    """Guarded statements; neighbouring new columns of one table share one ALTER TABLE."""
    result: list[str] = []
    for adds, members in groupby(items, key=lambda item: isinstance(item.operation, AddColumn)):
        if adds:
            result += _add_columns(list(members))
        else:
            for item in members:
                first, *rest = _guarded(item.operation)
                result += [_accepting([item], first), *rest]
    return result


def _add_columns(items: Sequence[_Item]) -> list[str]:
    result: list[str] = []
    columns = [(item, item.operation) for item in items if isinstance(item.operation, AddColumn)]
    for table, members in groupby(columns, key=lambda pair: pair[1].table):
        group = [(item, replace(operation, if_not_exists=True)) for item, operation in members]
        actions = [action[1] for _, operation in group if (action := table_action(operation))]
        body = ",\n    ".join(actions)
        result.append(_accepting([item for item, _ in group], f"ALTER TABLE {table.sql}\n    {body};"))
        for _, operation in group:
            query = column_type_wrong(table, operation.column)
            if query:
                message = (
                    f"{table}.{operation.column.name} exists already with another type than {operation.column.type}"
                )
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


def _autocommit(item: _Item) -> str:
    operation = item.operation
    match operation:
        case CreateIndex(table=table, index=index):
            name = Name(index.name or "", table.namespace)
            drop = blocks.when(blocks.invalid_index_query(name), f"DROP INDEX {blocks.spelled(name)}")
            build = create_index(replace(operation, concurrently=True, if_not_exists=True))
            return f"SET lock_timeout = '{blocks.LOCK_TIMEOUT}';\n{drop}\n" + blocks.session(
                [_accepting([item], f"{build};")], waits=True
            )
        case DropIndex():
            gone = f"{statement(replace(operation, concurrently=True, if_exists=True))};"
            return blocks.session([_accepting([item], gone)], waits=True)
        case AddEnumValue():
            added = f"{statement(replace(operation, if_not_exists=True))};"
            return blocks.session([_accepting([item], added)], waits=False)
        case _:
            return blocks.session([_accepting([item], f"{statement(operation)};")], waits=False)


def _inverse_group(steps: Sequence[PlanStep]) -> str:
    """The inverses of one group, which came in reverse order already."""
    items = [_Item(operation, _meant(operation, step)) for step in steps for operation in step.inverse]
    if not items:
        return ""
    lines = [f"-- Undo: {step.title}".replace("`", "") for step in steps if step.inverse]
    if any(getattr(item.operation, "concurrently", False) for item in items):
        body = "\n".join(_autocommit(item) for item in items)
    else:
        long = any(isinstance(item.operation, ValidateConstraint) for item in items)
        body = blocks.transaction(_transactional(items), long=long)
    return "\n".join([*lines, body])


def _meant(operation: Operation, step: PlanStep) -> tuple[tuple[str, str], ...]:
    """Rules that speak up at an inverse on purpose, with the reason."""
    loss = f"the rollback loses {step.loss}" if step.loss else "the rollback undoes what was added"
    match operation:
        case DropColumn():
            return (("drop-column", loss),)
        case DropTable():
            return (("drop-table", loss),)
        case AddConstraint(constraint=constraint) if isinstance(constraint, Unique | PrimaryKey):
            return (("unique-constraint-builds-index", "the rollback restores what was there"),)
        case AddConstraint(constraint=ForeignKey()):
            return (("foreign-key-scans-tables", "the rollback restores what was there"),)
        case AddConstraint():
            return (("check-scans-table", "the rollback restores what was there"),)
        case SetNotNull():
            return (("set-not-null-scans-table", "the rollback restores what was there"),)
        case SetType():
            reason = "the rollback restores what was there"
            lossy = (("type-change-may-fail", loss),) if step.loss else ()
            return (("type-change-rewrites-table", reason), *lossy) if step.effect.rewrites or lossy else ()
        case _:
            return ()
