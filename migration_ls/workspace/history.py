"""The migrations folder: which files are migrations, in which order, and the schema before and after each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from migration_ls.operations.effect import Hazard
from migration_ls.operations.replay import final_schema, replay
from migration_ls.operations.statement import Statement
from migration_ls.schema.alike import alike
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.sources.migrations import MigrationName, classify, same_version, sorted_migrations
from migration_ls.workspace.files import Role, SourceFile
from migration_ls.workspace.git import Base
from migration_ls.workspace.memory import Kept, KeptByPath
from migration_ls.workspace.snapshot import Snapshot
from migration_ls.workspace.sql_files import sql_file

_REPLAYED = frozenset({"forward", "finish"})


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
    return _history(tuple(snapshot.of_role(Role.MIGRATION)), snapshot.base, snapshot, start)


_AFTER: KeptByPath[Schema] = KeptByPath(4)
_MISSED: KeptByPath[frozenset[Name]] = KeptByPath(2)


def _after(path: str, schema: Schema, text: str) -> Schema:
    """The schema after a file; the very one from before where an edit changed nothing of it."""
    kept = _AFTER.of(path)

    def make() -> Schema:
        made = final_schema(schema, sql_file(path, text).statements)
        return kept.latest if kept.latest is not None and alike(made, kept.latest) else made

    return kept.get((schema, text), make)


def _missed(path: str, schema: Schema, text: str) -> frozenset[Name]:
    return _MISSED.of(path).get((schema, text), lambda: _missing(schema, sql_file(path, text).statements))


@lru_cache(maxsize=16)
def _named(paths: tuple[str, ...]) -> tuple[Mapping[str, MigrationName], tuple[str, ...]]:
    """The migrations among the files, and those of them that are run, in order."""
    names = {path: name for path in paths if (name := classify(path)) is not None}
    return names, tuple(path for path in sorted_migrations(names) if names[path].role in {*_REPLAYED, "contract"})


@lru_cache(maxsize=16)
def _clashes(names: tuple[tuple[str, MigrationName], ...]) -> tuple[tuple[str, str], ...]:
    return same_version(dict(names))


def _history(found: tuple[SourceFile, ...], base_files: Base | None, snapshot: Snapshot, start: Schema) -> History:
    return _HISTORIES.get((found, base_files, start), lambda: _replayed(found, snapshot, start))


_HISTORIES: Kept[History] = Kept(16)


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
        before[path] = schema
        missing |= _missed(path, schema, text)
        schema = after[path] = _after(path, schema, text)
    base = planned = schema
    pending = [path for path in forward if snapshot.is_pending(path)]
    for path in pending:
        before[path] = planned
        after[path] = _after(path, planned, files[path].text)
        if names[path].role in _REPLAYED:
            schema = _after(path, schema, files[path].text)
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


def _missing(schema: Schema, statements: Sequence[Statement]) -> frozenset[Name]:
    """Tables that statements change though nothing made them."""
    found: set[Name] = set()
    for item in replay(schema, statements):
        for step in item.steps:
            table = getattr(step.clause.operation, "table", None)
            if Hazard.MISSING in step.effect.fails_always and isinstance(table, Name):
                found |= {table} if step.context.schema.kind(table) is None else set()
    return frozenset(found)


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
