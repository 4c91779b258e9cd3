"""Tables of constraints."""

import re
from collections.abc import Iterator

from migration_ls.sources.markdown.blocks import TableBlock
from migration_ls.sources.markdown.inline import plain
from migration_ls.sources.schema_doc.lists import Told, told_by_constraint
from migration_ls.sources.schema_doc.said import without_brackets
from migration_ls.text.span import Span

_HEADERS: tuple[tuple[str, str], ...] = (
    ("name", r"constraints?(?: name)?|name|restricci[oó]n|contrainte|einschränkung"),
    ("kind", r"(?:constraint )?types?|kind|tipo|typ|art"),
    ("columns", r"(?:columns?|fields?)(?:\(s\))?|columnas?|campos?|spalten?|colonnes?"),
    ("table", r"tables?|tabla|tabelle"),
    ("details", r"details?|definitions?|expressions?|references?|conditions?|rules?|descriptions?|detalles?"),
)
_KINDS = re.compile(
    r"(?P<primary>primary|\bpk\b)|(?P<foreign>foreign|\bfk\b|references)|(?P<unique>unique|\buq\b|\buk\b)|(?P<check>check)",
    re.IGNORECASE,
)


def constraint_rows(text: str, table: TableBlock, *, in_list: bool) -> Iterator[tuple[Span, list[Told]]]:
    """What each row of a table of constraints tells, with its place; nothing for other tables."""
    words = [" ".join(plain(cell.text).lower().split()) for cell in table.header]
    roles = [next((role for role, pattern in _HEADERS if re.fullmatch(pattern, word)), "other") for word in words]
    named = bool(re.match(r"constraint|restricci|contrainte|einschränkung", words[0])) if words else False
    if not (in_list or named) or "details" not in roles or not {"name", "columns", "kind"} & set(roles):
        return
    for row in table.rows:
        cells = {role: plain(cell.span.of(text).replace("\\|", "|")) for role, cell in zip(roles, row, strict=False)}
        span = Span(row[0].span.start, max(row[0].span.start, *(cell.span.end for cell in row)))
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
