"""Tokens of one statement: for the places that parse trees do not tell."""

import re
from dataclasses import dataclass

from migration_ls.text.span import Span

_TOKEN = re.compile(
    r"""
    (?P<skip>[ \t\n\r\f\v\ufeff]+|--[^\n\r]*|/\*(?:[^*/]|\*(?!/)|/(?!\*)|/\*(?:[^*]|\*(?!/))*\*/)*(?:\*/|\Z))
    | (?P<escape>[eE]'(?:[^'\\]|\\.|'')*'?)
    | (?P<string>(?:[uU]&|[bBxXnN])?'(?:[^']|'')*'?)
    | (?P<dollar>\$(?P<tag>(?:[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*)?)\$)
    | (?P<name>(?:[uU]&)?"(?:[^"]|"")*"?)
    | (?P<word>[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_$\x80-\U0010ffff]*)
    | (?P<number>[0-9][0-9A-Za-z_.]*)
    | (?P<other>::|:=|.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token, its depth in brackets (a bracket has the depth of what stands around it), `text` in lower case.

    Strings and quoted names keep their case; `kind` is `word`, `string`, `name`, `number` or `other`.
    """

    start: int
    end: int
    text: str
    kind: str
    depth: int

    def of(self, sql: str) -> str:
        """The token as it stands in the text."""
        return sql[self.start : self.end]


def tokens(sql: str) -> tuple[Token, ...]:
    """The tokens of `sql`, without comments and white space. Total: any text has tokens."""
    found: list[Token] = []
    depth = position = 0
    while position < len(sql):
        match = _TOKEN.match(sql, position)
        if match is None:
            break
        kind, start, position = match.lastgroup or "other", position, match.end()
        if kind == "skip":
            continue
        if kind in {"dollar", "tag"}:
            kind = "string"
            end = sql.find(match.group(), position)
            position = len(sql) if end < 0 else end + len(match.group())
        text = sql[start:position]
        if kind == "escape":
            kind = "string"
        elif kind == "word":
            text = text.lower()
        if text in {")", "]"} and kind == "other":
            depth = max(0, depth - 1)
        found.append(Token(start, position, text, kind, depth))
        if text in {"(", "["} and kind == "other":
            depth += 1
    return tuple(found)


def segments(items: tuple[Token, ...], depth: int) -> tuple[Span, ...]:
    """The spans of a comma-separated list whose tokens stand at `depth` or deeper."""
    found: list[Span] = []
    first: int | None = None
    last = 0
    for token in items:
        if token.text == "," and token.kind == "other" and token.depth == depth:
            if first is not None:
                found.append(Span(first, last))
            first = None
            continue
        first = token.start if first is None else first
        last = token.end
    if first is not None:
        found.append(Span(first, last))
    return tuple(found)
