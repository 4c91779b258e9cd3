"""Whether locks that stop others were held only briefly: not while rows were read, written or indexed."""

from collections.abc import Iterable, Mapping

from migration_ls.schema.names import Name
from migration_ls.verification.trace import Observed


def grows_with(observed: Observed, rows: int) -> frozenset[Name]:
    """The tables with whose rows the statement's time grows, judged by what it did to a table of that many rows."""
    found = {*observed.rewrites, *observed.scans, *observed.built_on}
    if observed.changed_rows is not None and observed.changed_rows * 2 >= rows:
        found |= {lock.relation for lock in observed.locks if str(lock.mode) == "ROW EXCLUSIVE"}
    return frozenset(found)


def fills(observed: Observed) -> frozenset[Name]:
    """The tables that a statement writes which commits by itself, such as a backfill: nobody counts its rows."""
    if observed.changed_rows is not None or observed.transaction != "forbidden":
        return frozenset()
    return frozenset(lock.relation for lock in observed.locks if str(lock.mode) == "ROW EXCLUSIVE")


def long_locks(
    observed: Iterable[Observed], rows: int, production_rows: Mapping[Name, int], small_table_rows: int
) -> tuple[str, ...]:
    """In words, each statement that works on all rows of a table while its transaction blocks writes somewhere.

    Tables that are known to have less than `small_table_rows` rows in production do not count.
    """
    found: list[str] = []
    for one in observed:
        large = sorted(
            name for name in grows_with(one, rows) if production_rows.get(name, small_table_rows) >= small_table_rows
        )
        blocking = [lock for lock in one.held if lock.mode.blocks_writes]
        if not large or not blocking:
            continue
        worst = max(blocking, key=lambda lock: lock.mode)
        tables = ", ".join(f"`{name}`" for name in large)
        found.append(
            f"{one.path}:{one.line} {_work(one)} {tables} while its transaction holds {worst.mode} "
            f"on `{worst.relation}`"
        )
    return tuple(found)


def _work(one: Observed) -> str:
    if one.rewrites:
        return "rewrites"
    if one.builds:
        return "builds an index on"
    return "reads all rows of" if one.scans else "changes many rows of"
