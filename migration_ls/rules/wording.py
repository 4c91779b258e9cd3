"""Words for effects: what a lock blocks, what work it is held for. Rules ask here instead of spelling it out."""

from collections.abc import Iterable

from migration_ls.operations.effect import Effect, Hazard, Lock
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name


def listed(words: Iterable[str]) -> str:
    """`a, b and c`."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def quoted(names: Iterable[Name | str]) -> str:
    """The names in backticks, listed; more than three are counted."""
    items = [f"`{name}`" for name in dict.fromkeys(names)]
    if len(items) > 3:
        return f"{items[0]}, {items[1]} and {len(items) - 2} others"
    return listed(items)


def blocked(mode: LockMode) -> str:
    """What waits for a lock of the mode: `reads and writes`, `writes` or nothing."""
    if mode.blocks_reads:
        return "reads and writes"
    return "writes" if mode.blocks_writes else ""


def waits(locks: Iterable[Lock], until: str = "") -> str:
    """`holds SHARE until the index is built, so writes to `tasks` wait`, for the strongest of the locks that block."""
    blocking = [lock for lock in locks if lock.mode.blocks_writes]
    if not blocking:
        return "blocks nobody"
    mode = max(lock.mode for lock in blocking)
    tables = [lock.relation for lock in blocking if lock.mode == mode]
    to = "of" if mode.blocks_reads else "to"
    held = f"holds {mode} {until}".rstrip()
    return f"{held}, so {blocked(mode)} {to} {quoted(tables)} wait"


def work(effect: Effect) -> str:
    """The work that grows with the rows, as the end of `until ...`."""
    if effect.rewrites:
        return f"{quoted(effect.rewrites)} {_is(effect.rewrites)} written anew"
    if effect.builds:
        return "the index is built" if len(set(effect.builds)) == 1 else "the indexes are built"
    if effect.scans:
        return f"every row of {quoted(effect.scans)} is read"
    if effect.touches_rows:
        return f"the rows of {quoted(effect.touches_rows)} are changed"
    return "it is done"


def blocks_for_work(effect: Effect) -> str:
    """What the effect's own locks block for its own work."""
    return waits(effect.locks, f"until {work(effect)}")


def because(effect: Effect) -> str:
    """The effect's reason as an end of a sentence, or nothing."""
    return f": {effect.reason}" if effect.reason else ""


def small(tables: Iterable[Name]) -> str:
    """Said of blocking that is short because the tables are known to have few rows."""
    names = list(tables)
    return f"; {quoted(names)} {_is(names)} known to be small, so that is short"


_FAILURES = {
    Hazard.NULLS: "a row holds a null",
    Hazard.VIOLATIONS: "a row violates the condition",
    Hazard.DUPLICATES: "two rows are equal",
    Hazard.ORPHANS: "a row refers to one that is not there",
    Hazard.OVERFLOW: "a value does not fit",
    Hazard.NO_VALUE: "the table has any row",
}


def failures(effect: Effect) -> str:
    """On which rows it fails: `it fails where a row holds a null`."""
    reasons = [_FAILURES[hazard] for hazard in effect.fails if hazard in _FAILURES]
    return f"it fails where {' or '.join(reasons)}" if reasons else ""


def _is(names: Iterable[object]) -> str:
    return "is" if len(list(names)) == 1 else "are"
