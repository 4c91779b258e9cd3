"""The migrations folder: which files are migrations, in which order, and the schema before and after each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.sources.migrations import MigrationName, classify, same_version, sorted_migrations
from migration_ls.workspace.files import Role, SourceFile
from migration_ls.workspace.memory import Kept
from migration_ls.workspace.runs import run_of
from migration_ls.workspace.snapshot import Snapshot

_REPLAYED = frozenset({"forward", "rename", "finish", "switch"})


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the migrations folder says.

    `base` and `current` are the schemas after the applied and after all files; `planned` also after pending contract
    steps. `before` and `after` are the schemas around each file. `pending` are the files after the base, in order.
    `missing` are tables that a file changes and no file makes.
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

    @property
    def applied(self) -> tuple[str, ...]:
        """The files that the base has."""
        pending = set(self.pending)
        return tuple(path for path in self.forward if path not in pending)


def history_of(snapshot: Snapshot, start: Schema) -> History:
    """The history of a snapshot; `start` has the tables that no migration makes but other sources know."""
    found = tuple(snapshot.of_role(Role.MIGRATION))
    return _HISTORIES.get((found, snapshot.base, snapshot.settings, start), lambda: _replayed(found, snapshot, start))


@lru_cache(maxsize=16)
def _named(paths: tuple[str, ...]) -> tuple[Mapping[str, MigrationName], tuple[str, ...]]:
    """The migrations among the files, and those of them that are run, in order."""
    names = {path: name for path in paths if (name := classify(path)) is not None}
    return names, tuple(path for path in sorted_migrations(names) if names[path].role in {*_REPLAYED, "contract"})


@lru_cache(maxsize=16)
def _clashes(names: tuple[tuple[str, MigrationName], ...]) -> tuple[tuple[str, str], ...]:
    return same_version(dict(names))


_HISTORIES: Kept[History] = Kept(6)


def _replayed(found: tuple[SourceFile, ...], snapshot: Snapshot, start: Schema) -> History:
    files = {file.path: file for file in found}
    names, ordered = _named(tuple(files))
    forward = [path for path in ordered if files[path].problem is None]
    missing = frozenset[Name]()
    before: dict[str, Schema] = {}
    after: dict[str, Schema] = {}
    schema = start
    for path in forward:
        if snapshot.is_pending(path):
            continue
        text = snapshot.at_base(path) if snapshot.base else files[path].text
        text = text if text is not None else files[path].text
        ran = run_of(path, text, schema, snapshot.settings)
        before[path] = schema
        missing |= ran.missing
        schema = after[path] = ran.after
    base = planned = schema
    pending = [path for path in forward if snapshot.is_pending(path)]
    for path in pending:
        before[path] = planned
        after[path] = run_of(path, files[path].text, planned, snapshot.settings).after
        if names[path].role in _REPLAYED:
            schema = run_of(path, files[path].text, schema, snapshot.settings).after
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
    )


def _first_by_version(forward: Iterable[str], names: Mapping[str, MigrationName]) -> Mapping[tuple[str, str], str]:
    """The migration that a rollback, backfill or validation file belongs to: it runs on the schema after that."""
    found: dict[tuple[str, str], str] = {}
    for path in forward:
        found.setdefault((names[path].version, names[path].folder), path)
    return found


def assumed_tables(missing: frozenset[Name], *sources: Schema) -> Schema:
    """The missing tables as the first source that knows them tells, marked as assumed."""
    schema = Schema()
    for name in sorted(missing):
        table = next((source.tables[name] for source in sources if name in source.tables), None)
        if table is not None:
            schema = schema.with_table(replace(table, assumed=True))
            for column in table.columns:
                for source in sources:
                    enum = source.enums.get(Name(column.type.name))
                    schema = schema.with_enum(enum) if enum else schema
    return schema
