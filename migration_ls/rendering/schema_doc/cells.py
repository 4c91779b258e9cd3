"""Cells of rows, in tables of pipes, boxes and HTML, and where the parts of a column's entry stand."""

import re
from collections.abc import Sequence

from migration_ls.rendering.schema_doc.mending import Version
from migration_ls.rendering.schema_doc.regions import line_end, line_start
from migration_ls.schema.tables import Column
from migration_ls.sources.schema_doc.rows import header_roles
from migration_ls.text.span import Span

CLOSERS = re.compile(r"[`*_\"\])>]*")
"""What closes around a name or type."""
NO_WORDS = ("no", "NO", "No", "not null", "NOT NULL", "N", "n", "false", "✗", "❌", "nein", "non", "não")
YES_WORDS = ("yes", "YES", "Yes", "null", "NULL", "Y", "y", "true", "✓", "✅", "ja", "oui", "sim", "sí")
LINE = re.compile(r"[^\r\n]*")
_TICKS = re.compile(r"[`*]*")
_BAR = "\\|"
BARS = re.compile(r"[|│║]|<td", re.IGNORECASE)


def place_of(column: Column, part: str) -> Span | None:
    found = dict(column.places).get(part)
    return found.span if found is not None else None


def matched(pattern: "re.Pattern[str]", text: str, start: int = 0) -> str:
    """What the pattern finds at the start; nothing where it does not match."""
    match = pattern.match(text, start)
    return match[0] if match else ""


def peers_of(version: Version, known: Sequence[Column], *, nullable: bool | None) -> tuple[str, ...]:
    """What other columns say of NULL that take it as well, or do not."""
    alike = [item for item in known if item.nullable is nullable]
    return tuple(dict.fromkeys(place.of(version.text) for item in alike if (place := place_of(item, "nullable"))))


def cell_text(row: str, at: int) -> str:
    cells = cells_of(row)
    return row[slice(*cells[at])].strip() if len(cells) > at else ""


def cells_of(row: str) -> list[tuple[int, int]]:
    """Where the cells of a row begin and end, in a row of pipes or of HTML."""
    if re.search(r"<t[dh]\b", row, re.IGNORECASE):
        return [
            match.span(1) for match in re.finditer(r"<t[dh]\b[^<>]*>(.*?)</t[dh]\s*>", row, re.IGNORECASE | re.DOTALL)
        ]
    bars = [match.start() for match in re.finditer(r"(?<!\\)\||[│║]", row.rstrip("\r\n"))]
    if not bars:
        return []
    end = len(row.rstrip("\r\n"))
    starts = bars if not row[: bars[0]].strip() else [-1, *bars]
    return [
        (start + 1, stop)
        for start, stop in zip(starts, [*starts[1:], end], strict=True)
        if row[start + 1 : stop].strip() or stop < end
    ]


def filled_row(
    row: str, base: int, cells: Sequence[tuple[int, int]], changes: dict[str, tuple[Span, str]], filled: dict[int, str]
) -> str:
    """The row with the parts changed, cells without any of them emptied, and those given filled."""
    new, position = "", 0
    for at, (start, end) in enumerate(cells):
        new += row[position:start]
        inner = row[start:end]
        parts = [
            (span.shifted(-base), word)
            for span, word in changes.values()
            if start <= span.start - base and span.end - base <= end
        ]
        if parts:
            cell = inner
            for span, word in sorted(parts, key=lambda item: item[0].start, reverse=True):
                cell = cell[: span.start - start] + word.replace("|", "\\|") + cell[span.end - start :]
            tail = row[max(span.end for span, _ in parts) : end]
            if re.search(r"\w", tail):
                # what else the cell said was said of the other column
                kept = min(span.start for span, _ in parts) - start
                cell = f"{cell[: kept + len(parts[0][1])]}{matched(_TICKS, tail)} "
        else:
            cell = " " if inner.strip() or not inner else inner
        if at in filled and not parts:
            cell = f" {filled[at].replace('|', _BAR)} "
        new += padded(cell, inner)
        position = end
    return new + row[position:]


def padded(cell: str, old: str) -> str:
    """The cell as wide as the old one, as far as that is possible with nothing lost."""
    if len(cell) < len(old):
        return cell + " " * (len(old) - len(cell))
    while len(cell) > len(old) and cell.endswith("  "):
        cell = cell[:-1]
    return cell


def turned_lines(text: str, known: Sequence[Column]) -> list[Span]:
    """The lines of a table that has a column per column, from its header on; none for other tables."""
    names = [place for item in known if (place := place_of(item, "name"))]
    if len(names) < _SEVERAL or len({line_start(text, place.start) for place in names}) > 1:
        return []
    start = line_start(text, names[0].start)
    lines: list[Span] = []
    while start < len(text) and "|" in (line := matched(LINE, text, start)):
        lines.append(Span(start, start + len(line.rstrip())))
        start = line_end(text, start)
    return lines


def turned_roles(text: str, lines: Sequence[Span]) -> tuple[str, ...]:
    """What each line of such a table is about."""
    return header_roles(tuple([cell_text(line.of(text), 0) for line in lines]))


_SEVERAL = 2
