"""A file replayed after an edit, at the price of what the edit can have changed.

What stands in front of the edit is kept. Behind it, statements that cannot tell the former schema from the new one are
kept too: where only some tables differ (the usual edit: a column more), that is every statement that speaks of others.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.inert import Inert
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_constraint import RenameConstraint
from migration_ls.operations.replay import ReplayedStatement, State, Step, in_passes, run, start
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_setting import SetSetting
from migration_ls.operations.set_type import SetType
from migration_ls.operations.statement import Statement
from migration_ls.operations.transaction_control import TransactionControl
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.postgres.types import BUILT_IN
from migration_ls.postgres.versions import DEFAULT
from migration_ls.schema.alike import alike
from migration_ls.schema.changed import changed
from migration_ls.schema.dependents import descendants, parents, views_going_with
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Table

_Overlay = Mapping[Name, Table]
_NOTHING: _Overlay = {}
_OFTEN = 8
_LOCAL = frozenset(
    {
        AddColumn, AddConstraint, CommentOn, CreateIndex, CreateTable, DropIndex, DropNotNull, Inert, RenameColumn,
        RenameConstraint, SetDefault, SetNotNull, SetSetting, SetType, TransactionControl, ValidateConstraint,
    }
)  # fmt: skip
"""Operations that look at nothing but the tables they name and those that belong to these."""
_BESIDE_TABLES = tuple(item.name for item in fields(Schema) if item.name != "tables")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The statements of a file as they run.

    Steps and effects are right. The states of a statement that was kept may hold former versions of tables that it
    does not speak of: `overlays` has the present ones, and `before` the whole truth, as has the last statement's end.
    """

    first: State = field(repr=False)
    statements: tuple[ReplayedStatement, ...] = ()
    overlays: tuple[_Overlay, ...] = field(default=(), repr=False)

    def before(self, number: int) -> State:
        """The state in front of a statement; with the number of statements, the one at the end."""
        if number == len(self.statements):
            return self.statements[-1].after if self.statements else self.first
        return _laid_over(self.statements[number].before, self.overlays[number])


def replay_again(
    schema: Schema,
    statements: Sequence[Statement],
    previous: Replay | None = None,
    *,
    postgres: int = DEFAULT,
    wrapped: bool = False,
) -> Replay:
    """What `replay` gives, from what an earlier version of the file gave with the same settings."""
    first = previous.first if previous and previous.first.schema is schema else start(schema, wrapped=wrapped)
    return _Round(first, statements, previous or Replay(first=first), postgres).replay()


def behind(previous: Replay, schema: Schema) -> Schema | None:
    """The schema behind an earlier replay, had it begun at this one; None where a statement could tell the difference.

    That is so where the two differ in tables alone of which no statement speaks.
    """
    former = previous.first.schema
    if not all(alike(getattr(schema, name), getattr(former, name)) for name in _BESIDE_TABLES):
        return None
    apart: dict[Name, Table] = {}
    for here, there in schema.changes_of_tables(former):
        if here is None or there is None or here[0] != there[0]:
            return None
        if not alike(here[1], there[1]):
            apart[here[1].name] = here[1]
    if apart:
        mention = _mention(apart, schema, former)
        if any(_may_tell(item.statement, mention) for item in previous.statements):
            return None
    return _laid_over(previous.before(len(previous.statements)), apart).schema


