r"""Text to statements, without a parser: one bad statement does not spoil the others.

Follows the scanners of the server and of psql: strings, `E''` strings, quoted identifiers, dollar quotes, nested
comments, `BEGIN ATOMIC ... END` bodies, rules with several actions, psql's `\` lines and the data of `COPY ... FROM
stdin`. Parentheses count in CREATE RULE alone, so that one left open swallows one statement and not the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from migration_ls.text.span import Span

SPACE = " \t\n\r\f\v"

PieceKind = Literal["sql", "psql", "copy-data"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    r"""A statement (without leading comments and the semicolon), a psql `\` line, or the rows of a COPY.

    `leading` are the comments before it, empty where there are none; `end` is where the next piece may begin.
    """

    span: Span
    terminated: bool
    kind: PieceKind
    leading: Span
    end: int


_STOP = re.compile(
    r"""
    (?P<end>;)
    | (?P<string>')
    | (?P<name>"(?:[^"]|"")*(?:"|\Z))
    | (?P<line>--[^\n\r]*)
    | (?P<block>/\*)
    | (?P<dollar>\$(?:[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*)?\$)
    | (?P<psql>\\)
    """,
    re.VERBOSE,
)
_STOP_IN_BODY = re.compile(_STOP.pattern + r"| (?P<word>\b(?:begin\s+atomic|case|end)\b)", re.VERBOSE | re.IGNORECASE)
_STOP_IN_RULE = re.compile(_STOP.pattern + r"| (?P<bracket>[()])", re.VERBOSE)

_SKIP = re.compile(
    r"[ \t\n\r\f\v\ufeff]*(?:(?:--[^\n\r]*|/\*[^*/]*(?:\*(?!/)[^*/]*|/(?!\*)[^*/]*)*\*/)[ \t\n\r\f\v]*)*"
)
"""White space and comments that hold no comments."""
_FIRST_COMMENT = re.compile(r"--|/\*")
_SIMPLE = re.compile(
    r"""(?!create\s+(?:or\s+replace\s+)?(?:function|procedure|rule)\b)
    [^;'"$\\/\-]*+ (?: (?: (?<![eE])'[^']*+' | "[^"]*+" | -(?!-) | /(?!\*) ) [^;'"$\\/\-]*+ )* ;""",
    re.VERBOSE | re.IGNORECASE,
)
"""A whole statement with its semicolon, when nothing in it needs a closer look: most of them, in one step."""
_ROUTINE = re.compile(r"create\s+(?:or\s+replace\s+)?(?:function|procedure)\b", re.IGNORECASE)
_RULE = re.compile(r"create\s+(?:or\s+replace\s+)?rule\b", re.IGNORECASE)
_COPY = re.compile(r"copy\b[^;]*\bfrom\s+stdin\b", re.IGNORECASE)
_COPY_END = re.compile(r"^\\\.[ \t]*(?=[\n\r]|\Z)", re.MULTILINE)
_PLAIN_STRING = re.compile(r"'[^']*(?:''[^']*)*(?:'|\Z)")
_ESCAPE_STRING = re.compile(
    r"'(?:[^'\\]|\\.|''|\\\Z)*(?:'(?:[ \t\f\v]*[\n\r][ \t\n\r\f\v]*'(?:[^'\\]|\\.|''|\\\Z)*)*'?|\Z)", re.DOTALL
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_LINE_END = re.compile(r"\r\n|\n|\r|\Z")
_IDENTIFIER_REST = re.compile(r"[\w$]*")


def split(text: str) -> tuple[Piece, ...]:
    """The pieces of a text, in order. Empty statements and comments at the end are no pieces."""
    return tuple(pieces(text, 0))


def pieces(text: str, start: int) -> Iterator[Piece]:
    """The pieces from `start`, a place between pieces."""
    position = start
    while (piece := next_piece(text, position)) is not None:
        position = piece.end
        yield piece
        if piece.kind == "sql" and piece.terminated and _is_copy(text, piece) and (data := _copy_data(text, position)):
            position = data.end
            yield data


def next_piece(text: str, start: int) -> Piece | None:
    """The first statement or psql line from `start`; None when there is none."""
    position = start
    while True:
        first = _skip(text, position)
        if first >= len(text):
            return None
        if text[first] != ";":
            break
        position = first + 1
    leading = _leading(text, position, first, fresh=start == 0)
    if text[first] == "\\":
        end = _line_end(text, first)
        span = Span(first, first + len(text[first:end].rstrip(SPACE)))
        return Piece(span=span, terminated=True, kind="psql", leading=leading, end=end)
    if simple := _SIMPLE.match(text, first):
        end = simple.end()
        return Piece(
            span=Span(first, _rstrip(text, first, end - 1)), terminated=True, kind="sql", leading=leading, end=end
        )
    stop, terminated, comments = _statement_end(text, first)
    last = _without_trailing(text, first, stop, comments)
    end = stop + 1 if terminated and text[stop] == ";" else stop
    return Piece(span=Span(first, last), terminated=terminated, kind="sql", leading=leading, end=end)


def _statement_end(text: str, first: int) -> tuple[int, bool, list[tuple[int, int]]]:
    """Where the statement from `first` ends, whether by `;` or a psql command, and the comments in it."""
    search = _STOP
    if text[first] in "cC":
        search = _STOP_IN_BODY if _ROUTINE.match(text, first) else _STOP_IN_RULE if _RULE.match(text, first) else _STOP
    search_from = search.search
    comments: list[tuple[int, int]] = []
    depth = 0
    position = first
    while (match := search_from(text, position)) is not None:
        at = match.start()
        match match.lastgroup:
            case "end":
                if depth <= 0:
                    return at, True, comments
                position = at + 1
            case "string":
                position = _string_end(text, at)
            case "line":
                position = match.end()
                comments.append((at, position))
            case "block":
                position = _block_end(text, at)
                comments.append((at, position))
            case "dollar":
                position = _dollar_end(text, at, match.group())
            case "psql":
                return at, True, comments
            case "word":
                depth = _depth(match.group(), depth)
                position = match.end()
            case "bracket":
                depth = max(0, depth + (1 if match.group() == "(" else -1))
                position = match.end()
            case _:
                position = match.end()
    return len(text), False, comments


def _depth(word: str, depth: int) -> int:
    """How many END are owed after the word, in a routine; CASE counts only inside a body."""
    match word[0].lower():
        case "b":
            return depth + 1
        case "c":
            return depth + 1 if depth else 0
        case _:
            return max(0, depth - 1)


def _string_end(text: str, at: int) -> int:
    escapes = at > 0 and text[at - 1] in "eE" and not (at > 1 and (text[at - 2].isalnum() or text[at - 2] in "_$"))
    match = (_ESCAPE_STRING if escapes else _PLAIN_STRING).match(text, at)
    return match.end() if match else len(text)


def _block_end(text: str, at: int) -> int:
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, at):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(text)


def _dollar_end(text: str, at: int, tag: str) -> int:
    before = text[at - 1] if at else " "
    if before.isalnum() or before in "_$" or before > "\x7f":
        # Inside an identifier a dollar sign is a letter.
        rest = _IDENTIFIER_REST.match(text, at)
        return rest.end() if rest else at + 1
    end = text.find(tag, at + len(tag))
    return len(text) if end < 0 else end + len(tag)


def _skip(text: str, position: int) -> int:
    """The first character from `position` that is neither white space nor a comment."""
    while True:
        match = _SKIP.match(text, position)
        position = match.end() if match else position
        if not text.startswith("/*", position):
            return position
        position = _block_end(text, position)


def _leading(text: str, start: int, first: int, *, fresh: bool) -> Span:
    """The comments between `start` and the statement; one behind the semicolon belongs to what it ends."""
    found = _FIRST_COMMENT.search(text, start, first)
    if found is None:
        return Span(first, first)
    if not fresh and found.start() < (line_end := _line_end(text, start)):
        found = _FIRST_COMMENT.search(text, min(first, line_end), first)
    if found is None:
        return Span(first, first)
    return Span(found.start(), found.start() + len(text[found.start() : first].rstrip(SPACE)))


def _without_trailing(text: str, first: int, stop: int, comments: list[tuple[int, int]]) -> int:
    """The end of the last token before `stop`."""
    end = _rstrip(text, first, stop)
    for start, comment_end in reversed(comments):
        if comment_end < end:
            break
        end = _rstrip(text, first, start)
    return end


def _rstrip(text: str, first: int, end: int) -> int:
    while end > first and text[end - 1] in SPACE:
        end -= 1
    return end


def _line_end(text: str, position: int) -> int:
    match = _LINE_END.search(text, position)
    return match.start() if match else len(text)


def _is_copy(text: str, piece: Piece) -> bool:
    return text[piece.span.start] in "cC" and _COPY.match(text, piece.span.start, piece.span.end) is not None


def _copy_data(text: str, position: int) -> Piece | None:
    r"""The rows up to `\.`; without it nothing is data, so that what follows is read."""
    end = _COPY_END.search(text, position)
    if end is None:
        return None
    newline = _LINE_END.search(text, position)
    start = min(newline.end() if newline else position, end.start())
    return Piece(
        span=Span(start, end.end()), terminated=True, kind="copy-data", leading=Span(start, start), end=end.end()
    )
