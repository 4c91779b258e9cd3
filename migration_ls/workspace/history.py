"""The migrations folder: which files are migrations, in which order, and the schema before and after each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from migration_ls.operations.effect import Hazard
from migration_ls.operations.replay import final_schema, replay
from migration_ls.operations.statement import Statement
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.sources.migrations import MigrationName, classify, same_version, sorted_migrations
from migration_ls.sources.sql.reader import read_sql
from migration_ls.workspace.files import Role
from migration_ls.workspace.snapshot import Snapshot

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
        return tuple(path for path in self.forward if path not in self.pending)


def history_of(snapshot: Snapshot, start: Schema) -> History:
    """The history of a snapshot; `start` has the tables that no migration makes but other sources know."""
    files = {file.path: file for file in snapshot.of_role(Role.MIGRATION)}
    names = {path: name for path in files if (name := classify(path)) is not None}
    forward = [
        path
        for path in sorted_migrations(names)
        if names[path].role in {*_REPLAYED, "contract"} and files[path].problem is None
    ]
    missing = frozenset[Name]()
    before: dict[str, Schema] = {}
    after: dict[str, Schema] = {}
    schema = start
    applied = [path for path in forward if not snapshot.is_pending(path)]
    for path in applied:
        text = snapshot.at_base(path) if snapshot.base else files[path].text
        statements = _statements(text if text is not None else files[path].text)
        before[path] = schema
        missing |= _missing(schema, statements)
        schema = final_schema(schema, statements)
        after[path] = schema
    base = planned = schema
    pending = [path for path in forward if snapshot.is_pending(path)]
    for path in pending:
        statements = _statements(files[path].text)
        before[path] = planned
        planned = final_schema(planned, statements)
        after[path] = planned
        if names[path].role in _REPLAYED:
            schema = final_schema(schema, statements)
    for path, name in names.items():
        if path not in before:
            before[path] = _companion_schema(name, forward, names, before, after) or base
    return History(
        base=base,
        current=schema,
        planned=planned,
        forward=tuple(forward),
        pending=tuple(pending),
        before=before,
        after=after,
        names=names,
        clashes=same_version({path: names[path] for path in forward}),
        missing=missing,
    )


@lru_cache(maxsize=2_000)
def _statements(text: str) -> tuple[Statement, ...]:
    return read_sql(text).statements


def _missing(schema: Schema, statements: Iterable[Statement]) -> frozenset[Name]:
    """Tables that statements change though nothing made them."""
    found: set[Name] = set()
    for item in replay(schema, statements):
        for step in item.steps:
            table = getattr(step.clause.operation, "table", None)
            if Hazard.MISSING in step.effect.fails_always and isinstance(table, Name):
                found |= {table} if step.context.schema.kind(table) is None else set()
    return frozenset(found)


def _companion_schema(
    name: MigrationName,
    forward: Iterable[str],
    names: Mapping[str, MigrationName],
    before: Mapping[str, Schema],
    after: Mapping[str, Schema],
) -> Schema | None:
    """The schema a rollback, backfill or validation file runs on: the one after its own migration."""
    for path in forward:
        if names[path].version == name.version and names[path].folder == name.folder:
            return after.get(path, before.get(path))
    return None


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
