"""Lines that look like columns of a table and are not understood."""

import re

from migration_ls.sources.problem import Problem
from migration_ls.sources.spec.sections import Mood, Section
from migration_ls.sources.spec.tables import Tables
from migration_ls.text.span import Span

_LIKE_COLUMN = re.compile(
    r"(?:add\s+)?(?:`(?P<ticked>[a-z]\w*)`|(?P<bare>[a-z]+(?:_[a-z0-9]+)+))\s*(?::|(?=\())\s*\(?(?P<type>[\w ]{2,30}?)"
    r"\s*(?:\([\d, ]*\))?\s*(?:[,;)].*)?\Z",
    re.DOTALL,
)
_PROSE = re.compile(
    r"\A(?:the|an?|is|are|was|see|only|used|for|from|in|on|of|to|as|by|when|which|must|should|will|same|no|not|see|unchanged|existing|"
    r"der|die|das|el|la|le)\b",
    re.IGNORECASE,
)
_HELP = "Write a type that PostgreSQL knows behind the name, such as ``- `{name}`: varchar(40), not null``"


def unread_line(text: str, span: Span, section: Section, tables: Tables) -> Problem | None:
    """That a line of a part about a table names a column and no type that is known; None for all other lines."""
    if section.mood is not Mood.DECLARES or section.subject is None:
        return None
    match = _LIKE_COLUMN.fullmatch(" ".join(text.split()))
    if match is None or _PROSE.match(match["type"]) or len(match["type"].split()) > 3:
        return None
    name = match["ticked"] or match["bare"]
    if tables.column(section.subject, name) is not None:
        return None
    return _problem(f"{section.subject}.{name}", name, match["type"].strip(), span, "is not asked for")


def unread_type(name: str, words: str, span: Span, section: Section) -> Problem:
    """That the type of a column in a table is none that is known."""
    owner = section.subject or (section.named.phrase if section.named else "")
    return _problem(f"{owner}.{name}" if owner else name, name, words, span, "is read as `text`")


def _problem(column: str, name: str, words: str, span: Span, follows: str) -> Problem:
    return Problem(
        code="spec-not-read",
        message=f"`{words}` is no type that is known, so `{column}` {follows}",
        help=_HELP.format(name=name),
        span=span,
        serious=False,
    )
