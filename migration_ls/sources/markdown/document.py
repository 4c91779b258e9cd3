"""The blocks of a markdown document: headings, bullets, tables, fences, paragraphs and comments."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from migration_ls.schema.changed import changed
from migration_ls.sources.markdown.blocks import Block, Bullet, Cell, Comment, Fence, Heading, Paragraph, TableBlock
from migration_ls.sources.markdown.html import html_blocks
from migration_ls.sources.markdown.inline import plain
from migration_ls.sources.markdown.parts import section_starts
from migration_ls.sources.markdown.simple import Mark, simple_marks
from migration_ls.sources.problem import Problem
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document's blocks in order."""

    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()
    sections: "tuple[Section, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a document that can be read by itself: its text, where it starts, and its blocks in the document."""

    text: str
    start: int
    line: int
    blocks: tuple[Block, ...]


_BOLD = re.compile(r"(?:\*\*|__)(?:(?!\*\*|__).)+(?:\*\*|__)\s*(?:\([^)]*\))?:?\s*\Z", re.DOTALL)
_BOX = re.compile(r"\[([ xX])\]\s+")
_WIKI_TABLE = re.compile(r"\|\|[^\r\n]*\|\|[ \t]*(?:(?:\r\n|\n|\r)[ \t]*\|[^\r\n]*\|[ \t]*)+\Z")
_PIPE_ROW = re.compile(r"^\s{0,3}\|.*\|\s*$")
_DELIMITERS = re.compile(r"^\s{0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")


@lru_cache(maxsize=16)
def read_document(text: str) -> Document:
    """The document's blocks, with exact places; total. After an edit only the sections it touches are parsed again."""
    blocks: list[Block] = []
    problems: list[Problem] = []
    sections: list[Section] = []
    path: tuple[Heading, ...] = ()
    line = 0
    for start, end in pairwise(section_starts(text)):
        part = text[start:end]
        read = _read_part(part)
        problems += [replace(problem, span=problem.span.shifted(start)) for problem in read.problems]
        section, path = _section(part, start, line, path)
        sections.append(section)
        blocks += section.blocks
        line += read.lines
    return Document(blocks=tuple(blocks), problems=tuple(problems), sections=tuple(sections))


def forget() -> None:
    """Reads every document anew from here on."""
    for known in (read_document, _section, _read_part):
        known.cache_clear()


@lru_cache(maxsize=4096)
def _section(text: str, start: int, line: int, path: tuple[Heading, ...]) -> tuple[Section, tuple[Heading, ...]]:
    """The part of a document that starts there under those headings, and the headings of what follows."""
    blocks: list[Block] = []
    for block in _read_part(text).blocks:
        if isinstance(block, Heading):
            path = tuple(heading for heading in path if heading.level < block.level)
        moved = _moved(block, start, line, path)
        if isinstance(moved, Heading):
            path = (*path, moved)
        blocks.append(moved)
    return Section(text=text, start=start, line=line, blocks=tuple(blocks)), path


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Part of a document, read by itself: places count from its start, and `lines` is how many it has."""

    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...]
    lines: int


@lru_cache(maxsize=2048)
def _read_part(text: str) -> _Part:
    reader = _Reader(text)
    blocks = tuple(reader.blocks())
    return _Part(blocks=blocks, problems=(*reader.problems, *_loose_rows(blocks)), lines=reader.lines)


def _moved(block: Block, by: int, lines: int, section: tuple[Heading, ...]) -> Block:
    """The block of a part in its document."""
    if not by:
        return changed(block, section=section)
    span, line = block.span.shifted(by), block.line + lines
    match block:
        case Heading(level=level, text=text):
            return Heading(level=level, text=text, span=span, line=line, section=section)
        case TableBlock(header=header, rows=rows):
            cells = tuple([_moved_cells(row, by) for row in rows])
            return changed(block, header=_moved_cells(header, by), rows=cells, span=span, line=line, section=section)
        case Fence(content=content):
            return changed(block, span=span, line=line, content=content.shifted(by), section=section)
        case Bullet() | Paragraph() | Comment():
            return changed(block, span=span, line=line, section=section)


def _moved_cells(cells: tuple[Cell, ...], by: int) -> tuple[Cell, ...]:
    return tuple([Cell(text=cell.text, span=Span(cell.span.start + by, cell.span.end + by)) for cell in cells])


def _loose_rows(blocks: tuple[Block, ...]) -> Iterator[Problem]:
    """Rows of pipes that are no table, since the line of dashes is missing."""
    for block in blocks:
        if not isinstance(block, Paragraph):
            continue
        lines = [line for line in re.split(r"\r\n|\n|\r", block.text) if line.strip()]
        if len(lines) >= 2 and all(_PIPE_ROW.match(line) for line in lines[:2]) and not _DELIMITERS.match(lines[1]):
            yield Problem(
                code="markdown-broken-table",
                message="The lines with pipes are no table, since the line of dashes under the header is missing",
                help="Put a line such as `|---|---|` under the header",
                span=block.span,
                serious=False,
            )


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    """Finds blocks alone: what is inside of them is read from the text."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    # notes look like definitions of links: `[^1]: CHECK (price > 0)`
    parser.disable("reference")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


