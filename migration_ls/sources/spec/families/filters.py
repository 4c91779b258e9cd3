"""What rows are looked up by: `Filter tasks by priority and tags`."""

import re
from collections.abc import Iterator

from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.items import Item, SaidFilter
from migration_ls.sources.spec.words import list_of

_FILTER = re.compile(
    r"(?:filter|look up|filtering|filtering of|filter and sort|sort and filter|search and filter)\s+"
    r"(?:the\s+|their\s+|all\s+|my\s+|our\s+)?(?:list\s+of\s+)?(?P<table>[\w -]+?)(?:\s+list)?\s+by\s+(?P<criteria>.+)",
    re.IGNORECASE | re.DOTALL,
)
_FILTERED = re.compile(
    r"(?P<table>[\w -]+?)\s+(?:can|must|may|should|shall)\s+be\s+(?:filtered|filterable|looked up)\s+by\s+"
    r"(?P<criteria>.+)",
    re.IGNORECASE | re.DOTALL,
)
_QUICK = re.compile(
    r".*?\b(?:find|retrieve|fetch|query|list|select|look up|search)\s+(?:the\s+|all\s+)?(?P<table>[\w -]+?)\s+"
    r"by\s+(?P<criteria>.+?)\s+"
    r"(?:quickly|fast|efficiently|(?:in\s+(?:less\s+than|under)|within)\s+\d.*)",
    re.IGNORECASE | re.DOTALL,
)
_STOP = re.compile(
    r"\s+(?:so that|in order|when|to (?:see|find|focus)|on the|in the|using|via|with)\b.*\Z|\s*\(.*"
    r"|,?\s+(?:and\s+)?(?:to\s+)?(?:sort|order|group|search)(?:ed|ing)?\b.*\Z",
    re.IGNORECASE | re.DOTALL,
)
_BY = re.compile(r"\A(?:by|their|its|the|an?|one or more|multiple|both|any)\s+", re.IGNORECASE)


def filters(clause: Clause, context: Context) -> Iterator[Item]:
    """An index for each criterion, if all are columns."""
    match = _FILTER.fullmatch(clause.text.rstrip(" ."))
    if match is None and clause.actor == "none":
        match = _FILTERED.fullmatch(clause.text.rstrip(" ."))
    if match is None:
        match = _QUICK.fullmatch(clause.text.rstrip(" ."))
    if match is None or (table := context.tables.in_phrase(match["table"])) is None:
        return
    criteria = (_without_by(item) for item in list_of(_STOP.sub("", match["criteria"])))
    yield SaidFilter(table=table, phrases=tuple(criteria), said=context.said(clause.whole))


def _without_by(words: str) -> str:
    while match := _BY.match(words):
        words = words[match.end() :]
    return words
