"""How many bytes rows and index entries of a table usually take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migration_ls.postgres.types import BYTES, ColumnType
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Table

_ROW_HEADER = 28
"""`HeapTupleHeaderData` with its line pointer (Database Page Layout in the manual)."""
_ENTRY_HEADER = 12
"""`IndexTupleData` with its line pointer."""
_FILLED = 0.9
"""The default fill factor of a B-tree."""
_USUAL = 12
_LONG = {"text": 32, "json": 100, "jsonb": 100, "bytea": 100, "xml": 200, "tsvector": 100, "numeric": 8}
_CODE = 20
"""Up to this length text is a code, and as long as it may be; longer text is half as long."""
_LONGEST_GUESS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Volumes:
    """Bytes per row of the tables of a plan; `sizes` are known bytes per table, without its indexes."""

    before: Schema
    after: Schema
    rows: Mapping[Name, int]
    sizes: Mapping[Name, int]

    def row(self, name: Name) -> float:
        """Bytes of a row: from the table's size where that and its row count are known, else from its columns."""
        rows, size = self.rows.get(name), self.sizes.get(name)
        if rows and size:
            return size / rows
        table = self.before.tables.get(name) or self.after.tables.get(name)
        return _ROW_HEADER + (sum(usual_bytes(column.type) for column in table.columns) if table else 0)

    def columns(self, name: Name, columns: Iterable[str]) -> float:
        """Bytes of some columns of a row."""
        types = (self._type(name, column) for column in columns)
        return sum(usual_bytes(type_) if type_ else _USUAL for type_ in types)

    def entry(self, name: Name, columns: Iterable[str]) -> float:
        """Bytes of an entry in an index over the columns; of one over expressions alone, of a usual one."""
        return (_ENTRY_HEADER + (self.columns(name, columns) or _USUAL)) / _FILLED

    def entries(self, name: Name) -> float:
        """Bytes of the entries that a new version of a row gets in the indexes that the table has."""
        table = self.before.tables.get(name)
        return sum(self.entry(name, columns) for columns in _indexed(table)) if table else 0

    def _type(self, name: Name, column: str) -> ColumnType | None:
        tables = (self.after.tables.get(name), self.before.tables.get(name))
        found = (table.column(column) for table in tables if table is not None)
        return next((item.type for item in found if item is not None), None)


def _indexed(table: Table) -> Iterable[tuple[str, ...]]:
    if table.primary_key is not None:
        yield table.primary_key.columns
    yield from (unique.columns for unique in table.uniques)
    yield from (index.columns for index in table.indexes)


def usual_bytes(type_: ColumnType) -> float:
    """Bytes that a value usually takes: by its type where that has a fixed length, else a guess from its longest."""
    if type_.is_array:
        return 24
    if type_.name in BYTES:
        return BYTES[type_.name]
    length = next((int(word) for word in type_.modifiers if word.isdigit()), None)
    if type_.name.startswith("character") and length is not None:
        return 1 + (length if length <= _CODE else min(length / 2, _LONGEST_GUESS))
    return _LONG.get(type_.name, _USUAL)
