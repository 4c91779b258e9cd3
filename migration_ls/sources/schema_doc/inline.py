"""Columns in running text: `**users**: `id` (uuid), `email` (text)` and lists of definitions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migration_ls.sources.schema_doc.entries import NAME, Entry, bullet_entries
from migration_ls.sources.schema_doc.said import LONGEST
from migration_ls.sources.schema_doc.tongues import COLUMN

_LEAD = re.compile(
    rf"\W*(?:{COLUMN}|(?P<name>{NAME}))"
    r"(?:\s*\([^()]*\))?\W{0,4}?:\W*?(?=[`\"\w])",
    re.IGNORECASE,
)
_NAMED = re.compile(NAME)
_DEFINED = re.compile(rf"[ \t]*(?P<name>[`*_]*{NAME}[`*_]*)[ \t]*(?:\r\n|\n|\r)[ \t]{{0,3}}:[ \t]+(?P<rest>[^\r\n]+)")
_BARE = re.compile(rf"\s*{NAME}\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*\Z")
_ENOUGH = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineTable:
    """Columns one after the other on a line; `name` is empty where the section says which table they are of."""

    name: str
    entries: tuple[Entry, ...]


def inline_table(line: str, base: int) -> InlineTable | None:
    """The columns of a line that lists at least two of them with their types, in back quotes or before brackets."""
    if len(line) > LONGEST:
        return None
    ticked = line.count("`") >= _ENOUGH * 2
    if not ticked and not (line.startswith(("**", "__")) and line.count("(") >= _ENOUGH):
        return None
    lead = _LEAD.match(line)
    if lead is None:
        return None
    entries: list[Entry] = []
    for start, end in pieces(line, lead.end()):
        piece = line[start:end]
        is_column = piece.lstrip().startswith("`") if ticked else _BARE.match(piece)
        found = bullet_entries(piece, base + start) if is_column else ()
        if not found:
            return None
        entries += found
    return InlineTable(name=lead["name"] or "", entries=tuple(entries)) if len(entries) >= _ENOUGH else None


def pieces(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The parts between commas and semicolons that stand in no brackets, trimmed."""
    depth, first = 0, start
    for offset in range(start, len(text) + 1):
        character = text[offset] if offset < len(text) else ","
        depth += (character == "(") - (character == ")")
        if character in ",;" and (depth <= 0 or offset == len(text)):
            part = text[first:offset]
            yield first + len(part) - len(part.lstrip()), first + len(part.rstrip())
            first = offset + 1


def defined_entries(text: str, base: int) -> Iterator[Entry]:
    """The columns of a list of definitions: a name on a line, then a colon and what it is."""
    if ":" not in text:
        return
    for match in _DEFINED.finditer(text):
        yield from bullet_entries(match[0], base + match.start())
