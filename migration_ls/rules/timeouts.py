"""Timeouts that statements need, and the edits that set them."""

from collections.abc import Sequence

from migration_ls.operations.replay import ReplayedStatement
from migration_ls.rules import fixing
from migration_ls.rules.finding import Fix
from migration_ls.rules.layout import Block, lay_out
from migration_ls.rules.rule import Script
from migration_ls.text.edits import Edit


def takes_strong_lock(statement: ReplayedStatement) -> bool:
    """Whether it waits for a lock that others queue behind, on a relation that was there before the file."""
    return statement.effect.blocks_writes and not statement.effect.waits_for_transactions


def set_for(script: Script, needing: Sequence[int], setting: str, value: str) -> tuple[Fix, ...]:
    """Set the timeout for these statements: once per transaction, else before each run of them, and reset behind it."""
    edits: list[Edit] = []
    layout = lay_out(script.statements)
    wanted = frozenset(needing)
    done: set[Block] = set()
    for number in needing:
        block = layout.of[number]
        if block is None:
            if number - 1 not in wanted or layout.of[number - 1] is not None:
                edits.append(fixing.lines_before(script, number, [f"SET {setting} = '{value}';"]))
            if number + 1 not in wanted or layout.of[number + 1] is not None:
                edits.append(fixing.lines_behind(script, number, [f"RESET {setting};"]))
        elif block not in done:
            done.add(block)
            lines = [f"SET LOCAL {setting} = '{value}';"]
            if block.begin is not None and setting == "lock_timeout":
                edits.append(fixing.lines_behind(script, block.begin, lines))
            else:
                edits.append(fixing.lines_before(script, number, lines))
    return fixing.one_fix(f"Set `{setting}` to {value}", edits)
