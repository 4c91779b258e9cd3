"""Which transaction block each statement of a script stands in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from migration_ls.operations.replay import ReplayedStatement
from migration_ls.operations.set_setting import SetSetting
from migration_ls.operations.transaction_control import TransactionControl


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A transaction block: the numbers of its BEGIN and COMMIT (None: there is none) and of what stands between.

    `splittable` says that it can be ended earlier and opened again: nobody rolls it back or sets savepoints in it.
    """

    begin: int | None
    end: int | None
    inner: range
    splittable: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of a script, in order; `of` has the block of each statement, None outside of any.

    `undone` are the numbers of the statements that the file itself rolls back.
    """

    blocks: tuple[Block, ...]
    of: tuple[Block | None, ...]
    undone: frozenset[int] = frozenset()


_last: tuple[Sequence[ReplayedStatement], Layout] = (), Layout((), ())


def lay_out(statements: Sequence[ReplayedStatement]) -> Layout:
    """Find the blocks; a runner's own transaction is a block without BEGIN.

    Every rule of a script asks for the same: what was found for the very statements asked about last is kept.
    """
    global _last  # noqa: PLW0603 - replaced as a whole, so that threads see one or the other
    of, layout = _last
    if of is not statements:
        layout = _found(statements)
        _last = statements, layout
    return layout


def _found(statements: Sequence[ReplayedStatement]) -> Layout:
    blocks: list[Block] = []
    of: list[Block | None] = [None] * len(statements)
    number = 0
    while number < len(statements):
        if statements[number].after.transaction is None and statements[number].before.transaction is None:
            number += 1
            continue
        begin = number if _control(statements[number], "begin") else None
        first = number if begin is None else number + 1
        last, end = _find_end(statements, first)
        block = Block(
            begin=begin,
            end=end,
            inner=range(first, last),
            splittable=_begins_outside(statements, begin) and _plain(statements, range(first, last), end),
        )
        blocks.append(block)
        stop = last if end is None else end + 1
        for item in range(number, stop):
            of[item] = block
        number = max(stop, number + 1)
    undone = frozenset(item for block in blocks for item in _undone(statements, block))
    return Layout(tuple(blocks), tuple(of), undone)


def _undone(statements: Sequence[ReplayedStatement], block: Block) -> Iterator[int]:
    """The statements of a block that end with its ROLLBACK, or with one to a savepoint before them."""
    if block.splittable:
        return
    if block.end is not None and _control(statements[block.end], "rollback"):
        yield from block.inner
        return
    for number in block.inner:
        for operation in statements[number].statement.operations:
            if isinstance(operation, TransactionControl) and operation.kind == "rollback to":
                saved = _saved(statements, range(block.inner.start, number), operation.savepoint)
                yield from range(number if saved is None else saved, number)


def _saved(statements: Sequence[ReplayedStatement], before: range, savepoint: str | None) -> int | None:
    """The number of the last statement that sets the savepoint."""
    for number in reversed(before):
        for operation in statements[number].statement.operations:
            if (
                isinstance(operation, TransactionControl)
                and operation.kind == "savepoint"
                and operation.savepoint == savepoint
            ):
                return number
    return None


def is_control(statement: ReplayedStatement) -> bool:
    """Whether it only begins or ends a transaction, or changes a setting."""
    operations = statement.statement.operations
    return bool(operations) and all(isinstance(item, TransactionControl | SetSetting) for item in operations)


def local_settings(statement: ReplayedStatement) -> bool:
    """Whether it is a SET LOCAL."""
    operations = statement.statement.operations
    return bool(operations) and all(isinstance(item, SetSetting) and item.local for item in operations)


def _find_end(statements: Sequence[ReplayedStatement], first: int) -> tuple[int, int | None]:
    """The number after the last inner statement, and that of the COMMIT or ROLLBACK."""
    for number in range(first, len(statements)):
        if _control(statements[number], "commit", "rollback"):
            return number, number
    return len(statements), None


def _begins_outside(statements: Sequence[ReplayedStatement], begin: int | None) -> bool:
    """Whether there is a BEGIN, and no transaction around it."""
    return begin is not None and statements[begin].before.transaction is None


def _plain(statements: Sequence[ReplayedStatement], inner: range, end: int | None) -> bool:
    if end is not None and not _control(statements[end], "commit"):
        return False
    return not any(_control(statements[number], "begin", "savepoint") for number in inner)


def _control(statement: ReplayedStatement, *kinds: str) -> bool:
    operations = statement.statement.operations
    return any(isinstance(item, TransactionControl) and item.kind in kinds for item in operations)
