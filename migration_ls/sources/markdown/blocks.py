"""The blocks that documents are made of."""

from dataclasses import dataclass

from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading; `text` without marks."""

    level: int
    text: str
    span: Span
    line: int
    section: "tuple[Heading, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullet:
    """A list entry's own text, without its marker and its children. `checked` is None without a checkbox."""

    text: str
    span: Span
    line: int
    depth: int
    ordered: bool = False
    checked: bool | None = None
    section: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table; escaped pipes are plain in `text`."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBlock:
    """A table; every row has as many cells as the header, missing ones are empty."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    span: Span
    line: int
    is_html: bool = False
    section: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A fenced block; `content` covers what stands between the marks."""

    language: str
    text: str
    span: Span
    line: int
    content: Span
    section: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text; `bold` when the whole of it is one bold run, as people write small headings."""

    text: str
    span: Span
    line: int
    bold: bool = False
    section: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """An HTML comment or block."""

    text: str
    span: Span
    line: int
    section: tuple[Heading, ...] = ()


Block = Heading | Bullet | TableBlock | Fence | Paragraph | Comment
