"""Positions, ranges and addresses of the protocol, to and from ours: the only place that converts them."""

from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from migration_ls.text.encoding import Encoding, code_points, units
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span


def encoding_of(kind: types.PositionEncodingKind | str | None) -> Encoding:
    """The units that were agreed on with the client; UTF-16 unless it says otherwise."""
    try:
        return Encoding(kind.value if isinstance(kind, types.PositionEncodingKind) else kind or "utf-16")
    except ValueError:
        return Encoding.UTF16


def to_position(index: LineIndex, offset: int, encoding: Encoding) -> types.Position:
    """The position of a code-point offset."""
    line, column = index.position(offset)
    return types.Position(line=line, character=units(index.line_text(line)[:column], encoding))


def to_range(index: LineIndex, span: Span, encoding: Encoding) -> types.Range:
    """The range of a span."""
    return types.Range(start=to_position(index, span.start, encoding), end=to_position(index, span.end, encoding))


def to_offset(index: LineIndex, position: types.Position, encoding: Encoding) -> int:
    """The code-point offset of a position; outside the text means the nearest place inside it."""
    if position.line >= len(index.starts):
        return len(index.text)
    return index.offset(position.line, code_points(index.line_text(position.line), position.character, encoding))


def to_span(index: LineIndex, range_: types.Range, encoding: Encoding) -> Span:
    """The span of a range."""
    start, end = (to_offset(index, position, encoding) for position in (range_.start, range_.end))
    return Span(min(start, end), max(start, end))


def to_path(uri: str) -> Path | None:
    """The file of an address; None for addresses that are no files."""
    if not uri.startswith("file:"):
        return None
    try:
        path = to_fs_path(uri)
    except ValueError:
        return None
    return Path(path) if path else None


def to_uri(path: Path) -> str:
    """The address of a file."""
    return from_fs_path(str(path)) or path.as_uri()
