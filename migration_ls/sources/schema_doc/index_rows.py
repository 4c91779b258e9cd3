"""Tables of indexes."""

import re
from collections.abc import Iterator

from migration_ls.sources.markdown.blocks import TableBlock
from migration_ls.sources.schema_doc.listing import Headers, header_words, listed_rows, roles_in
from migration_ls.sources.schema_doc.lists import told_by_constraint, told_by_index
from migration_ls.sources.schema_doc.said import without_brackets
from migration_ls.sources.schema_doc.told import Told
from migration_ls.sources.schema_doc.tongues import COLUMN, CONSTRAINT, INDEX, NAME, TABLE, TYPE, UNIQUE
from migration_ls.text.span import Span

_HEADERS: Headers = (
    ("index", rf"(?:{INDEX}|{CONSTRAINT})(?:[ -]?{NAME})?|{NAME}(?: del índice)?"),
    ("table", TABLE),
    ("columns", rf"(?:indexed )?{COLUMN}(?:\(s\))?|definition|expression|on"),
    ("type", rf"(?:index )?{TYPE}|method|kind|using"),
    ("unique", rf"{UNIQUE}\??"),
    ("where", r"where|condition|filter|predicate"),
)
_IS_INDEX = re.compile(INDEX)


def index_rows(text: str, table: TableBlock, *, in_list: bool) -> Iterator[tuple[Span, list[Told]]]:
    """What each row of a table of indexes tells, with its place; nothing for other tables.

    `in_list` says that the table stands under a heading about indexes.
    """
    words = header_words(table)
    roles = roles_in(words, _HEADERS)
    named = any(_IS_INDEX.search(word) for word in words)
    if not (in_list or named) or not ({"columns", "index"} & set(roles)) or "default" in words or "nullable" in words:
        return
    if not in_list and "columns" not in roles:
        return
    for span, cells in listed_rows(text, table, roles):
        sentence = _sentence(cells)
        is_key = sentence.startswith("PRIMARY KEY")
        yield span, list(told_by_constraint(sentence) if is_key else told_by_index(sentence))


def _sentence(cells: dict[str, str]) -> str:
    """The row as an entry of a list would say it."""
    columns = without_brackets(cells.get("columns", ""))
    name = cells.get("index", "")
    if re.match(r"(?i)create\s", columns):
        return columns
    if not columns:
        return name
    words = f"{cells.get('type', '')} {name}".lower()
    unique = "unique" in words or bool(re.match(r"(?i)(?:yes|true|✓|✅|s[ií])", cells.get("unique", "")))
    if re.search(r"\bprimary\b|\bpk\b|_pkey\b", words):
        return f"PRIMARY KEY ({columns})"
    table = cells.get("table", "")
    if "." in columns and not table and re.fullmatch(r"[\w.]+(?:\s*,\s*[\w.]+)*", columns):
        table = columns.split(",")[0].strip().rpartition(".")[0]
        columns = ", ".join(part.strip().rpartition(".")[2] for part in columns.split(","))
    method = re.search(r"\b(?:gin|gist|brin|hash)\b", words)
    condition = cells.get("where", "").strip(" -\u2013—") or _condition(cells.get("type", ""))
    where = f" where {condition}" if condition else ""
    label = name if re.fullmatch(r"\w+", name) and "_" in name else ""
    using = f"using {method[0]} " if method else ""
    return f"{'unique ' if unique else ''}index {label} {using}on {table}({columns}){where}"


def _condition(words: str) -> str:
    """The condition in `unique, where deleted_at is null`."""
    match = re.search(r"\bwhere\b\s*:?\s*(?P<condition>\S.*?)[\s)]*\Z", words, re.IGNORECASE)
    if match is None:
        return ""
    condition = match["condition"]
    return condition + ")" * (condition.count("(") - condition.count(")"))
