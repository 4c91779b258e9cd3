"""What one class makes, kept while everything that it rests on stays as it is."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Enum
from migration_ls.schema.tables import Column, Table
from migration_ls.sources.models.build import Built, table_of_class
from migration_ls.sources.models.classes import local_order
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.lookup import Asked
from migration_ls.sources.models.modules import Binding, Modules
from migration_ls.sources.models.tablenames import is_table, shared_table
from migration_ls.sources.models.values import ClassValue
from migration_ls.sources.problem import Problem
from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassReading:
    """What a class makes: a table, or columns in the table of the class `parent`; `bases` are its classes' names."""

    built: Built | None = None
    parent: tuple[str, str] | None = None
    bases: tuple[tuple[str, str], ...] = ()
    enums: tuple[Enum, ...] = ()
    problems: tuple[tuple[str, Problem], ...] = ()
    paths: frozenset[str] = frozenset()
    """The paths of the files that it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    key: object
    offset: int
    asked: Asked
    reading: ClassReading


def read_class(modules: Modules, cls: ClassValue, project: Context, key: object) -> ClassReading:
    """What a class makes. `key` stands for what all classes rest on: the files there are, the metadata."""
    path = cls.env.module.path
    # files of the same text share their statements
    by_path: dict[str, _Kept] = cls.facts.kept
    kept = by_path.get(path)
    if kept is not None and kept.key == key and (moves := _moves(modules, cls, kept)) is not None:
        if not moves:
            return kept.reading
        reading = _moved(kept.reading, moves, modules)
        asked = {place: modules.binding(*place) for place in kept.asked}
        by_path[path] = _Kept(key=key, offset=cls.env.offset, asked=asked, reading=reading)
        return reading
    context = project.fresh()
    try:
        reading = _fresh(context, cls)
    except RecursionError:
        context.report(
            cls.origin,
            "models-too-deep",
            f"`{cls.name}` is nested too deeply to be read, so what it makes is left out",
            "Write its expressions in smaller parts",
            serious=True,
        )
        reading = ClassReading(problems=tuple(context.problems))
    reading = replace(reading, paths=frozenset(path for path, _ in context.lookup.asked))
    by_path[path] = _Kept(key=key, offset=cls.env.offset, asked=context.lookup.asked, reading=reading)
    return reading


def _fresh(context: Context, cls: ClassValue) -> ClassReading:
    parent = None
    built = None
    if is_table(context, cls):
        built = table_of_class(context, cls)
    elif (shared := shared_table(context, cls)) is not None:
        parent = (shared.env.module.path, shared.name)
    return ClassReading(
        built=built,
        parent=parent,
        bases=tuple((base.env.module.path, base.name) for base in local_order(context, cls)),
        enums=tuple(context.enums.values()),
        problems=tuple(context.problems),
    )


_Moves = dict[str, tuple[list[int], list[int]]]
"""By path: where chunks stood that the reading rests on, and by how much each has moved."""


def _moves(modules: Modules, cls: ClassValue, kept: _Kept) -> _Moves | None:
    """What has moved since; None when something is no longer what it was."""
    moved = cls.env.offset != kept.offset
    path: str | None = None
    bindings: Mapping[str, Binding] = {}
    for (other, name), before in kept.asked.items():
        if other != path:
            path, bindings = other, modules.bindings(other)
        now = bindings.get(name) if name != "*" else modules.binding(other, name)
        if now is before or now == before:
            continue
        if now is None or before is None or name == "*" or now[1] is not before[1]:
            return None
        moved = True
    return _chunks(modules, cls, kept) if moved else {}


def _chunks(modules: Modules, cls: ClassValue, kept: _Kept) -> _Moves:
    """Where all chunks stood that the reading rests on, moved or not."""
    found = {cls.env.module.path: {kept.offset: cls.env.offset - kept.offset}}
    for (other, name), before in kept.asked.items():
        if name != "*" and before is not None:
            start = _offset(before)
            found.setdefault(other, {})[start] = _offset(modules.binding(other, name)) - start
    return {other: (sorted(offsets), [offsets[item] for item in sorted(offsets)]) for other, offsets in found.items()}


def _offset(binding: object) -> int:
    return binding[0] if isinstance(binding, tuple) and isinstance(binding[0], int) else 0


def _moved(reading: ClassReading, moves: _Moves, modules: Modules) -> ClassReading:
    def place(origin: Origin | None) -> Origin | None:
        if origin is None or origin.path not in moves:
            return origin
        delta = _delta(moves, origin.path, origin.span.start)
        module = modules.at(origin.path)
        if not delta or module is None:
            return origin
        start = origin.span.start + delta
        return Origin(origin.path, Span(start, origin.span.end + delta), module.lines.line(start))

    built = reading.built
    return replace(
        reading,
        built=replace(built, table=_moved_table(built.table, place)) if built else None,
        enums=tuple(replace(enum, origin=place(enum.origin)) for enum in reading.enums),
        problems=tuple(
            (path, replace(problem, span=problem.span.shifted(_delta(moves, path, problem.span.start))))
            for path, problem in reading.problems
        ),
    )


def _delta(moves: _Moves, path: str, start: int) -> int:
    if path not in moves:
        return 0
    starts, deltas = moves[path]
    at = bisect_right(starts, start) - 1
    return deltas[at] if at >= 0 else 0


_Place = Callable[[Origin | None], Origin | None]


def _moved_table(table: Table, place: _Place) -> Table:
    key = table.primary_key
    return replace(
        table,
        columns=tuple(_moved_column(column, place) for column in table.columns),
        primary_key=replace(key, origin=place(key.origin)) if key else None,
        uniques=tuple(replace(item, origin=place(item.origin)) for item in table.uniques),
        checks=tuple(replace(item, origin=place(item.origin)) for item in table.checks),
        foreign_keys=tuple(replace(item, origin=place(item.origin)) for item in table.foreign_keys),
        exclusions=tuple(replace(item, origin=place(item.origin)) for item in table.exclusions),
        indexes=tuple(replace(item, origin=place(item.origin)) for item in table.indexes),
        origin=place(table.origin),
    )


def _moved_column(column: Column, place: _Place) -> Column:
    moved = ((name, place(origin)) for name, origin in column.places)
    return replace(
        column,
        origin=place(column.origin),
        places=tuple((name, origin) for name, origin in moved if origin is not None),
    )
