"""How much of a document belongs to one entry: its lines, a cell of HTML, a piece of a line."""

import re
from collections.abc import Iterator

from migration_ls.text.span import Span

_LINE_END = re.compile(r"\r\n|\n|\r|\Z")
_ROW = re.compile(r"<tr\b[^<>]*>(?:(?!<tr\b).)*?</tr\s*>[ \t]*(?:\r\n|\n|\r)?", re.IGNORECASE | re.DOTALL)


def line_start(text: str, offset: int) -> int:
    """Where the line begins that holds an offset."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """Behind the end of the line that holds an offset."""
    match = _LINE_END.search(text, offset)
    return match.end() if match else len(text)


def lines_of(text: str, span: Span) -> Span:
    """The whole lines of an entry."""
    return Span(line_start(text, span.start), line_end(text, max(span.start, span.end - 1)))


def regions_of(text: str, span: Span) -> Iterator[Span]:
    """What may be taken out with an entry, the likeliest first; every region is whole in its kind."""
    lines = lines_of(text, span)
    row = next((match for match in _ROW.finditer(text, max(0, span.start - 400)) if match.end() > span.start), None)
    if row is not None and row.start() <= span.start and "<" in text[lines.start : lines.end]:
        lead = text[line_start(text, row.start()) : row.start()]
        yield Span(row.start() - (len(lead) if not lead.strip() else 0), row.end())
    with_children = Span(lines.start, _children_end(text, lines))
    yield with_children
    blank = _blank_end(text, with_children.end)
    if blank > with_children.end:
        yield Span(with_children.start, blank)
    yield from _pieces(text, span)


def _children_end(text: str, lines: Span) -> int:
    """Behind the lines under an entry that are indented deeper than it."""
    own = _indent(text, lines.start)
    end = lines.end
    if not re.match(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]", text[lines.start : lines.end]):
        return end
    while end < len(text):
        following = line_end(text, end)
        words = text[end:following]
        if not words.strip() or _indent(text, end) <= own:
            break
        end = following
    return end


def _indent(text: str, start: int) -> int:
    line = text[start : line_end(text, start)]
    return len(line) - len(line.lstrip(" \t"))


def _blank_end(text: str, end: int) -> int:
    while end < len(text) and not text[end : line_end(text, end)].strip():
        end = line_end(text, end)
    return end


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """An entry of a line that holds several, with the comma before or behind it."""
    after = re.compile(r"\s*[,;]\s*").match(text, span.end)
    before = re.search(r"\s*[,;]\s*\Z", text[max(0, span.start - 20) : span.start])
    if before:
        yield Span(span.start - len(before[0]), span.end)
    if after:
        yield Span(span.start, after.end())
    yield span
