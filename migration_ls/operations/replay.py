"""Statements run in order over a schema: what each does in the situation the ones before it left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.context import Context, Session, Transaction
from migration_ls.operations.create_sequence import CreateSequence
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.effect import Effect, Hazard, Lock, union
from migration_ls.operations.inherit_table import InheritTable
from migration_ls.operations.lookup import certain
from migration_ls.operations.rename_namespace import RenameNamespace
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.rewrite_table import RewriteTable
from migration_ls.operations.search_path import found
from migration_ls.operations.set_column_option import SetColumnOption
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_setting import SetSetting
from migration_ls.operations.set_table_option import SetTableOption
from migration_ls.operations.set_type import SetType
from migration_ls.operations.statement import Clause, Statement
from migration_ls.operations.transaction_control import TransactionControl
from migration_ls.operations.union import Operation
from migration_ls.operations.use_index import UseIndex
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.postgres.locks import LockMode
from migration_ls.postgres.quoting import literal
from migration_ls.postgres.versions import DEFAULT
from migration_ls.schema.changed import changed
from migration_ls.schema.maps import SharedSet
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Exclusion, ForeignKey, PrimaryKey, Unique

_NOTHING: SharedSet[Name] = SharedSet()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One clause as it runs: the situation before it, what it does, and the schema after it.

    `effect` lists only relations that were there before the file. `raw_effect` lists the others too.
    """

    clause: Clause
    context: Context
    effect: Effect
    raw_effect: Effect
    after: Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedStatement:
    """A statement with its steps and its effect as a whole."""

    statement: Statement
    steps: tuple[Step, ...]
    effect: Effect
    before: "State"
    after: "State"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that one statement leaves to the next."""

    schema: Schema
    session: Session = field(default_factory=Session)
    local_session: Session | None = None
    """The session to come back to when the transaction ends, after SET LOCAL."""
    transaction: Transaction | None = None
    fresh: SharedSet[Name] = _NOTHING
    base: Schema | None = None
    """The schema before the file."""
    transaction_start: Schema | None = None
    fresh_start: SharedSet[Name] = _NOTHING
    savepoints: tuple[tuple[str | None, "State"], ...] = ()
    """Savepoints of the open transaction with the state to come back to, the latest last."""


def replay(
    schema: Schema, statements: Iterable[Statement], *, postgres: int = DEFAULT, wrapped: bool = False
) -> tuple[ReplayedStatement, ...]:
    """Every statement of one file with its effect, in order. `wrapped`: the runner puts the file in a transaction."""
    state = start(schema, wrapped=wrapped)
    result: list[ReplayedStatement] = []
    for statement in statements:
        result.append(run(state, statement, postgres=postgres))
        state = result[-1].after
    return tuple(result)


def start(schema: Schema, *, wrapped: bool = False) -> State:
    """The state before the first statement of a file."""
    return State(
        schema=schema,
        transaction=Transaction(explicit=False) if wrapped else None,
        transaction_start=schema,
        base=schema,
    )


def final_schema(schema: Schema, statements: Iterable[Statement]) -> Schema:
    """The schema after the statements, without looking at their effects."""
    session = Session()
    for statement in statements:
        for clause in statement.clauses:
            operation = found(clause.operation, schema, session)
            if isinstance(operation, SetSetting):
                session = operation.session(session)
            schema = operation.apply(schema)
    return schema


def run(state: State, statement: Statement, *, postgres: int = DEFAULT) -> ReplayedStatement:
    """One statement in the state that those before it left."""
    steps: list[Step] = []
    schema = state.schema
    fresh = state.fresh
    for written in in_passes(statement.clauses):
        operation = found(written.operation, schema, state.session)
        clause = written if operation is written.operation else changed(written, operation=operation)
        context = Context(
            schema=schema,
            postgres=postgres,
            session=state.session,
            transaction=state.transaction,
            fresh=fresh,
            base=state.base,
            savepoints=tuple(name for name, _ in state.savepoints),
        )
        missing = clause.if_exists is not None and schema.kind(clause.if_exists) is None
        raw = (
            Effect()
            if missing and clause.if_exists and certain(schema, clause.if_exists)
            else clause.operation.effect(context)
        )
        needless = clause.conditional and bool(raw.fails_always)
        if needless:
            # A guard decides whether it runs, and it does not where it would be needless.
            raw = Effect(analysed=raw.analysed)
        raw = _in_transaction(raw, context)
        after = schema if needless else clause.operation.apply(schema)
        steps.append(Step(clause=clause, context=context, effect=raw.without(fresh), raw_effect=raw, after=after))
        fresh = _fresh_after(clause.operation, schema, after, fresh)
        schema = after
    if len(steps) > 1:
        steps = _in_one_pass(steps)
    effect = union(step.effect for step in steps) if steps else Effect()
    if statement.needs is not None and statement.needs[0] > postgres:
        newer = f"`{statement.needs[1]}` came with PostgreSQL {statement.needs[0]}"
        steps, effect = _refused_whole(steps, effect, newer)
    if state.transaction is not None and (label := _unsafe_label(state, statement, steps, schema)):
        effect = replace(effect, fails_always=(*effect.fails_always, Hazard.TRANSACTION), reason=label)
    return ReplayedStatement(
        statement=statement,
        steps=tuple(steps),
        effect=effect,
        before=state,
        after=_next_state(state, statement, schema, fresh, effect),
    )


def _refused_whole(steps: list[Step], effect: Effect, reason: str) -> tuple[list[Step], Effect]:
    """The statement does not run at all: its first step says why."""
    said = replace(effect, fails_always=(Hazard.SYNTAX,), reason=reason)
    first = [
        replace(step, effect=replace(step.effect, fails_always=(Hazard.SYNTAX,), reason=reason)) for step in steps[:1]
    ]
    return [*first, *steps[1:]], said


def _unsafe_label(state: State, statement: Statement, steps: Sequence[Step], after: Schema) -> str:
    """Why a statement fails that uses a label of an enum in the transaction that adds it; empty where none does."""
    added = state.transaction.added_values if state.transaction else frozenset()
    for enum, value in sorted(added):
        begun_with = state.transaction_start
        if begun_with is not None and enum not in begun_with.enums:
            # a type made in the same transaction takes its labels at once
            continue
        if _uses_label(statement, steps, after, enum, value):
            return f"the label `{value}` of `{enum}` cannot be used in the transaction that adds it"
    return ""


def _uses_label(statement: Statement, steps: Sequence[Step], after: Schema, enum: Name, value: str) -> bool:
    """Whether the label stands in the statement, which names the type or a table with a column of it."""
    sql = statement.sql
    if literal(value) not in sql or any(isinstance(item, AddEnumValue) for item in statement.operations):
        return False
    if statement.kind.startswith(("COMMENT", "DO")):
        return False
    for name in {lock.relation for step in steps for lock in step.raw_effect.locks}:
        table = after.table(name)
        if table and any(column.type.element.name in {enum.name, enum.sql} for column in table.columns):
            return True
    return enum.name in sql


def _in_one_pass(steps: list[Step]) -> list[Step]:
    """Where an ALTER TABLE writes a table anew, its rows are looked at on the way, and not once more."""
    if not all(isinstance(step.clause.operation, _ALTER_TABLE) for step in steps):
        return steps
    steps = _refused_twice(steps)
    rewritten = {name for step in steps for name in step.raw_effect.rewrites}
    if not rewritten:
        return steps
    return [
        changed(
            step, effect=_without_scans(step.effect, rewritten), raw_effect=_without_scans(step.raw_effect, rewritten)
        )
        if _looks_at_rows(step)
        else step
        for step in steps
    ]


def _refused_twice(steps: list[Step]) -> list[Step]:
    """A column changes its type once in a statement."""
    seen: set[str] = set()
    found: list[Step] = []
    for step in steps:
        if isinstance(step.clause.operation, SetType):
            column = step.clause.operation.column
            if column in seen:
                refusal = Effect(
                    fails_always=(Hazard.EXISTS,), reason=f"the type of `{column}` is changed twice in one statement"
                )
                step = changed(step, effect=union([step.effect, refusal]))  # noqa: PLW2901 - the step as it fails
            seen.add(column)
        found.append(step)
    return found


def _looks_at_rows(step: Step) -> bool:
    operation = step.clause.operation
    match operation:
        case SetNotNull() | AddConstraint(constraint=Check() | PrimaryKey()):
            return True
        case SetType():
            # checks of the column; foreign keys are looked up by queries of their own, where the type is rewritten
            return not step.raw_effect.rewrites
        case AddColumn():
            return not any(isinstance(item, ForeignKey) for item in operation.constraints)
        case _:
            return False


def _without_scans(effect: Effect, tables: set[Name]) -> Effect:
    return changed(effect, scans=tuple(name for name in effect.scans if name not in tables))


def in_passes(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """The clauses of one ALTER TABLE in the order PostgreSQL runs them: by passes (`AlterTablePass`)."""
    if len(clauses) < 2 or not all(isinstance(clause.operation, _ALTER_TABLE) for clause in clauses):
        return clauses
    return tuple(sorted(clauses, key=lambda clause: _pass(clause.operation)))


def _pass(operation: Operation) -> int:
    match operation:
        case DropColumn() | DropConstraint() | DropNotNull() | SetDefault(default=None):
            return 0
        case SetType():
            return 1
        case AddColumn():
            return 2
        case AddConstraint(constraint=Check()):
            return 3
        case SetNotNull() | SetIdentity():
            return 4
        case AddConstraint(constraint=PrimaryKey() | Unique() | Exclusion()):
            return 5
        case AddConstraint() | SetDefault():
            return 6
        case _:
            return 7


_ALTER_TABLE = (
    AddColumn,
    AddConstraint,
    DropColumn,
    DropConstraint,
    DropNotNull,
    RewriteTable,
    SetDefault,
    SetIdentity,
    SetNotNull,
    SetTableOption,
    SetColumnOption,
    UseIndex,
    InheritTable,
    SetType,
    ValidateConstraint,
)


def _in_transaction(effect: Effect, context: Context) -> Effect:
    """With what the open transaction makes impossible."""
    if context.transaction is None or not effect.transaction_forbidden:
        return effect
    reason = "it cannot run inside a transaction block"
    return changed(effect, fails_always=(*effect.fails_always, Hazard.TRANSACTION), reason=reason)


def _fresh_after(operation: Operation, before: Schema, after: Schema, fresh: SharedSet[Name]) -> SharedSet[Name]:
    """Relations that the file made, after one more operation; a fresh one that is renamed stays fresh."""
    match operation:
        case CreateTable() if before.kind(operation.table.name) is None:
            made = after.table(operation.table.name)
            for sequence in made.owned_sequences if made else ():
                fresh = fresh.with_item(sequence)
            return fresh.with_item(operation.table.name)
        case AddColumn() if before.table(operation.table) is not after.table(operation.table):
            table = after.table(operation.table)
            column = table.column(operation.column.name) if table else None
            return fresh.with_item(column.sequence) if column and column.sequence else fresh
        case CreateSequence() if not operation.alters and before.kind(operation.sequence.name) is None:
            return fresh.with_item(operation.sequence.name)
        case SetIdentity(adds=True) if table := after.table(operation.table):
            made_for = table.column(operation.column)
            return fresh.with_item(made_for.sequence) if made_for and made_for.sequence else fresh
        case CreateView() if before.kind(operation.view.name) is None:
            return fresh.with_item(operation.view.name)
        case RenameTable() if operation.name in fresh:
            return fresh.without(operation.name).with_item(operation.new_name)
        case RenameNamespace(namespace=old, to=new):
            for name in [name for name in fresh if name.namespace == old]:
                fresh = fresh.without(name).with_item(Name(name.name, new))
            return fresh
        case _:
            return fresh


def _next_state(state: State, statement: Statement, schema: Schema, fresh: SharedSet[Name], effect: Effect) -> State:
    session, local, transaction = state.session, state.local_session, state.transaction
    for operation in statement.operations:
        match operation:
            case SetSetting():
                if operation.local and local is None:
                    local = session
                session = operation.session(session)
            case TransactionControl(kind="begin"):
                return changed(
                    state,
                    schema=schema,
                    session=session,
                    transaction=Transaction(),
                    transaction_start=schema,
                    fresh=fresh,
                    fresh_start=fresh,
                    savepoints=(),
                )
            case TransactionControl(kind="savepoint", savepoint=name) if transaction is not None:
                return changed(state, savepoints=(*state.savepoints, (name, changed(state, savepoints=()))))
            case TransactionControl(kind="release" | "rollback to", savepoint=name):
                return _to_savepoint(state, name, undoes=operation.kind == "rollback to")
            case TransactionControl(kind="commit"):
                return changed(
                    state,
                    schema=schema,
                    session=local or session,
                    local_session=None,
                    transaction=None,
                    fresh=fresh,
                    savepoints=(),
                )
            case TransactionControl(kind="rollback"):
                return changed(
                    state,
                    schema=state.transaction_start or schema,
                    session=local or session,
                    local_session=None,
                    transaction=None,
                    fresh=state.fresh_start,
                    savepoints=(),
                )
            case _:
                pass
    if transaction is not None:
        transaction = _grown(transaction, statement, effect)
    elif local is not None:
        # SET LOCAL outside a transaction has no effect.
        session, local = local, None
    return changed(state, schema=schema, session=session, local_session=local, transaction=transaction, fresh=fresh)


def _to_savepoint(state: State, name: str | None, *, undoes: bool) -> State:
    """The state without the savepoint and those behind it, or with all undone that was done since."""
    places = [place for place, (other, _) in enumerate(state.savepoints) if other == name]
    if not places:
        return state
    if not undoes:
        return changed(state, savepoints=state.savepoints[: places[-1]])
    return changed(state.savepoints[places[-1]][1], savepoints=state.savepoints[: places[-1] + 1])


def _grown(transaction: Transaction, statement: Statement, effect: Effect) -> Transaction:
    """The transaction with what the statement took and added."""
    held = transaction.held
    if not all(lock in held for lock in effect.locks):
        modes: dict[Name, LockMode] = {lock.relation: lock.mode for lock in held}
        for lock in effect.locks:
            modes[lock.relation] = max(lock.mode, modes.get(lock.relation, lock.mode))
        held = tuple(Lock(relation, mode) for relation, mode in modes.items())
    values = {
        (operation.enum, operation.value) for operation in statement.operations if isinstance(operation, AddEnumValue)
    }
    not_valid = {
        (operation.table, operation.constraint.name or "")
        for operation in statement.operations
        if isinstance(operation, AddConstraint)
        and isinstance(operation.constraint, Check | ForeignKey)
        and not operation.constraint.validated
    }
    if held is transaction.held and not values and not not_valid:
        return transaction
    return changed(
        transaction,
        held=held,
        added_values=transaction.added_values | values,
        added_not_valid=transaction.added_not_valid | not_valid,
    )
