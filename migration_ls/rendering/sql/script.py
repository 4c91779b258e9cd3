"""The files of a plan as scripts for psql."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import groupby

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.alter_domain import AlterDomain
from migration_ls.operations.create_domain import CreateDomain
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_extension import DropExtension
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_sequence import CreateSequence
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.create_trigger import CreateTrigger
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_function import DropFunction
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.drop_sequence import DropSequence
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.drop_trigger import DropTrigger
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_constraint import RenameConstraint
from migration_ls.operations.rename_index import RenameIndex
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.rename_type import RenameType
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.union import Operation
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.planning.checks import column_type_wrong
from migration_ls.planning.plan import Backfill, Check, Mode, Phase, Plan, PlanStep
from migration_ls.postgres.locks import LockMode
from migration_ls.postgres.quoting import comment, identifier, literal
from migration_ls.rendering.sql import blocks
from migration_ls.rendering.sql.backfill import backfill_block
from migration_ls.rendering.sql.losses import losses_said
from migration_ls.rendering.sql.meant import meant
from migration_ls.rendering.sql.statements import create_index, statement, table_action, table_with_indexes
from migration_ls.schema.names import Name


def forward(plan: Plan, phase: Phase) -> str:
    """The steps of one phase, in order, each group with its locks said before it."""
    parts: list[str] = []
    steps = plan.in_phase(phase)
    for number, (_, group) in enumerate(groupby(steps, key=lambda step: step.group), start=1):
        members = list(group)
        parts.append(_commented(number, members) + "\n" + _group_sql(members))
    return "\n\n".join(parts) + "\n"


def groups(plan: Plan, phase: Phase) -> tuple[tuple[str, str], ...]:
    """Each group of steps as a script, with the script that undoes it."""
    steps = plan.in_phase(phase)
    fresh = _fresh(steps)
    found: list[tuple[str, str]] = []
    for number, (_, group) in enumerate(groupby(steps, key=lambda step: step.group), start=1):
        members = list(group)
        text = _commented(number, members) + "\n" + _group_sql(members)
        found.append((text, _inverse_group(members[::-1], fresh)))
    return tuple(found)


def _fresh(steps: Iterable[PlanStep]) -> frozenset[Name]:
    return frozenset(step.operation.table.name for step in steps if isinstance(step.operation, CreateTable))


def rollback(plan: Plan, phase: Phase) -> str:
    """What undoes one phase: the inverses in reverse order, and what they cannot bring back."""
    steps = plan.in_phase(phase)
    text = losses_said(step.loss for step in steps if step.loss)
    fresh = _fresh(steps)
    groups = [_inverse_group(list(group), fresh) for _, group in groupby(reversed(steps), key=lambda step: step.group)]
    return "\n\n".join([text, *(group for group in groups if group)]) + "\n"


def validation(checks: Iterable[Check]) -> str:
    """Every check as a statement that fails by its own message."""
    unique = dict.fromkeys(checks)
    return "\n\n".join(f"{comment(check.about)}\n{blocks.raising(check)}" for check in unique) + "\n"


def backfill(backfills: Sequence[Backfill]) -> str:
    """Every backfill, one after the other."""
    return "\n\n".join(backfill_block(item) for item in backfills) + "\n"


def checks_of(plan: Plan, phases: Iterable[Phase]) -> tuple[Check, ...]:
    """The checks of some phases, each once; a later phase's word on a column stands for an earlier one's."""
    wanted = set(phases)
    return tuple(dict.fromkeys(check for step in plan.steps if step.phase in wanted for check in step.checks))


def _commented(number: int, steps: Sequence[PlanStep]) -> str:
    first, *rest = dict.fromkeys(step.title for step in steps)
    lines = [f"{number}. {first}", *(f"   {title}" for title in rest)]
    lines += [f"   {why}" for why in dict.fromkeys(step.why for step in steps)]
    lines.append(f"   Locks: {_locks(steps)}")
    return "\n".join(map(comment, lines))


def _locks(steps: Sequence[PlanStep]) -> str:
    modes: dict[Name, LockMode] = {}
    for lock in (lock for step in steps for lock in step.effect.locks):
        modes[lock.relation] = max(lock.mode, modes.get(lock.relation, lock.mode))
    return ", ".join(f"{mode} on {relation}" for relation, mode in modes.items()) or "none on any relation"


def _group_sql(steps: Sequence[PlanStep]) -> str:
    items = [_Item(step.operation, step.accepted, step.always, step.if_there) for step in steps]
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
    always: bool = False
    if_there: bool = False


def _accepting(items: Iterable[_Item], text: str) -> str:
    """The statement under the suppressions that belong to it."""
    reasons = dict.fromkeys(accepted for item in items for accepted in item.accepted)
    lines = [comment(f"migration-ls: ignore[{rule}] {reason}") for rule, reason in reasons]
    return "\n".join([*lines, text])


def _transactional(items: Sequence[_Item]) -> list[str]:
    """Guarded statements; neighbouring new columns of one table share one ALTER TABLE."""
    result: list[str] = []
    for adds, members in groupby(items, key=lambda item: isinstance(item.operation, AddColumn)):
        if adds:
            result += _add_columns(list(members))
        else:
            for item in members:
                first, *rest = _in_place(item, items) or _guarded(item)
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


def _guarded(item: _Item) -> list[str]:
    """The operation so that running it again does no harm."""
    operation = item.operation
    match operation:
        case AddConstraint(table=table, constraint=constraint) if constraint.name and not item.always:
            return [blocks.unless(blocks.constraint_query(table, constraint.name), statement(operation))]
        case CreateTable(table=table):
            return [f"{text};" for text in table_with_indexes(table, guarded=True)]
        case CreateIndex():
            return [f"{create_index(replace(operation, concurrently=False, if_not_exists=True))};"]
        case CreateEnum(enum=enum):
            return [blocks.unless(blocks.type_query(enum.name), statement(operation))]
        case SetIdentity(table=table, column=column, identity=str() as identity):
            return blocks.counting(table, column, identity)
        case DropExtension(name=name, unless_used=True):
            return [blocks.unless_used(f"DROP EXTENSION IF EXISTS {identifier(name)}", name)]
        case DropNotNull(table=table, column=column) if item.if_there:
            return [blocks.when(blocks.column_query(table, column), statement(operation))]
        case CreateDomain(domain=domain):
            return [blocks.unless(blocks.type_query(domain.name), statement(operation))]
        case AlterDomain(action="add check", domain=name, constraint=str() as check):
            return [blocks.unless(blocks.domain_check_query(name, check), statement(operation))]
        case CreateTrigger(trigger=trigger):
            return [blocks.unless(blocks.trigger_query(trigger.table, trigger.name), statement(operation))]
        case CreateSequence(alters=True, sequence=sequence) if sequence.owned_by:
            owner, column = sequence.owned_by
            return [blocks.when(blocks.column_query(owner, column), statement(operation))]
        case RenameTable():
            return [blocks.unless(blocks.relation_query(operation.new_name), statement(operation))]
        case RenameType():
            return [blocks.unless(blocks.type_query(operation.new_name), statement(operation))]
        case RenameColumn(table=table, to=to):
            return [blocks.unless(blocks.column_query(table, to), statement(operation))]
        case RenameConstraint(table=table, to=to):
            return [blocks.unless(blocks.constraint_query(table, to), statement(operation))]
        case RenameIndex(name=name, to=to):
            free = f"SELECT FROM pg_class\nWHERE oid = to_regclass({literal(blocks.spelled(Name(to, name.namespace)))})"
            return [blocks.unless(free, statement(operation))]
        case _:
            return [f"{statement(_if_exists(operation))};"]


def _in_place(item: _Item, items: Sequence[_Item]) -> list[str] | None:
    """A view that makes room for a table of its name goes only while it is there; None for anything else."""
    operation = item.operation
    names = {other.operation.new_name for other in items if isinstance(other.operation, RenameTable)}
    if not isinstance(operation, DropView):
        return None
    made = [other.operation for other in items if isinstance(other.operation, CreateView)]
    if any(view.view.name == operation.name and view.materialized is not operation.materialized for view in made):
        kind = "m" if operation.materialized else "v"
        query = blocks.view_query(operation.name).replace("relkind = 'v'", f"relkind = '{kind}'")
        return [blocks.when(query, statement(replace(operation, if_exists=False)))]
    if operation.name not in names:
        return None
    return [blocks.when(blocks.view_query(operation.name), statement(replace(operation, if_exists=False)))]


def _if_exists(operation: Operation) -> Operation:
    match operation:
        case DropColumn() | DropConstraint() | DropTable() | DropType() | DropView() | DropSequence():
            return replace(operation, if_exists=True)
        case DropTrigger() | DropFunction():
            return replace(operation, if_exists=True)
        case DropIndex():
            return replace(operation, if_exists=True, concurrently=False)
        case DropExtension():
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


def _inverse_group(steps: Sequence[PlanStep], fresh: AbstractSet[Name]) -> str:
    """The inverses of one group, which came in reverse order already."""
    lines = list(dict.fromkeys(comment(f"Undo: {step.title}") for step in steps if step.inverse))
    parts: list[str] = []
    grows = any(step.effect.work_grows for step in steps)
    for segment in _segments(steps):
        if _stands_alone(segment[0].operation):
            parts += [_autocommit(item) for item in segment]
        else:
            long = grows or any(isinstance(item.operation, ValidateConstraint) for item in segment)
            parts.append(blocks.transaction([_on_fresh(text, fresh) for text in _transactional(segment)], long=long))
    parts += [backfill_block(item) for step in steps for item in step.refills]
    return "\n".join([*lines, *parts]) if parts else ""


def _on_fresh(text: str, fresh: AbstractSet[Name]) -> str:
    """A table that the same rollback drops is gone when it runs a second time."""
    for table in fresh:
        head, end = f"ALTER TABLE {table.sql}", " DROP CONSTRAINT"
        text = text.replace(head + end, f"ALTER TABLE IF EXISTS {table.sql}{end}")
    return text


def _stands_alone(operation: Operation) -> bool:
    return bool(getattr(operation, "concurrently", False)) or isinstance(operation, AddEnumValue)


def _segments(steps: Sequence[PlanStep]) -> list[list[_Item]]:
    """Inverses as they share transactions: indexes that a constraint takes first, proofs by scans last."""
    attached = {
        operation.using_index
        for step in steps
        for operation in step.inverse
        if isinstance(operation, AddConstraint) and operation.using_index
    }
    first: list[list[_Item]] = []
    found: list[list[_Item]] = []
    last: list[list[_Item]] = []
    shared: list[_Item] | None = None
    for step in steps:
        proves = any(isinstance(operation, SetNotNull) for operation in step.inverse)
        for operation in step.inverse:
            item = _Item(operation, meant(operation, step), step.always)
            if isinstance(operation, CreateIndex) and operation.concurrently and operation.index.name in attached:
                first.append([item])
            elif isinstance(operation, ValidateConstraint) and not proves:
                last.append([item])
            elif isinstance(operation, ValidateConstraint) or _stands_alone(operation):
                found.append([item])
                shared = None
            elif shared is None:
                shared = [item]
                found.append(shared)
            else:
                shared.append(item)
    return [*first, *found, *last]
