"""Tables of indexes and of constraints: `| Index | Table | Columns |`."""

import re
from collections.abc import Iterator, Mapping

from migration_ls.postgres.quoting import identifier
from migration_ls.sources.markdown.blocks import Cell, TableBlock
from migration_ls.sources.markdown.inline import plain
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.fences import row_said
from migration_ls.sources.spec.declared.sql import statement_items
from migration_ls.sources.spec.items import Item
from migration_ls.text.span import Span

_HEADS: Mapping[str, frozenset[str]] = {
    "table": frozenset("table tables tabelle tabla entity model".split()),
    "columns": frozenset(
        {"columns", "column(s)", "column", "fields", "field(s)", "field", "on", "spalten", "spalte", "columnas",
         "columna", "campos", "colonnes", "expression", "keys", "key columns"}
    ),
    "unique": frozenset({"unique", "unique?", "is unique", "eindeutig", "único", "única"}),
    "using": frozenset({"type", "method", "using", "kind", "access method", "art", "typ", "tipo", "index type"}),
    "where": frozenset({"where", "condition", "predicate", "filter", "partial", "bedingung", "condición"}),
    "definition": frozenset({"definition", "rule", "constraint definition", "sql"}),
}  # fmt: skip
_INDEX_NAMES = frozenset({"index", "index name", "indexes", "indexname", "índice", "indice", "new index"})
_CONSTRAINT_NAMES = frozenset({"constraint", "constraint name", "restricción", "einschränkung"})
_NAMES = frozenset({"name", "nombre", "nom", ""})
_INDEX_PART = re.compile(r"\b(?:index(?:es)?|indices|[íi]ndices?)\b", re.IGNORECASE)
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_METHOD = re.compile(r"\b(gin|gist|brin|hash|btree|b-tree|spgist)\b", re.IGNORECASE)
_UNIQUE = re.compile(r"\b(?:unique|eindeutig|únic[oa]|uq|ux)(?:\b|_)|_(?:uq|key|unique)\b", re.IGNORECASE)
_YES = frozenset({"yes", "y", "true", "x", "✓", "✔", "✅", "ja", "sí", "si", "oui", "unique"})
_EMPTY = frozenset({"", "-", "\u2013", "—", "n/a", "none", "no"})
_AND = re.compile(r"\s*(?:\+|&|\s(?:and|und|y|et)\s)\s*")
_WHERE = re.compile(r"\A\s*(?:partial\s*[:,]?\s*)?(?:where\s+)?", re.IGNORECASE)
_OWN_TABLE = re.compile(r"(?P<table>[^\W\d]\w*(?:\.[^\W\d]\w*)?)\s*\((?P<columns>.+)\)")


def key_rows(block: TableBlock, text: str, context: Context, headings: str) -> list[Item] | None:
    """The indexes and constraints that the rows ask for; None for tables of other things.

    `context.subject` is the table where the rows name none; `headings` are the words above.
    """
    header = [plain(cell.text).lower().strip("`* ") for cell in block.header]
    places = {role: number for role, words in _HEADS.items() for number, head in enumerate(header) if head in words}
    named = next((n for n, head in enumerate(header) if head in _INDEX_NAMES | _CONSTRAINT_NAMES), None)
    if named is None and _INDEX_PART.search(headings):
        named = next((n for n, head in enumerate(header) if head in _NAMES), None)
    if named is None or not ({"columns", "definition"} & set(places)):
        return None
    return [item for row in block.rows for item in _row(row, named, places, text, context)]


def _row(row: tuple[Cell, ...], named: int, places: Mapping[str, int], text: str, context: Context) -> Iterator[Item]:
    cells = {role: plain(row[number].text).replace("`", "").strip() for role, number in places.items()}
    name = plain(row[named].text).replace("`", "").strip("* ")
    table = context.tables.find(cells["table"]) if cells.get("table") else context.subject
    columns = cells.get("columns", "")
    if own := _OWN_TABLE.fullmatch(columns):
        table, columns = context.tables.find(own["table"]) or table, own["columns"]
    if table is None:
        return
    said = row_said(text, Span(row[0].span.start, max(cell.span.end for cell in row)), context)
    if "definition" in cells and not columns:
        constraint = f"CONSTRAINT {identifier(name)} " if _IDENTIFIER.fullmatch(name) else ""
        definition = cells["definition"].rstrip(";. ")
        yield from statement_items(f"ALTER TABLE {table.sql} ADD {constraint}{definition}", said, context) or ()
        return
    unique = cells.get("unique", "").lower() in _YES or bool(_UNIQUE.search(f"{name} {cells.get('using', '')}"))
    method = _METHOD.search(f"{cells.get('using', '')} {columns}")
    where = cells.get("where", "")
    bare = _AND.sub(", ", columns.strip())
    bare = bare[1:-1] if bare.startswith("(") and bare.endswith(")") else bare
    words = name.split()
    spelled = f" {identifier(words[0])}" if words and _IDENTIFIER.fullmatch(words[0]) and "_" in words[0] else ""
    sql = (
        f"CREATE {'UNIQUE ' if unique else ''}INDEX{spelled} ON {table.sql}"
        + (f" USING {method[1].lower().replace('-', '')}" if method else "")
        + f" ({bare})"
        + (f" WHERE {_WHERE.sub('', where)}" if where.lower() not in _EMPTY else "")
    )
    yield from statement_items(sql, said, context) or ()
