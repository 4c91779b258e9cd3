"""Tables of constraints."""

import re
from collections.abc import Iterator

from migration_ls.sources.markdown.blocks import TableBlock
from migration_ls.sources.schema_doc.listing import Headers, header_words, listed_rows, roles_in
from migration_ls.sources.schema_doc.lists import told_by_constraint
from migration_ls.sources.schema_doc.said import without_brackets
from migration_ls.sources.schema_doc.told import Told
from migration_ls.sources.schema_doc.tongues import COLUMN, CONSTRAINT, NAME, TABLE, TYPE
from migration_ls.text.span import Span

_HEADERS: Headers = (
    ("name", rf"{CONSTRAINT}(?:[ -]?{NAME})?|{NAME}"),
    ("kind", rf"(?:constraint )?{TYPE}|kind"),
    ("columns", rf"{COLUMN}(?:\(s\))?"),
    ("table", TABLE),
    ("details", r"details?|definitions?|expressions?|references?|conditions?|rules?|descriptions?|detalles?"),
)
_KINDS = re.compile(
    r"(?P<primary>primary|\bpk\b)|(?P<foreign>foreign|\bfk\b|references)|(?P<unique>unique|\buq\b|\buk\b)|(?P<check>check)",
    re.IGNORECASE,
)
_IS_CONSTRAINT = re.compile(CONSTRAINT)


def constraint_rows(text: str, table: TableBlock, *, in_list: bool) -> Iterator[tuple[Span, list[Told]]]:
    """What each row of a table of constraints tells, with its place; nothing for other tables."""
    words = header_words(table)
    roles = roles_in(words, _HEADERS)
    named = bool(words) and bool(_IS_CONSTRAINT.match(words[0]))
    if not (in_list or named) or "details" not in roles or not {"name", "columns", "kind"} & set(roles):
        return
    for span, cells in listed_rows(text, table, roles):
        yield span, list(told_by_constraint(_sentence(cells)))


def _sentence(cells: dict[str, str]) -> str:
    """The row as SQL would say it."""
    kind = _KINDS.search(cells.get("kind") or cells.get("name", ""))
    columns = without_brackets(cells.get("columns", ""))
    details = cells.get("details", "")
    table = cells.get("table", "")
    if kind is None or kind["check"]:
        condition = without_brackets(re.sub(r"(?i)^check\b\s*", "", details))
        return f"CHECK ({condition})" if kind else details
    if kind["foreign"]:
        target = re.sub(r"(?i)^(?:foreign\s+key\s*(?:\([^()]*\))?\s*)?(?:references\b|→|->)?\s*", "", details)
        return (
            f"{table + '.' if table and ',' not in columns else ''}{columns} REFERENCES {target}"
            if columns
            else details
        )
    if not columns:
        return details
    return f"{'PRIMARY KEY' if kind['primary'] else 'UNIQUE'} ({columns})"
