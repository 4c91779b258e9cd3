"""The migrations folder: which files are migrations, in which order, and the schema before and after each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from migration_ls.operations.union import Operation
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Schema
from migration_ls.sources.migrations import MigrationName, classify, same_version, sorted_migrations
from migration_ls.sources.sqitch import sqitch_names
from migration_ls.text.lines import LineIndex
from migration_ls.workspace.files import Role, SourceFile
from migration_ls.workspace.folders import by_need
from migration_ls.workspace.memory import Kept
from migration_ls.workspace.programs import NOTHING_BESIDE, Beside, included_by
from migration_ls.workspace.revisions import NO_REVISIONS, Revisions, revisions_of
from migration_ls.workspace.runs import Run, missing_in, run_of
from migration_ls.workspace.snapshot import Snapshot
from migration_ls.workspace.sql_files import sql_file

_REPLAYED = frozenset({"forward", "rename", "finish", "switch"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The first statement that speaks of tables that no migration makes; `assumed_from` says who knows them."""

    place: Origin
    tables: tuple[Name, ...]
    kind: str
    assumed_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the migrations folder says.

    `base` and `current` are the schemas after the applied and after all files; `planned` also after pending contract
    steps. `before` and `after` are the schemas around each file. `pending` are the files after the base, in order.
    `missing` are tables that a file changes and no file makes. `aside` are migrations that are no part of it: SQL files
    beside Alembic's revisions, where these make everything themselves.
    """

    base: Schema
    current: Schema
    planned: Schema
    forward: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    before: Mapping[str, Schema] = field(default_factory=dict)
    after: Mapping[str, Schema] = field(default_factory=dict)
    names: Mapping[str, MigrationName] = field(default_factory=dict)
    clashes: tuple[tuple[str, str], ...] = ()
    missing: frozenset[Name] = frozenset()
    gap: Gap | None = None
    operations: tuple[Operation, ...] = field(default=(), repr=False)
    """What the applied files do, in order; only where some tables are missing."""
    aside: frozenset[str] = frozenset()
    revisions: Revisions = NO_REVISIONS

    included: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """The files that scripts of psql include, by the script's path."""

    def beside(self, path: str) -> Beside:
        """What the meaning of a file depends on besides its text."""
        return _beside(path, self.revisions, self.included)

    @property
    def applied(self) -> tuple[str, ...]:
        """The files that the base has."""
        pending = set(self.pending)
        return tuple(path for path in self.forward if path not in pending)


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """What a database tells of the history: the schema it has, and the migrations that made it."""

    schema: Schema
    applied: frozenset[str]


def history_of(snapshot: Snapshot, start: Schema, production: Production | None = None) -> History:
    """The history of a snapshot; `start` has the tables that no migration makes but other sources know.

    Where a database tells what production has, that is the base, and what it does not have is pending.
    """
    found = tuple(file for file in snapshot.of_role(Role.MIGRATION))
    revisions = revisions_of(snapshot)
    plans = tuple((file.path, file.text) for file in snapshot.of_role(Role.PLAN))
    included = _included(snapshot)
    inputs = (found, plans, tuple(included.items()), revisions, snapshot.base, snapshot.settings, start, production)
    return _HISTORIES.get(
        inputs, lambda: replace(_made(found, plans, revisions, snapshot, start, production), included=included)
    )


def _made(
    found: tuple[SourceFile, ...],
    plans: tuple[tuple[str, str], ...],
    revisions: Revisions,
    snapshot: Snapshot,
    start: Schema,
    production: Production | None,
) -> History:
    if not revisions.names:
        named = _by_need(_named(tuple(file.path for file in found), plans), found)
        return _replayed(named, revisions, snapshot, start, production)
    alone = _replayed((revisions.names, tuple(revisions.names)), revisions, snapshot, start, production)
    names, ordered = _named(tuple(file.path for file in found if not _belongs(file.path, revisions)), plans)
    if not ordered or (alone.planned.tables and not alone.missing):
        return replace(alone, aside=frozenset(file.path for file in found))
    # The project went over from SQL to Alembic.
    both = {**names, **revisions.names}
    return _replayed((both, (*ordered, *revisions.names)), revisions, snapshot, start, production)


def _by_need(named: "_Named", found: tuple[SourceFile, ...]) -> "_Named":
    """Of several folders, the files that make something before those of the others that need it."""
    names, ordered = named
    if len({names[path].folder for path in ordered}) < 2:
        return named
    texts = {file.path: file.text for file in found}
    statements = {path: sql_file(path, texts[path]).statements for path in ordered if path in texts}
    return names, tuple(by_need(ordered, {path: names[path].folder for path in ordered}, statements))


