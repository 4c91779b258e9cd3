"""Text edits: the only way user text is changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace what `span` covers by `new`; an empty span inserts."""

    span: Span
    new: str


class OverlappingEditsError(ValueError):
    """Two edits want to change the same characters."""


def insert(offset: int, new: str) -> Edit:
    """An edit that puts `new` before the character at `offset`."""
    return Edit(Span(offset, offset), new)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; edits at one place keep the order they are given in.

    Raises:
        OverlappingEditsError: two of them cover the same characters.
    """
    parts: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        if edit.span.start < position:
            raise OverlappingEditsError(f"edit at {edit.span.start} overlaps the one before it")
        parts += (text[position : edit.span.start], edit.new)
        position = edit.span.end
    parts.append(text[position:])
    return "".join(parts)
