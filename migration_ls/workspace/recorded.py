"""Which migrations of a project a database has: by the record of a runner, else by what fits its schema best."""

from collections.abc import Iterable

from migration_ls.diffing.drift import DriftKind, Source, drift
from migration_ls.schema.schema import Schema
from migration_ls.sources.catalog.runners import Recorded
from migration_ls.workspace.history import History
from migration_ls.workspace.live import Live

_MOST_TRIED = 20
"""How many of the newest migrations may be missing in a database whose record is not known."""


def applied_on(live: Live, history: History) -> frozenset[str]:
    """The paths of the migrations that the database has.

    Alembic's record tells of revisions, all others of SQL files. Without a record, or with an empty one, the database
    has the migrations after which the replayed schema differs least from its own; of those that change nothing, all.
    """
    telling = [record for record in live.records if record.versions or record.files or record.up_to]
    of_files = tuple(record for record in telling if not record.heads)
    of_revisions = tuple(record for record in telling if record.heads)
    revisions = {path for path in history.forward if history.names[path].style == "alembic"}
    files = [path for path in history.forward if path not in revisions]
    fitting = frozenset[str]()
    if (files and not of_files) or (revisions and not of_revisions):
        fitting = _fitting(live, history)
    found: set[str] = set()
    found |= _noted(files, history, of_files) if of_files else fitting & set(files)
    found |= _followed(history, of_revisions) if of_revisions else fitting & revisions
    return frozenset(found)


def _noted(paths: Iterable[str], history: History, records: tuple[Recorded, ...]) -> set[str]:
    return {
        path
        for path in paths
        if any(record.has(history.names[path].version, path.rpartition("/")[2]) for record in records)
    }


def _followed(history: History, records: tuple[Recorded, ...]) -> set[str]:
    """The revisions that Alembic's heads name, and all that they build on."""
    graph = history.revisions.graph
    by_name: dict[str, list[str]] = {}
    for path, revision in graph.revisions.items():
        by_name.setdefault(revision.revision, []).append(path)
    waiting = [name for record in records for name in record.versions]
    found: set[str] = set()
    while waiting:
        for path in by_name.get(waiting.pop(), ()):
            if path not in found:
                found.add(path)
                revision = graph.revisions[path]
                waiting += [*revision.parents, *revision.needed]
    held = {path for path in history.forward if path not in graph.revisions}
    named = {name for record in records for name in record.versions}
    return found | {path for path in held if history.names[path].version in named}


def _distance(one: Schema, other: Schema) -> int:
    """How much two schemas differ; a table that is missing is all that stands in it."""
    number = 0
    for found in drift({Source.MIGRATIONS: one, Source.DATABASE: other}):
        table = one.table(found.table) or other.table(found.table)
        whole = found.kind is DriftKind.MISSING_TABLE and table is not None
        number += 1 + (len(table.columns) + len(table.constraints) + len(table.indexes) if whole and table else 0)
    return number


def _fitting(live: Live, history: History) -> frozenset[str]:
    forward = history.forward
    best, least = len(forward), -1
    for count in range(len(forward), max(len(forward) - _MOST_TRIED, 0) - 1, -1):
        schema = history.after[forward[count - 1]] if count else history.before.get(forward[0]) if forward else None
        if schema is None:
            break
        number = _distance(schema, live.schema)
        if least < 0 or number < least:
            best, least = count, number
        if number == 0:
            break
    return frozenset(forward[:best])
