"""Enum types in lists: a name over its values, or before them."""

import re
from collections.abc import Callable, Iterator, Sequence

from migration_ls.schema.names import name_from_text
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Enum
from migration_ls.sources.markdown.blocks import Block, Bullet, Fence, Heading, Paragraph, TableBlock
from migration_ls.sources.markdown.inline import masked, plain
from migration_ls.sources.schema_doc.topics import snake_case, topic_of
from migration_ls.sources.schema_doc.types import values_of
from migration_ls.text.span import Span

_NAME = r"(?P<name>[^\W\d]\w*)(?:\s+enum)?(?:\s*\([^()]*\))?"
_LINE = re.compile(
    rf"\s*(?:enum\s*:?\s+)?{_NAME}\s*(?:(?:values|valores|werte)\s*)?[:=]\s*(?P<values>\S.*)", re.IGNORECASE
)
_TITLE = re.compile(rf"\s*(?:enum\s*:?\s+)?{_NAME}\s*:?\s*\Z", re.IGNORECASE)
_LONGEST_LABEL = 40
_HEADERS = re.compile(
    r"(?P<value>(?:enum\s+)?(?:values?|labels?|members?|keys?|codes?|valor(?:es)?|werte?|valeurs?|wert|valeur)(?:\(s\))?)|"
    r"(?P<type>(?:enum|type|name|typ|tipo|nombre|nom|nome)(?:\s+(?:name|type))?)",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"\W*(?:`(?P<ticked>[^`]+)`|['\"](?P<quoted>[^'\"]+)['\"]|(?P<bare>\w+))\W*?(?=\s*(?:[:(=—\u2013-]|\Z))"
)


def listed_enums(blocks: Sequence[Block], origin: Callable[[Span], Origin]) -> Iterator[Enum]:
    """The types that sections about enums list."""
    name, span, values = "", Span(0, 0), list[str]()
    depth: int | None = None
    for block in blocks:
        before, depth = depth, _labelled(block, depth)
        if depth is not None and before is None:
            continue
        inside = depth is not None or any(topic_of(heading.text).kind == "enums" for heading in block.section)
        if inside and isinstance(block, TableBlock) and (name or len(block.header) > 1):
            yield from _rows(block, name, span, origin)
            name = ""
            continue
        if isinstance(block, Bullet) and inside and name and (value := _VALUE.match(block.text)):
            values.append(value["ticked"] or value["quoted"] or value["bare"])
            continue
        if name and values:
            yield _enum(name, tuple(values), origin(span))
        name, values = "", []
        if not inside or isinstance(block, Fence):
            continue
        if isinstance(block, Bullet | Paragraph | Heading):
            words = masked(block.text)
            if (match := _LINE.match(words)) and len(listed := values_of(match["values"])) > 1 and _are_labels(listed):
                yield _enum(match["name"], listed, origin(block.span))
            elif match := _TITLE.match(plain(block.text)):
                name, span = match["name"], block.span
    if name and values:
        yield _enum(name, tuple(values), origin(span))


def _labelled(block: Block, depth: int | None) -> int | None:
    """How deep the bullet stands that says of those under it that they are enums; None outside."""
    if not isinstance(block, Bullet):
        return None
    if depth is not None and block.depth > depth:
        return depth
    is_label = len(block.text) < _LONGEST_LABEL and topic_of(block.text.strip().rstrip(":")).kind == "enums"
    return block.depth if is_label else None


def _rows(block: TableBlock, name: str, span: Span, origin: Callable[[Span], Origin]) -> Iterator[Enum]:
    """A table with a value per row under the type's name, or with a type per row and all its values."""
    first, second = (_HEADERS.fullmatch(plain(cell.text)) for cell in (*block.header, *block.header[:1])[:2])
    if first and first["type"] and second and second["value"]:
        for row in block.rows:
            values = values_of(masked(row[1].text))
            if row[0].text and len(values) > 1:
                yield _enum(plain(row[0].text), values, origin(row[0].span))
    elif name and first and first["value"]:
        labels = [plain(row[0].text).strip("'\"") for row in block.rows]
        yield _enum(name, tuple([label for label in labels if label]), origin(span))


def _are_labels(values: tuple[str, ...]) -> bool:
    return all(re.fullmatch(r"[\w-]+(?: [\w-]+)?", value) for value in values)


def _enum(name: str, values: tuple[str, ...], origin: Origin) -> Enum:
    return Enum(name=name_from_text(snake_case(name)), values=tuple(dict.fromkeys(values)), origin=origin)
