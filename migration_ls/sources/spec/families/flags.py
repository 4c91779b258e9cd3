"""Things that are so or not: `Notes can be pinned`, `mark a task as urgent`."""

import re
from collections.abc import Iterator

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details
from migration_ls.sources.spec.items import Item, SaidColumn
from migration_ls.sources.spec.words import snake, stem_of, words_of

_PARTICIPLES = {
    "pinned": "pin", "archived": "archive", "starred": "star", "locked": "lock", "featured": "feature", "muted": "mute",
    "hidden": "hide", "favourited": "favourite", "favorited": "favorite", "bookmarked": "bookmark", "flagged": "flag",
    "deactivated": "deactivate", "suspended": "suspend", "disabled": "disable", "snoozed": "snooze",
    "cancelled": "cancel", "canceled": "cancel", "paused": "pause", "blocked": "block", "banned": "ban",
}  # fmt: skip
_VERBS = {verb: participle for participle, verb in _PARTICIPLES.items()}
_NAMES = {"deactivated": "deactivated", "favourited": "favourite", "favorited": "favorite"}
_ADJECTIVE = r"(?P<flag>[a-z]+(?:[- ][a-z]+)?)"
_MARKED = re.compile(
    rf"(?P<table>.+?)\s+(?:can|may|must|should|shall)\s+(?:also\s+)?be\s+(?:marked|flagged|labelled|labeled)\s+(?:as\s+)(?:an?\s+)?{_ADJECTIVE}"
    r"(?:\s+(?:by|when|so|or not|and|for)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
_MARK = re.compile(
    rf"(?:mark|flag|marking|flagging)\s+(?P<table>[\w -]+?)\s+as\s+(?:an?\s+)?{_ADJECTIVE}(?:\s+(?:when|so|or not|"
    rf"and|for|with)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
_PASSIVE = re.compile(
    rf"(?P<table>.+?)\s+(?:can|may|must|should|shall)\s+(?:also\s+)?be\s+(?P<flag>{'|'.join(_PARTICIPLES)})\b(?:\s+(?:or|and|by|to|so|from|at|when)\b.*|,.*)?",
    re.IGNORECASE | re.DOTALL,
)
_ACTIVE = re.compile(
    rf"(?P<flag>{'|'.join(_VERBS)})\s+(?:and\s+\w+\s+)?(?P<table>[\w -]+?)(?:\s+(?:to|so|from|at|when|in|"
    rf"without)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
_SAYS_WHETHER = re.compile(
    r"(?:store|record|track|remember|keep|know|save|log|persist|note)s?\s+(?:track of\s+)?(?:whether|if)\s+"
    r"(?P<table>[\w -]+?)\s+"
    rf"(?:is|are|was|were|has been|have been|had been)\s+(?:an?\s+)?(?:already\s+)?{_ADJECTIVE}(?:\s+(?:or not|by|"
    rf"when)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
_SAYS_ITSELF = re.compile(
    r"(?P<table>.+?)\s+(?:(?:must|shall|should|will|can|may)\s+)?(?:say|says|show|shows|know|knows|record|records|tell|tells|remember|remembers)\s+"
    rf"whether\s+(?:it|they)\s+(?:is|are|was|were|has been|have been)\s+(?:an?\s+)?{_ADJECTIVE}",
    re.IGNORECASE | re.DOTALL,
)
_SAYS_WISH = re.compile(
    r"(?:store|record|track|remember|keep|know|save|log|persist|note)s?\s+(?:track of\s+)?(?:whether|if)\s+"
    r"(?:an?|the|each|every)\s+(?P<table>[\w -]+?)\s+(?P<flag>(?:wants|needs|accepts|allows|likes|uses|receives|"
    r"prefers|requires)"
    r"\s+[a-z]+(?:\s[a-z]+)?)(?:\s+(?:or not|when|by|from)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
_HAS_FLAG = re.compile(
    r"(?P<table>.+?)\s+(?:(?:must|shall|should|will|can|may)\s+)?(?:have|has|gets?|gains?|carry|carries)\s+an?\s+[\"'`“]?"
    r"(?P<flag>[a-z]+(?:[-_ ][a-z]+)?)[\"'`”]?\s+(?:flag|boolean|switch|toggle|marker)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_ONLY_SHOWS = re.compile(
    r"\bhidden\s+(?:from|in|on|for|when|by)\b|\bby\s+(?:an?|another|one|the)\s+\w+\s*\Z|\A[a-z]+ed\s", re.IGNORECASE
)
"""Words that speak of what is shown, of what somebody does, or of rows that are so already."""
_REASONED = re.compile(r"\bwith\s+(?:an?|the)\s+reason\b", re.IGNORECASE)
"""What is done for a reason tells of more than a flag."""
_FORMS = (("none", _MARKED), ("person", _MARK), ("none", _PASSIVE), ("person", _ACTIVE), ("system", _SAYS_WHETHER),
          ("none", _SAYS_ITSELF), ("none", _HAS_FLAG), ("system", _SAYS_WISH))  # fmt: skip
_SAME = ({"done", "completed", "complete", "finished", "closed"}, {"active", "enabled", "disabled", "deactivated"},
         {"read", "seen"}, {"favourite", "favorite", "starred"})  # fmt: skip
_STATES = frozenset({"status", "state", "stage", "phase", "estado"})


def flags(clause: Clause, context: Context) -> Iterator[Item]:
    """A boolean column, false for what exists."""
    text = clause.text.rstrip(" .")
    if _REASONED.search(text):
        return
    for actor, pattern in _FORMS:
        if actor != clause.actor or not (match := pattern.fullmatch(text)):
            continue
        table = context.tables.in_phrase(match["table"])
        if table is None or _ONLY_SHOWS.search(match[0]):
            continue
        word = match["flag"].lower()
        word = _VERBS.get(word, word) if pattern is _ACTIVE else word
        word = _NAMES.get(word, word)
        if _is_known(word, table, context):
            return
        if context.habits.flag_prefix and not word.startswith("is "):
            word = f"is {word}"
        yield SaidColumn(
            table=table,
            name=snake(word),
            details=Details(type=ColumnType("boolean"), nullable=False, default="false"),
            said=context.said(clause.whole),
            must=True,
        )
        return


def _is_known(word: str, table: Name, context: Context) -> bool:
    """Whether the table says it already: by a flag, a date, or one of its states."""
    known = context.tables.table(table)
    if known is None:
        return False
    names = {word, *(other for group in _SAME if word in group for other in group)}
    stems = {stem_of(name.split()[-1]) for name in names}
    for column in known.columns:
        if column.name in _STATES:
            values = {value for check in known.checks for value in check.expression.allowed_values}
            enum = next(
                (enum for name, enum in context.tables.schema.enums.items() if str(name) == column.type.name), None
            )
            if names & (values | set(enum.values if enum else ())):
                return True
        if any(stem_of(part) in stems for part in words_of(column.name)) and column.name != "id":
            return True
    return False