class _Round:
    """One replay. `_found` and `_overlays` grow; `_state` is the state behind them where it was computed."""

    def __init__(self, first: State, statements: Sequence[Statement], previous: Replay, postgres: int) -> None:
        self._first = first
        self._statements = statements
        self._previous = previous
        self._postgres = postgres
        kept = _common_start(previous.statements, statements) if previous.first is first else 0
        self._found = list(previous.statements[:kept])
        self._overlays = list(previous.overlays[:kept])
        self._state = previous.before(kept) if kept else first
        self._behind = len(statements) - _common_end(previous.statements, statements, kept)
        self._shift = len(statements) - len(previous.statements)
        self._undoes = any(map(_undoes, statements[self._behind :]))
        self._joined: dict[int, _Overlay] = {}

    def replay(self) -> Replay:
        """All statements."""
        tries = _Tries()
        while (number := len(self._found)) < len(self._statements):
            if number >= self._behind and tries.now():
                apart = self._apart(self._previous.before(number - self._shift))
                if apart is not None:
                    self._keep(apart)
                    continue
            self._run(self._state)
        return Replay(first=self._first, statements=tuple(self._found), overlays=tuple(self._overlays))

    def _run(self, state: State) -> ReplayedStatement:
        replayed = run(state, self._statements[len(self._found)], postgres=self._postgres)
        self._found.append(replayed)
        self._overlays.append(_NOTHING)
        self._state = replayed.after
        return replayed

    def _apart(self, former: State) -> _Overlay | None:
        """The tables in which the state differs from the former one; None when it differs in other things."""
        state = self._state
        if self._undoes or state.transaction is not None or former.transaction is not None:
            return _NOTHING if alike(state, former) else None
        if not (alike(state.session, former.session) and alike(state.local_session, former.local_session)):
            return None
        mine, its = state.schema, former.schema
        if not alike(state.fresh, former.fresh) or len(mine.tables) != len(its.tables):
            return None
        if not all(alike(getattr(mine, name), getattr(its, name)) for name in _BESIDE_TABLES):
            return None
        found: dict[Name, Table] = {}
        for here, there in mine.changes_of_tables(its):
            if here is None or there is None or here[0] != there[0]:
                return None
            if not alike(here[1], there[1]):
                found[here[1].name] = here[1]
        return found

    def _keep(self, apart: _Overlay) -> None:
        """Keep what cannot tell, and run what can, until the states differ in more than tables."""
        mention = _mention(apart, self._state.schema, self._previous.before(len(self._found) - self._shift).schema)
        while (number := len(self._found)) < len(self._statements):
            old = number - self._shift
            statement = self._statements[number]
            if not apart or not _may_tell(statement, mention):
                self._found.append(_moved(self._previous.statements[old], statement))
                self._overlays.append(self._join(self._previous.overlays[old], apart))
                continue
            former = self._previous.before(old)
            replayed = self._run(_laid_over(former, apart))
            after = _next_apart(apart, replayed, self._previous, old)
            if after is None:
                return
            if after.keys() != apart.keys():
                mention = _mention(after, self._state.schema, self._previous.before(old + 1).schema)
            apart = after
        if apart and self._overlays[-1]:
            last = self._found[-1]
            self._found[-1] = changed(
                last, after=_laid_over(self._previous.before(len(self._previous.statements)), apart)
            )

    def _join(self, former: _Overlay, apart: _Overlay) -> _Overlay:
        """Both, the second one counting; one object for all statements between two that were run."""
        if not former:
            return apart
        if not apart:
            return former
        key = hash((id(former), id(apart)))
        if key not in self._joined:
            self._joined[key] = {**former, **apart}
        return self._joined[key]


def _laid_over(state: State, overlay: _Overlay) -> State:
    if not overlay:
        return state
    schema = state.schema
    for table in overlay.values():
        schema = schema.with_table(table)
    return changed(state, schema=schema)


def _next_apart(apart: _Overlay, new: ReplayedStatement, previous: Replay, old: int) -> _Overlay | None:
    """In which tables the states differ behind a local statement; None when they differ in more."""
    was, now = previous.statements[old], new
    if any(type(operation) not in _LOCAL for operation in new.statement.operations):
        return None
    if not all(
        getattr(one.before.schema, name) is getattr(one.after.schema, name)
        for one in (was, now)
        for name in _BESIDE_TABLES
    ):
        return None
    if (was.before.fresh is was.after.fresh) != (now.before.fresh is now.after.fresh):
        return None
    for name in ("session", "local_session", "transaction"):
        if not alike(getattr(was.after, name), getattr(now.after, name)):
            return None
    former = previous.before(old + 1).schema
    found: dict[Name, Table] = {}
    for table in dict.fromkeys([*apart, *_names(new.statement)]):
        mine, its = now.after.schema.table(table), former.table(table)
        if (mine is None) != (its is None):
            return None
        if mine is not None and not alike(mine, its):
            found[table] = mine
    return found


