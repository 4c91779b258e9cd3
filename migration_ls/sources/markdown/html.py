"""HTML that people write in markdown: tables, lists, headings, summaries, preformatted text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from migration_ls.sources.markdown.blocks import Block, Bullet, Cell, Comment, Fence, Heading, Paragraph, TableBlock
from migration_ls.sources.markdown.inline import plain
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span

_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>table|tr|td|th|caption|li|ul|ol|dt|dd|summary|h[1-6]|p|pre)\b(?P<rest>[^<>]*)>",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\b(?P<kind>row|col)span\s*=\s*[\"']?(?P<count>\d{1,2})", re.IGNORECASE)
_LANGUAGE = re.compile(r"\s*(?:<code[^<>]*?(?:language-|lang-)(?P<language>\w+)[^<>]*>|<code[^<>]*>)?", re.IGNORECASE)
_CELLS = frozenset({"td", "th"})
_TEXTS = frozenset({"li", "dt", "summary", "caption", "p"})


def html_blocks(text: str, span: Span, index: LineIndex) -> Iterator[Block]:
    """The blocks that a piece of HTML holds; one without any is a comment."""
    found = False
    if not span.of(text).startswith("<!--"):
        for block in _Html(text, span, index).blocks():
            found = True
            yield block
    if not found:
        yield Comment(text=span.of(text), span=span, line=index.line(span.start))


@dataclass(slots=True)
class _Table:
    """A table that is open; `held` counts, by position, the rows that a cell above still covers."""

    start: int
    rows: list[list[Cell]] = field(default_factory=list)
    held: dict[int, int] = field(default_factory=dict)


class _Html:
    def __init__(self, text: str, span: Span, index: LineIndex) -> None:
        self._text = text
        self._span = span
        self._index = index
        self._table: _Table | None = None
        self._depth = 0

    def blocks(self) -> Iterator[Block]:
        """The blocks in order."""
        tags = list(_TAG.finditer(self._text, self._span.start, self._span.end))
        for position, tag in enumerate(tags):
            name = tag["name"].lower()
            following = tags[position + 1].start() if position + 1 < len(tags) else self._span.end
            if tag["close"]:
                self._depth -= name in {"ul", "ol"}
                if name == "table" and self._table is not None:
                    yield from self._closed(tag.end())
            elif name == "table":
                self._table = _Table(tag.start())
            elif name == "tr" and self._table is not None:
                self._table.rows.append([])
            elif name in _CELLS and self._table is not None:
                self._cell(self._table, tag, self._end(tags, position, _CELLS | {"tr", "table"}))
            elif name in {"ul", "ol"}:
                self._depth += 1
            elif self._table is None or name == "caption":
                yield from self._outside(tags, position, name, following)
        if self._table is not None:
            yield from self._closed(self._span.end)

    def _end(self, tags: "list[re.Match[str]]", position: int, names: frozenset[str]) -> int:
        """Where the content of a tag ends: at the next tag of those names."""
        return next((tag.start() for tag in tags[position + 1 :] if tag["name"].lower() in names), self._span.end)

    def _cell(self, table: _Table, tag: "re.Match[str]", end: int) -> None:
        if not table.rows:
            table.rows.append([])
        row = table.rows[-1]
        self._skip_held(table, row)
        spans = {match["kind"].lower(): int(match["count"]) for match in _SPAN.finditer(tag["rest"])}
        span = _trimmed(self._text, tag.end(), end)
        row.append(Cell(text=plain(span.of(self._text)), span=span))
        for extra in range(spans.get("col", 1)):
            if extra:
                row.append(_empty(span.end))
            if (covered := spans.get("row", 1) - 1) > 0:
                table.held[len(row) - 1] = covered

    def _skip_held(self, table: _Table, row: list[Cell]) -> None:
        """Empty cells where one from a row above reaches down."""
        while len(table.rows) > 1 and table.held.get(len(row), 0) > 0:
            table.held[len(row)] -= 1
            row.append(_empty(row[-1].span.end if row else table.rows[-2][0].span.end))

    def _closed(self, end: int) -> Iterator[Block]:
        table, self._table = self._table, None
        rows = [row for row in table.rows if row] if table else []
        if table is None or not rows:
            return
        width = len(rows[0])
        full = [(*row[:width], *[_empty(row[-1].span.end)] * (width - len(row))) for row in rows]
        line = self._index.line(table.start)
        yield TableBlock(header=full[0], rows=tuple(full[1:]), span=Span(table.start, end), line=line, is_html=True)

    def _outside(self, tags: "list[re.Match[str]]", position: int, name: str, following: int) -> Iterator[Block]:
        tag = tags[position]
        line = self._index.line(tag.start())
        if name == "pre":
            lead = _LANGUAGE.match(self._text, tag.end())
            start = lead.end() if lead else tag.end()
            end = self._end(tags, position, frozenset({"pre"}))
            code = self._text.find("</code", start, end)
            content = Span(start, code if code >= 0 else end)
            language = (lead["language"] or "").lower() if lead else ""
            yield Fence(language=language, text=content.of(self._text), span=content, line=line, content=content)
            return
        end = self._end(tags, position, frozenset({"dt", "ul"})) if name == "dt" else following
        span = _trimmed(self._text, tag.end(), end)
        words = span.of(self._text)
        if not words:
            return
        if name.startswith("h"):
            yield Heading(level=int(name[1]), text=plain(words), span=span, line=line)
        elif name in {"li", "dt"}:
            line = self._index.line(span.start)
            yield Bullet(text=words, span=span, line=line, depth=max(self._depth - 1, 0))
        elif name in _TEXTS:
            bold = name in {"summary", "caption"}
            yield Paragraph(text=words, span=span, line=self._index.line(span.start), bold=bold)


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    first = start + len(part) - len(part.lstrip())
    return Span(min(first, end), max(min(first, end), start + len(part.rstrip())))


def _empty(at: int) -> Cell:
    return Cell(text="", span=Span(at, at))
