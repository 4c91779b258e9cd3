"""What a fence in a language for schemas states."""

from dataclasses import dataclass

from migration_ls.schema.schema import Enum
from migration_ls.sources.schema_doc.entries import Entry
from migration_ls.sources.schema_doc.told import Told
from migration_ls.text.span import Span

Placed = tuple[Told, Span]
"""Something told, and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedTable:
    """A table; `class_name` is its name where the language has one apart from the table's."""

    name: str
    span: Span
    entries: tuple[Entry, ...]
    class_name: str | None = None
    told: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Everything that a fence states; `told` are things that name their table."""

    tables: tuple[NotedTable, ...] = ()
    enums: tuple[tuple[Enum, Span], ...] = ()
    told: tuple[Placed, ...] = ()
