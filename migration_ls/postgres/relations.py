"""Names of relations in queries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migration_ls.postgres.quoting import identifier, qualified

_TOKENS = re.compile(
    r"""(?P<skip>--[^\n]*|/\*.*?\*/|e'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|\s+)
      | (?P<quoted>"(?:[^"]|"")*") | (?P<plain>[^\W\d][\w$]*) | (?P<mark>.)""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_ENDS_FROM = frozenset(
    "select where group having order limit window union intersect except "
    "offset fetch for on using set values returning".split()
)
_NO_ALIAS = _ENDS_FROM | frozenset("join left right full inner cross natural lateral only tablesample with as".split())
_TAKES_FROM = frozenset({"extract", "substring", "trim", "overlay", "position"})
"""Functions whose arguments stand around `FROM`."""


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    name: str
    """The name it spells, empty for marks."""
    mark: str
    is_quoted: bool


def with_relation(query: str, old: tuple[str, str], new: tuple[str, str]) -> str:
    """The query reading a relation under its new name; both names are namespace and name.

    Qualifiers (`orders.id`) follow where the relation has no alias. Names in literals and comments stay, and columns
    that are called as the relation is.
    """
    tokens = list(_tokens(query))
    places = list(_places(tokens, old))
    if not places:
        return query
    spelled = identifier(new[1]) if new[0] == old[0] else qualified(*new)
    edits = [(tokens[first].start, tokens[last].end, spelled) for first, last in places]
    if not all(_has_alias(tokens, last) for _, last in places):
        taken = {number for first, last in places for number in range(first, last + 1)}
        edits += [
            (token.start, token.end, identifier(new[1]))
            for number, token in enumerate(tokens[:-1])
            if number not in taken
            and token.name == old[1]
            and tokens[number + 1].mark == "."
            and not _is_dotted(tokens, number)
        ]
    for start, end, text in sorted(edits, reverse=True):
        query = query[:start] + text + query[end:]
    return query


def _tokens(query: str) -> Iterator[_Token]:
    for match in _TOKENS.finditer(query):
        if match["quoted"]:
            name = match["quoted"][1:-1].replace('""', '"')
            yield _Token(match.start(), match.end(), name, "", is_quoted=True)
        elif match["plain"]:
            yield _Token(match.start(), match.end(), match["plain"].lower(), "", is_quoted=False)
        elif match["mark"]:
            yield _Token(match.start(), match.end(), "", match["mark"], is_quoted=False)


def _places(tokens: list[_Token], old: tuple[str, str]) -> Iterator[tuple[int, int]]:
    """Where a FROM clause names the relation: the first and last token, the namespace being one of them."""
    reading: list[bool | None] = [False]
    for number, token in enumerate(tokens):
        word = "" if token.is_quoted else token.name
        if token.mark == "(":
            before = tokens[number - 1].name if number else ""
            reading.append(None if before in _TAKES_FROM else bool(reading[-1]))
        elif token.mark == ")":
            reading = reading[:-1] or [False]
        elif reading[-1] is None:
            continue
        elif word in {"from", "join"}:
            reading[-1] = True
        elif word in _ENDS_FROM:
            reading[-1] = False
        elif reading[-1] and token.name == old[1] and _starts(tokens, number, old[0]):
            dotted = _is_dotted(tokens, number)
            yield (number - 2 if dotted else number, number)


def _starts(tokens: list[_Token], number: int, namespace: str) -> bool:
    """Whether a relation stands there, not an alias or a function."""
    if number + 1 < len(tokens) and tokens[number + 1].mark in {"(", "."}:
        return False
    if _is_dotted(tokens, number):
        return tokens[number - 2].name == namespace and _opens(tokens, number - 3)
    return _opens(tokens, number - 1)


def _opens(tokens: list[_Token], number: int) -> bool:
    token = tokens[number] if number >= 0 else None
    return token is not None and (
        token.mark in {",", "("} or (token.name in {"from", "join", "only"} and not token.is_quoted)
    )


def _is_dotted(tokens: list[_Token], number: int) -> bool:
    return number > 1 and tokens[number - 1].mark == "."


def _has_alias(tokens: list[_Token], number: int) -> bool:
    following = tokens[number + 1] if number + 1 < len(tokens) else None
    if following is None or not following.name:
        return False
    return following.is_quoted or following.name == "as" or following.name not in _NO_ALIAS
