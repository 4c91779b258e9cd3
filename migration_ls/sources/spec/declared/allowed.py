"""The values that a column allows, said in a sentence or a list after it: `Allowed values: web, phone`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.request import Grade
from migration_ls.sources.markdown.blocks import Block, Bullet, Heading, Paragraph
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.columns import column_bullet
from migration_ls.sources.spec.declared.nested import spelled_out
from migration_ls.sources.spec.details import Details, read_details
from migration_ls.sources.spec.items import Item, SaidChange, SaidColumn
from migration_ls.sources.spec.sections import Mood, Section
from migration_ls.sources.spec.sentences import whole
from migration_ls.sources.spec.words import values_of
from migration_ls.text.span import Span

_LEAD = (
    r"(?:(?:it|which|and|the\s+column|this)\s+)?(?:(?:the|its|die|los|les)\s+)?"
    r"(?:(?:allowed|valid|possible|permitted|accepted)\s+(?:values?|states?|options?)|(?:erlaubte|gültige|mögliche)\s+werte"
    r"|valores\s+(?:permitidos|válidos|posibles)|valeurs\s+(?:permises|autorisées|possibles)|values\s+allowed)"
)
_SAID = re.compile(
    rf"[*_]*{_LEAD}[*_]*\s*(?:are|is|sind|son|sont)?\s*:?[*_]*\s*(?P<values>\S[^.]*?)\s*\.?\Z",
    re.IGNORECASE | re.DOTALL,
)
_OPENS = re.compile(rf"[*_]*{_LEAD}[*_]*\s*(?:are|is|sind|son|sont)?\s*(?:the\s+following)?\s*:[*_]*\Z", re.IGNORECASE)
_APART = re.compile(rf"(?<=[.;])\s+(?={_LEAD}\s*(?:are|is|sind|son|sont)?\s*:?\s*[`'\"\w])", re.IGNORECASE)
_SENTENCE_END = re.compile(r"\.(?=\s)")
_MEMBER = re.compile(r"[`'\"*]*(?P<value>[\w-]+)[`'\"*]*\s*(?:[:(\u2013—-].*)?", re.DOTALL)
_HEADING = re.compile(
    r"(?:(?:column|field|spalte|columna|campo)\s+)?`?(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)`?(?P<rest>\s*[:(\u2013—-].*)?",
    re.IGNORECASE,
)
_MOST = 60


def allowed_values(text: str) -> tuple[str, ...]:
    """The values, where the text says nothing but them; at least two."""
    match = _SAID.fullmatch(text.strip())
    return values_of(match["values"]) if match else ()


def with_values_apart(blocks: tuple[Block, ...], text: str) -> tuple[Block, ...]:
    """The blocks, with what they say of allowed values in paragraphs of their own, lists of values among them."""
    return tuple(_apart(blocks, text))


def _apart(blocks: tuple[Block, ...], text: str) -> Iterator[Block]:
    number = 0
    while number < len(blocks):
        block = blocks[number]
        number += 1
        if not isinstance(block, Paragraph | Bullet):
            yield block
            continue
        if _OPENS.fullmatch(block.text.strip()):
            least = block.depth + 1 if isinstance(block, Bullet) else 0
            members, until = _members(blocks, number, least)
            if len(members) > 1:
                words = f"{block.text.strip()} {', '.join(members)}"
                span = Span(block.span.start, blocks[until - 1].span.end)
                yield Paragraph(text=words, span=span, line=block.line, section=block.section)
                number = until
                continue
        cut = _APART.search(text, block.span.start, block.span.end)
        end = _SENTENCE_END.search(text, cut.end(), block.span.end) if cut else None
        stop = end.start() if end else block.span.end
        if cut is None or not allowed_values(text[cut.end() : stop]):
            yield block
            continue
        first, values = Span(block.span.start, cut.start()), Span(cut.end(), stop)
        rest = Span(min(stop + 1, block.span.end), block.span.end)
        yield replace(block, text=first.of(text), span=first)
        yield Paragraph(text=values.of(text), span=values, line=block.line, section=block.section)
        if rest.of(text).strip():
            yield Paragraph(text=rest.of(text), span=rest, line=block.line, section=block.section)


def _members(blocks: tuple[Block, ...], number: int, least: int) -> tuple[list[str], int]:
    """The values of a list, each an entry, and the block after them."""
    found: list[str] = []
    depth = None
    while number < len(blocks) and len(found) < _MOST:
        block = blocks[number]
        if not isinstance(block, Bullet) or block.depth < least or (depth is not None and block.depth != depth):
            break
        match = _MEMBER.fullmatch(block.text.strip())
        if match is None:
            break
        depth = block.depth
        found.append(match["value"])
        number += 1
    return found, number


@dataclass(slots=True)
class ColumnAtHand:
    """The column that was spoken of last, so that what follows may say more of it."""

    table: Name | None = None
    name: str = ""
    is_headed: bool = False
    """Whether a heading names it, so that all under it is about it."""

    def spoken_of(self, item: Item) -> None:
        """Takes note of a column."""
        if self.is_headed:
            return
        match item:
            case SaidColumn(table=table, name=name) if table.name:
                self.table, self.name = table, name
            case SaidChange(
                change=asked.ChangeType(table=table, column=name)
                | asked.ChangeDefault(table=table, column=name)
                | asked.ChangeNullable(table=table, column=name)
            ):
                self.table, self.name = table, name
            case _:
                pass

    def under(self, heading: Heading, above: Section, context: Context) -> list[Item]:
        """Takes note of the column that a heading names, with its table or below it, and reads what it declares."""
        self.table, self.name, self.is_headed = None, "", False
        match = _HEADING.fullmatch(heading.text.strip("`*_ "))
        if match is None or above.mood is not Mood.DECLARES or context.tables.find(match["name"]):
            return []
        owner, dot, column = match["name"].rpartition(".")
        table = context.tables.find(owner) if dot else above.subject
        if table is None:
            return []
        rest = (match["rest"] or "").strip(": ")
        read = column_bullet(f"`{column}` {rest}") if rest else None
        typed = read is not None and read[1].is_typed
        if not (dot or typed or context.tables.column(table, column)):
            return []
        self.table, self.name, self.is_headed = table, column, True
        said = context.said_at(Origin(context.path, heading.span, heading.line), heading.text)
        return [SaidColumn(table=table, name=column, details=read[1], said=said)] if read and typed else []

    def more(self, block: Paragraph | Bullet, text: str, context: Context) -> list[Item] | None:
        """What a block says of the column: its values, and under its heading its type; None for other blocks."""
        if self.table is None:
            return None
        said = context.said(whole(text, block.span), Grade.DECLARED)
        if values := allowed_values(block.text):
            details = Details(values=values)
            return [SaidColumn(table=self.table, name=self.name, details=details, said=said, is_detail=True)]
        if not self.is_headed or context.tables.column(self.table, self.name) is not None:
            return None
        details = read_details(spelled_out(block.text).rstrip("."))
        return [SaidColumn(table=self.table, name=self.name, details=details, said=said)] if details.is_typed else None