def _names(statement: Statement) -> Iterator[Name]:
    """The tables that the operations of a statement may change."""
    for operation in statement.operations:
        table = getattr(operation, "table", None)
        if isinstance(table, Table):
            yield table.name
        elif isinstance(table, Name):
            yield table


def _may_tell(statement: Statement, mention: "re.Pattern[str]") -> bool:
    """Whether a statement may speak of tables that differ, or looks at more than what it names."""
    for clause in statement.clauses:
        if type(clause.operation) not in _LOCAL:
            return True
    return mention.search(statement.sql) is not None


def _mention(apart: _Overlay, *schemas: Schema) -> "re.Pattern[str]":
    """Finds names of the tables, of what belongs to them, and of the tables and types they are tied to."""
    words: set[str] = {'u&"'}
    for schema in schemas:
        for name in apart:
            words |= set(_words_of(schema, name))
    return re.compile("|".join(sorted(re.escape(word) for word in words if word)), re.IGNORECASE)


def _words_of(schema: Schema, name: Name) -> Iterator[str]:
    table = schema.table(name)
    yield name.name.replace('"', '""')
    if table is None:
        return
    yield from (index.name.replace('"', '""') for index in table.indexes if index.name)
    yield from (constraint.name.replace('"', '""') for constraint in table.constraints if constraint.name)
    yield from (key.ref_table.name for key in table.foreign_keys)
    yield from (other.name.name for other in (*schema.referencing(name), *schema.partitions(name)))
    yield from (other.name for other in parents(table))
    yield from (column.type.name for column in table.columns if column.type.name not in BUILT_IN)
    yield from (view.name for view in views_going_with(schema, (name,)))
    yield from (below.name.name for below in descendants(schema, name))
    yield from (above.name for above in _above(schema, table))
    yield from (trigger.name for trigger in schema.triggers.values() if trigger.table == name)


def _above(schema: Schema, table: Table) -> Iterator[Name]:
    """The tables it is a partition or child of, and those above them."""
    for parent in parents(table):
        yield parent
        if (found := schema.table(parent)) is not None:
            yield from _above(schema, found)


def _undoes(statement: Statement) -> bool:
    return any(
        isinstance(operation, TransactionControl) and operation.kind in {"rollback", "rollback to"}
        for operation in statement.operations
    )


class _Tries:
    """When to look whether the state is the former one again: after an edit at once, ever more rarely later."""

    def __init__(self) -> None:
        self._count = 0

    def now(self) -> bool:
        """Whether to look before this statement."""
        self._count += 1
        return self._count <= _OFTEN or self._count & (self._count - 1) == 0


def _common_start(previous: Sequence[ReplayedStatement], statements: Sequence[Statement]) -> int:
    """How many statements at the start are the very same objects."""
    count = 0
    for old, new in zip(previous, statements, strict=False):
        if old.statement is not new:
            break
        count += 1
    return count


def _common_end(previous: Sequence[ReplayedStatement], statements: Sequence[Statement], kept: int) -> int:
    """How many statements at the end mean the same, wherever they stand."""
    count = 0
    most = min(len(previous), len(statements)) - kept
    while count < most and _means_same(previous[-1 - count].statement, statements[-1 - count]):
        count += 1
    return count


def _means_same(old: Statement, new: Statement) -> bool:
    """Whether a statement was only moved: its clauses ask for the same objects."""
    return old is new or (
        len(old.clauses) == len(new.clauses)
        and all(
            one.operation is other.operation and one.conditional is other.conditional
            for one, other in zip(old.clauses, new.clauses, strict=True)
        )
    )


def _moved(replayed: ReplayedStatement, statement: Statement) -> ReplayedStatement:
    """What was found out for a statement, for the same one elsewhere in the text."""
    if replayed.statement is statement:
        return replayed
    clauses = in_passes(statement.clauses)
    steps: list[Step] = [changed(step, clause=clause) for step, clause in zip(replayed.steps, clauses, strict=True)]
    return changed(replayed, statement=statement, steps=tuple(steps))