class _Reader:
    """Walks the parser's tokens and finds the places of their texts."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._index = LineIndex(text)
        self.problems: list[Problem] = []

    @property
    def lines(self) -> int:
        """How many line ends the text has."""
        return len(self._index.starts) - 1

    def _tokens(self) -> "Sequence[Token | Mark]":
        marks = simple_marks(self._text)
        return marks if marks is not None else _parser().parse(self._text)

    def _lines(self, first: int, last: int) -> Span:
        """The span of lines `first` up to, not including, `last`, without the last line's end."""
        starts = self._index.starts
        first = min(first, len(starts) - 1)
        last = max(min(last, len(starts)), first + 1)
        start = starts[first]
        return Span(start, starts[last - 1] + len(self._index.line_text(last - 1)))

    def _trimmed(self, span: Span, lead: str = "") -> Span:
        """Without white space, and without `lead` characters before."""
        text = span.of(self._text)
        start = span.start + len(text) - len(text.lstrip(lead + " \t\r\n"))
        end = span.end - (len(text) - len(text.rstrip()))
        return Span(min(start, end), max(start, end)) if start <= end else Span(span.start, span.start)

    def blocks(self) -> Iterator[Block]:
        tokens = self._tokens()
        lists: list[bool] = []
        fresh_item = False
        position = 0
        while position < len(tokens):
            token = tokens[position]
            match token.type:
                case "heading_open":
                    yield self._heading(token)
                case "bullet_list_open" | "ordered_list_open":
                    lists.append(token.type == "ordered_list_open")
                case "bullet_list_close" | "ordered_list_close":
                    lists.pop()
                case "list_item_open":
                    fresh_item = True
                case "paragraph_open" if token.map:
                    if lists and fresh_item:
                        fresh_item = False
                        yield self._bullet(token, len(lists) - 1, ordered=lists[-1])
                    else:
                        yield self._paragraph(token)
                case "fence" | "code_block" if token.map:
                    yield self._fence(token)
                case "html_block" if token.map:
                    first, last = token.map
                    span = self._trimmed(self._lines(first, last))
                    if "<table" in span.of(self._text).lower():
                        # an empty line ends HTML in markdown, but no table
                        last, position = self._table_end(tokens, position)
                        span = self._trimmed(self._lines(first, last))
                    yield from html_blocks(self._text, span, self._index)
                case "table_open" if token.map:
                    yield self._table(token.map[0], token.map[1])
                    while tokens[position].type != "table_close":
                        position += 1
                case _:
                    pass
            position += 1

    def _table_end(self, tokens: "Sequence[Token | Mark]", position: int) -> tuple[int, int]:
        """The line after a table of HTML, and the last token that belongs to it."""
        first, last = tokens[position].map or [0, 1]
        depth = 0
        for number in range(position + 1, len(tokens)):
            if not depth and "</table" in self._lines(first, last).of(self._text).lower():
                break
            token = tokens[number]
            depth += token.type.endswith("_open") - token.type.endswith("_close")
            if depth < 0 or token.type == "heading_open":
                break
            last = max(last, token.map[1]) if token.map else last
            position = number if not depth else position
        return last, position

    def _heading(self, token: "Token | Mark") -> Heading:
        first, last = token.map or [0, 1]
        span = self._trimmed(self._lines(first, last), "#>")
        text = span.of(self._text)
        if token.markup in {"=", "-"}:
            text = re.split(r"\r\n|\n|\r", text)[0].rstrip()
            span = Span(span.start, span.start + len(text))
        closed = text.rstrip("#").rstrip() if token.markup.startswith("#") else text
        return Heading(
            level=int(token.tag[1:]), text=plain(closed), span=Span(span.start, span.start + len(closed)), line=first
        )

    def _bullet(self, token: "Token | Mark", depth: int, *, ordered: bool) -> Bullet:
        first, last = token.map or [0, 1]
        span = self._trimmed(self._lines(first, last))
        marker = re.match(r"(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+)+", span.of(self._text))
        start = span.start + (marker.end() if marker else 0)
        checked: bool | None = None
        if box := _BOX.match(self._text[start : span.end]):
            checked = box[1] != " "
            start += box.end()
        span = Span(start, span.end)
        return Bullet(text=span.of(self._text), span=span, line=first, depth=depth, ordered=ordered, checked=checked)

    def _paragraph(self, token: "Token | Mark") -> Paragraph | TableBlock:
        first, last = token.map or [0, 1]
        span = self._trimmed(self._lines(first, last))
        text = span.of(self._text)
        if _WIKI_TABLE.match(text):
            return self._wiki_table(first, last)
        return Paragraph(text=text, span=span, line=first, bold=bool(_BOLD.match(text)))

    def _wiki_table(self, first: int, last: int) -> TableBlock:
        """A table whose heads stand between double pipes, `||Column||Type||`, and which has no line of dashes."""
        header = tuple(cell for cell in self._cells(first) if cell.text)
        rows: list[tuple[Cell, ...]] = []
        for line in range(first + 1, last):
            cells = self._cells(line)
            at = Span(self._lines(line, line + 1).end, self._lines(line, line + 1).end)
            rows.append((*cells[: len(header)], *[Cell(text="", span=at)] * (len(header) - len(cells))))
        return TableBlock(header=header, rows=tuple(rows), span=self._lines(first, last), line=first)

    def _fence(self, token: "Token | Mark") -> Fence:
        first, last = token.map or [0, 1]
        whole = self._lines(first, last)
        if token.type == "code_block":
            return Fence(language="", text=whole.of(self._text), span=whole, line=first, content=whole)
        closed = last - first > 1 and self._index.line_text(last - 1).strip().startswith(token.markup)
        body_last = last - 1 if closed else last
        starts = self._index.starts
        start = starts[first + 1] if first + 1 < len(starts) else len(self._text)
        end = starts[body_last] if body_last < len(starts) else len(self._text)
        content = Span(min(start, end), max(start, end))
        language = token.info.strip().split(" ")[0].lower() if token.info.strip() else ""
        return Fence(language=language, text=content.of(self._text), span=whole, line=first, content=content)

    def _table(self, first: int, last: int) -> TableBlock:
        header = self._cells(first)
        rows: list[tuple[Cell, ...]] = []
        for line in range(first + 2, last):
            if not self._index.line_text(line).strip():
                continue
            cells = self._cells(line)
            if len(cells) != len(header):
                self._uneven(line, len(cells), len(header))
            empty = Cell(text="", span=Span(self._lines(line, line + 1).end, self._lines(line, line + 1).end))
            rows.append((*cells[: len(header)], *[empty] * (len(header) - len(cells))))
        return TableBlock(header=header, rows=tuple(rows), span=self._lines(first, last), line=first)

    def _uneven(self, line: int, found: int, wanted: int) -> None:
        self.problems.append(
            Problem(
                code="markdown-broken-table",
                message=f"The row has {found} cells and the header {wanted}, so its values may stand in wrong columns",
                help="Give the row as many cells as the header, and write a pipe inside a cell as `\\|`",
                span=self._trimmed(self._lines(line, line + 1)),
                serious=False,
            )
        )

    def _cells(self, line: int) -> tuple[Cell, ...]:
        text = self._index.line_text(line)
        offset = self._index.starts[line]
        begin = len(text) - len(text.lstrip("> \t"))
        end = len(text.rstrip())
        if text[begin : begin + 1] == "|":
            begin += 1
        bounds: list[tuple[int, int]] = []
        start = begin
        position = begin
        while position < end:
            if text[position] == "\\":
                position += 2
                continue
            if text[position] == "|":
                bounds.append((start, position))
                start = position + 1
            position += 1
        if start < end or not bounds:
            bounds.append((start, max(start, end)))
        return tuple(self._cell(offset + left, offset + right) for left, right in bounds)

    def _cell(self, left: int, right: int) -> Cell:
        span = self._trimmed(Span(left, right))
        return Cell(text=span.of(self._text).replace("\\|", "|"), span=span)
