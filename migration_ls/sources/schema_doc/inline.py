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
_LINE = re.compile(r"[^\r\n]+")
_COMMENT = re.compile(r"\s+(?:--|//)\s.*\Z")
_CONSTRAINT = re.compile(
    r"\s*(?:(?:composite\s+)?primary\s+key|unique|foreign\s+key|check|constraint)\b\s*[\w\s]*\(", re.IGNORECASE
)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnLines:
    """Columns on lines of their own; `name` is the line before them, empty where the section names the table.

    `rest` are the other lines, which say more of the table, with their offsets.
    """

    name: str
    entries: tuple[Entry, ...]
    rest: tuple[tuple[int, str], ...]


def column_lines(text: str, base: int) -> ColumnLines | None:
    """The columns of a paragraph whose lines are columns with types, without the marks of a list; None for prose."""
    lines = [(match.start(), _COMMENT.sub("", match[0])) for match in _LINE.finditer(text)]
    if len(lines) < _ENOUGH or any(len(line) > LONGEST for _, line in lines):
        return None
    name = lines[0][1].strip(" \t`*:") if _NAMED.fullmatch(lines[0][1].strip(" \t`*:")) else ""
    entries: list[Entry] = []
    rest: list[tuple[int, str]] = []
    for start, line in lines[1:] if name else lines:
        if _CONSTRAINT.match(line):
            rest.append((start, line))
            continue
        found = bullet_entries(line.rstrip(), base + start)
        if not found or any(entry.said.type is None for entry in found) or inline_table(line, 0) is not None:
            return None
        entries += found
    return ColumnLines(name=name, entries=tuple(entries), rest=tuple(rest)) if entries else None


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
