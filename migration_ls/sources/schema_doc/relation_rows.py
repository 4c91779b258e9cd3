"""Tables of relations."""

import re
from collections.abc import Iterator

from migration_ls.sources.markdown.blocks import TableBlock
from migration_ls.sources.schema_doc.listing import Headers, header_words, listed_rows, roles_in
from migration_ls.sources.schema_doc.lists import told_by_relation
from migration_ls.sources.schema_doc.told import Told
from migration_ls.sources.schema_doc.tongues import COLUMN
from migration_ls.text.span import Span

_HEADERS: Headers = (
    (
        "child",
        r"(?:from|source|child|von|desde|de|referencing|many)(?: (?:table|column|side|entity))?|foreign key|table",
    ),
    (
        "parent",
        r"(?:to|target|parent|nach|zu|hacia|vers|para|references?|referenced|one)(?: (?:table|column|side|entity))?",
    ),
    ("column", rf"via|{COLUMN}|keys?|fk|foreign key(?: column)?|fk column"),
    ("action", r"(?:on )?delete|on delete(?: action)?|action|beim löschen|rule|on deletion"),
)


def relation_rows(text: str, table: TableBlock, *, in_list: bool) -> Iterator[tuple[Span, list[Told]]]:
    """What each row of a table of foreign keys tells, with its place; nothing for other tables."""
    words = header_words(table)
    roles = roles_in(words, _HEADERS)
    is_sure = {"from", "child", "source", "foreign key"} & set(words) and {
        "to",
        "parent",
        "target",
        "references",
    } & set(words)
    if not (in_list or is_sure) or not {"child", "parent"} <= set(roles) or "type" in words[:1]:
        return
    for span, cells in listed_rows(text, table, roles):
        yield span, list(told_by_relation(_sentence(cells)))


def _sentence(cells: dict[str, str]) -> str:
    """The row as a list would say it."""
    child, parent, column = cells["child"], cells["parent"], cells.get("column", "")
    action = cells.get("action", "")
    ending = f" ON DELETE {action}" if re.match(r"(?i)cascade|set |restrict|no action", action) else ""
    if "." in child or "(" in child:
        path = re.sub(r"\s*\((.*)\)\Z", r".\1", child)
        return f"{path} → {parent}{ending}"
    if column and "." in parent:
        return f"{child}.{column} → {parent}{ending}"
    return f"{child} → {parent} via {column}{ending}" if column else ""
