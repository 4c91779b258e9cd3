"""Rows that are hidden, not deleted: `Deleted notes can be restored`."""

import re
from collections.abc import Iterator

from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details
from migration_ls.sources.spec.items import Item, SaidColumn

_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.DOTALL)
    for form in (
        r"soft[- ]delet(?:e|es|ing)\s+(?P<table>[\w ]+?)(?:\s+(?:so|instead|and|rather)\b.*)?",
        r"(?:support|provide|use|implement)\s+soft[- ](?:delete|deletes|deletion)\s+(?:for|of|on)\s+(?P<table>[\w ]+)",
        r"(?P<table>.+?)\s+(?:(?:must|shall|should|will)\s+be|is|are)\s+soft[- ]deleted\b.*",
        (r"deleted\s+(?P<table>[\w ]+?)\s+(?:can|may|must|shall|should)\s+(?:be\s+(?:restored|recovered|"
        r"recoverable|restorable|undeleted)|stay recoverable|remain recoverable)\b.*"),
        (r"(?:restore|recover|undelete)\s+(?:a\s+|an\s+|their\s+)?(?:recently\s+)?deleted\s+"
        r"(?P<table>[\w ]+?)(?:\s+(?:within|for|from|in)\b.*)?"),
        (r"deleted\s+(?P<table>[\w ]+?)\s+(?:are|is|must be|stay|remain)\s+(?:kept|retained|preserved|hidden|in the "
        r"(?:database|trash|bin))\b.*"),
        (r"(?P<table>[\w ]+?)\s+(?:are|is|must be|will be|may be|can be)\s+(?:never|not)\s+(?:\w+ly\s+"
        r")?(?:deleted|removed|"
        r"erased)\b.*\b(?:marked|flagged|hidden|archived|deactivated).*"),
        (r"(?P<table>[\w ]+?)\s+(?:are|is|must be)\s+(?:only\s+)?(?:marked|flagged)\s+as\s+deleted\b.*"),
        (
            r"(?P<table>[\w ]+?)\s+(?:can|may|must|shall|should)\s+be\s+(?:deleted"
            r"|removed),?\s+(?:but\s+)?(?:only\s+)?(?:softly|logically|soft)\b.*"
        ),
        (r"(?P<table>[\w ]+?)\s+(?:shall|must|may|should|can|will)\s*(?:never|not)\s+be\s+(?:(?:physically"
            r"|really|permanently)\s+(?:deleted|removed|erased)|"
        r"(?:deleted|removed|erased)\s+(?:physically|permanently|for good|from the database))\b.*"),
        r"move\s+(?P<table>[\w ]+?)\s+to\s+(?:the\s+)?(?:trash|bin|recycle bin)\b.*",
        r"(?P<table>.+?)\s+(?:can|may|must|should)\s+be\s+moved\s+to\s+(?:the\s+)?(?:trash|bin|recycle bin)\b.*",
        r"archive\s+(?P<table>[\w ]+?)\s+and\s+(?:to\s+)?(?:later\s+)?(?:restore|unarchive|reactivate|recover)\b.*",
        r"(?P<table>.+?)\s+(?:can|may|must|should)\s+be\s+archived\s+and\s+(?:later\s+)?(?:restored|unarchived|reactivated)\b.*",
    )
)  # fmt: skip
_KNOWN = frozenset({"deleted_at", "is_deleted", "deleted", "deleted_on", "removed_at", "archived_at"})


def removal(clause: Clause, context: Context) -> Iterator[Item]:
    """When the row was deleted; null for a living row."""
    for pattern in _FORMS:
        match = pattern.fullmatch(clause.text.rstrip(" ."))
        table = context.tables.in_phrase(match["table"]) if match else None
        if table is None:
            continue
        known = context.tables.table(table)
        if known is None or not any(column.name in _KNOWN for column in known.columns):
            yield SaidColumn(
                table=table,
                name="archived_at" if "archive" in pattern.pattern[:40] else "deleted_at",
                details=Details(type=context.habits.timestamp, nullable=True),
                said=context.said(clause.whole),
                must=False,
            )
        return
