"""A section that states one table and nothing else, read once wherever it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeVar

from migration_ls.schema.changed import changed
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.tables import Check, Column, ForeignKey, Index, PrimaryKey, Table, Unique
from migration_ls.sources.problem import Problem
from migration_ls.sources.schema_doc.entries import Entry
from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Outline:
    """The table of a section with places from its start; foreign keys are left to who knows the other tables."""

    table: Table
    form: Literal["rows", "bullets"]
    entries: tuple[tuple[Entry, Origin], ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    @property
    def references(self) -> tuple[tuple[Entry, Origin], ...]:
        """The columns that refer to other tables."""
        return tuple(pair for pair in self.entries if pair[0].said.reference is not None)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a section stands."""

    path: str
    start: int
    line: int

    def origin(self, origin: Origin) -> Origin:
        """A place in the section as one in the document."""
        span = origin.span
        return Origin(self.path, Span(span.start + self.start, span.end + self.start), origin.line + self.line)


_Part = TypeVar("_Part", PrimaryKey, Unique, Check, ForeignKey, Index)


@lru_cache(maxsize=4096)
def placed_table(outline: Outline, path: str, start: int, line: int) -> Table:
    """The table as it stands in the document at that code point and line."""
    place = Place(path, start, line)
    table = outline.table
    return changed(
        table,
        columns=tuple([_column(column, place) for column in table.columns]),
        primary_key=_moved((table.primary_key,), place)[0] if table.primary_key else None,
        uniques=_moved(table.uniques, place),
        checks=_moved(table.checks, place),
        indexes=_moved(table.indexes, place),
        origin=place.origin(table.origin) if table.origin else None,
    )


def _column(column: Column, place: Place) -> Column:
    origin = place.origin(column.origin) if column.origin else None
    places = tuple([(part, place.origin(item)) for part, item in column.places])
    return changed(column, origin=origin, places=places)


def _moved(items: Sequence[_Part], place: Place) -> tuple[_Part, ...]:
    return tuple([changed(item, origin=place.origin(item.origin) if item.origin else None) for item in items])


def renamed(table: Table, name: Name, class_name: str | None, *, external: bool) -> Table:
    """The table under the name that the documents have for it."""
    if table.name == name and table.class_name == class_name and table.external is external:
        return table
    return changed(table, name=name, class_name=class_name, external=external)