def _belongs(path: str, revisions: Revisions) -> bool:
    """Whether an SQL file stands in Alembic's own folder: revisions read it, or it checks what they did."""
    return any(folder and path.startswith(f"{folder}/") for folder in revisions.graph.heads)


@lru_cache(maxsize=16)
def _named(paths: tuple[str, ...], plans: tuple[tuple[str, str], ...]) -> "_Named":
    """The migrations among the files, and those of them that are run, in order."""
    names = {path: name for path in paths if (name := classify(path)) is not None}
    for plan, text in plans:
        names |= sqitch_names(plan, text, paths)
    return names, tuple(path for path in sorted_migrations(names) if names[path].role in {*_REPLAYED, "contract"})


@lru_cache(maxsize=16)
def _clashes(names: tuple[tuple[str, MigrationName], ...]) -> tuple[tuple[str, str], ...]:
    return same_version(dict(names))


_Named = tuple[Mapping[str, MigrationName], tuple[str, ...]]
_HISTORIES: Kept[History] = Kept(6)


def _replayed(
    named: _Named, revisions: Revisions, snapshot: Snapshot, start: Schema, production: Production | None
) -> History:
    files = snapshot.files
    names, ordered = named
    included = _included(snapshot)
    # What a migration includes is run there, and not once more.
    elsewhere = {place for path in ordered for place, _ in included.get(path, ())}
    forward = [path for path in ordered if files[path].problem is None and path not in elsewhere]
    held = {path for path in forward if names[path].style == "alembic" and names[path].role == "contract"}
    if production is None:
        pending = [path for path in forward if path in held or snapshot.is_pending(path)]
    else:
        pending = [path for path in forward if path not in production.applied]
    missing = frozenset[Name]()
    gap: Gap | None = None
    before: dict[str, Schema] = {}
    after: dict[str, Schema] = {}
    schema = start
    waiting = frozenset(pending)
    applied: list[Run] = []

    def run(path: str, text: str, schema: Schema) -> Run:
        return run_of(path, text, schema, snapshot.settings, _beside(path, revisions, included))

    for path in forward:
        if path in waiting:
            continue
        text = snapshot.at_base(path) if snapshot.base else files[path].text
        ran = run(path, text if text is not None else files[path].text, schema)
        before[path] = schema
        applied.append(ran)
        missing |= ran.missing
        gap = gap or _gap(path, files[path].text, ran)
        schema = after[path] = ran.after
    if production is not None:
        schema = production.schema
    base = planned = schema
    for path in pending:
        before[path] = planned
        after[path] = run(path, files[path].text, planned).after
        if names[path].role in _REPLAYED:
            schema = run(path, files[path].text, schema).after
        planned = after[path]
    own = _first_by_version(forward, names)
    for path, name in names.items():
        if path not in before:
            forward_path = own.get((name.version, name.folder))
            companion = after.get(forward_path, before.get(forward_path)) if forward_path else None
            before[path] = companion or base
    return History(
        base=base,
        current=schema,
        planned=planned,
        forward=tuple(forward),
        pending=tuple(pending),
        before=before,
        after=after,
        names=names,
        clashes=_clashes(tuple((path, names[path]) for path in forward)),
        missing=missing,
        gap=gap,
        operations=tuple(_operations(applied)) if missing else (),
        revisions=revisions,
    )


def _beside(path: str, revisions: Revisions, included: Mapping[str, tuple[tuple[str, str], ...]]) -> Beside:
    if path.endswith(".py"):
        return Beside(convention=revisions.convention)
    return Beside(included=included[path]) if path in included else NOTHING_BESIDE


def _included(snapshot: Snapshot) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """What the scripts of a snapshot include."""

    def text_of(path: str) -> str | None:
        file = snapshot.files.get(path)
        return file.text if file is not None and path.endswith(".sql") else None

    found = {
        file.path: included_by(file.path, file.text, text_of) for file in snapshot.of_role(Role.MIGRATION, Role.SQL)
    }
    return {path: files for path, files in found.items() if files}


def _gap(path: str, text: str, ran: Run) -> Gap | None:
    """Where a file first speaks of what is not there."""
    for item in ran.statements:
        tables = missing_in(item)
        if tables:
            span = item.statement.span
            place = Origin(path=path, span=span, line=LineIndex(text).line(span.start))
            return Gap(place=place, tables=tables, kind=item.statement.kind)
    return None


def _operations(runs: Iterable[Run]) -> Iterable[Operation]:
    for run in runs:
        for item in run.statements:
            yield from item.statement.operations


def _first_by_version(forward: Iterable[str], names: Mapping[str, MigrationName]) -> Mapping[tuple[str, str], str]:
    """The migration that a rollback, backfill or validation file belongs to: it runs on the schema after that."""
    found: dict[tuple[str, str], str] = {}
    for path in forward:
        found.setdefault((names[path].version, names[path].folder), path)
    return found
