"""Ways to state a new table in a document, and to take a table out of it."""

import re
from collections.abc import Iterator

from migration_ls.rendering.schema_doc.key_ways import entries_for
from migration_ls.rendering.schema_doc.mending import Attempt, Version
from migration_ls.rendering.schema_doc.regions import line_end, line_start, lines_of, regions_of
from migration_ls.rendering.schema_doc.wording import wording
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Constraint, Index, Table
from migration_ls.text.edits import Edit, insert
from migration_ls.text.span import Span

_HEADING = re.compile(r"[ \t]{0,3}(?P<marks>#{1,6})[ \t]+\S")


def new_sections(version: Version, table: Table, newline: str) -> Iterator[Attempt]:
    """A section for a table with a row per column: behind the last table's, else at the end."""
    text = version.text
    origins = [item.origin.span for item in version.schema.tables.values() if item.origin is not None]
    last = max(origins, key=lambda span: span.start, default=Span(0, 0))
    level = _level(text, last.start)
    places = [len(text)]
    if level:
        places.insert(0, _section_end(text, last.start, level))
    name = str(table.name)
    for place in dict.fromkeys(places):
        for marks in dict.fromkeys(("#" * level, "##", "###", "#")):
            for title in (name, f"`{name}`", f"Table: `{name}`") if marks else ():
                lead = "" if place == 0 or text[place - 1] in "\r\n" else newline
                gap = "" if not place or text[:place].endswith(newline * 2) else newline
                body = f"{marks} {title}{newline}{newline}{_rows(table, newline)}{_lists(table, newline)}"
                follows = newline if text[place:].strip() else ""
                yield (insert(place, f"{lead}{gap}{body}{follows}"),)


def _level(text: str, offset: int) -> int:
    """The level of the heading at an offset; 0 where no heading stands there."""
    match = _HEADING.match(text, line_start(text, offset))
    return len(match["marks"]) if match else 0


def _section_end(text: str, start: int, level: int) -> int:
    """Where the section of the heading at `start` ends: before the next heading that is no deeper."""
    position, fence = line_end(text, start), ""
    while position < len(text):
        line = text[position : line_end(text, position)]
        mark = re.match(r"[ \t]{0,3}(```|~~~)", line)
        if mark:
            fence = "" if fence == mark[1] else fence or mark[1]
        elif not fence and (match := _HEADING.match(line)) and len(match["marks"]) <= level:
            return position
        position = line_end(text, position)
    return len(text)


def _rows(table: Table, newline: str) -> str:
    lines = ["| Column | Type | Nullable | Default | Constraints |", "|---|---|---|---|---|"]
    single = table.primary_key.columns if table.primary_key is not None else ()
    for column in table.columns:
        default = column.default.text if column.default is not None else ""
        left_out = {"not null", "nullable", f"default {default}"}
        words = [word for word in wording(table, column).small if word not in left_out]
        if column.name in single and "primary key" not in words:
            words.insert(0, "primary key")
        null = "no" if column.nullable is False or column.name in single else "yes"
        cells = (column.name, str(column.type), null, default, ", ".join(words))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return newline.join(lines) + newline


def _lists(table: Table, newline: str) -> str:
    """What has no place at a single column."""
    items: list[Constraint | Index] = [
        *(key for key in table.uniques if len(key.columns) > 1),
        *(key for key in table.foreign_keys if len(key.columns) > 1),
        *(check for check in table.checks if len(check.expression.columns) != 1),
        *table.indexes,
    ]
    parts: dict[str, list[str]] = {}
    for item in items:
        label, entry, _ = next(iter(entries_for(item, str(table.name))))
        parts.setdefault(label, []).append(f"- {entry}{newline}")
    return "".join(f"{newline}{label}{newline}{newline}{''.join(lines)}" for label, lines in parts.items())


def table_removals(version: Version, name: Name) -> Iterator[Attempt]:
    """Ways to take a table out: its section, its statement, or its entries; and what lists say of it."""
    table = version.schema.tables.get(name)
    if table is None or table.origin is None:
        return
    text, start = version.text, table.origin.span.start
    entries = [column.origin.span for column in table.columns if column.origin is not None]
    regions: list[Span] = []
    if level := _level(text, start):
        regions.append(Span(line_start(text, start), _section_end(text, start, level)))
    if entries and all(map(table.origin.span.covers, entries)):
        regions.insert(0, lines_of(text, table.origin.span))
    if entries:
        whole = [next(iter(regions_of(text, span))) for span in entries]
        first, last = min(span.start for span in whole), max(span.end for span in whole)
        regions.append(Span(min(first, line_start(text, start)), last))
        regions += [Span(first, last), _block(text, Span(min(first, start), last))]
    regions.append(lines_of(text, table.origin.span))
    told = [item.origin.span for item in (*table.constraints, *table.indexes) if item.origin is not None]
    for region in dict.fromkeys(regions):
        outside = {lines_of(text, span) for span in told if not region.covers(span)}
        more = [Edit(span, "") for span in sorted(outside, key=lambda span: span.start) if not _meet(span, region)]
        if more:
            yield (Edit(_with_empty_fence(text, region), ""), *more)
        yield (Edit(_with_empty_fence(text, region), ""),)


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _block(text: str, span: Span) -> Span:
    """The lines around entries up to those that are empty, or to the brace that closes them."""
    start, end = line_start(text, span.start), line_end(text, max(span.end - 1, span.start))
    while start > 0 and text[line_start(text, start - 1) : start].strip():
        start = line_start(text, start - 1)
    while end < len(text) and text[end : line_end(text, end)].strip() and not text[end:].lstrip().startswith("```"):
        end = line_end(text, end)
    return Span(start, end)


def _with_empty_fence(text: str, region: Span) -> Span:
    """The region with the fence around it, where nothing else stands in that."""
    before = re.search(r"(?:\A|(?<=[\r\n]))[ \t]{0,3}(?:```|~~~)[^\r\n]*(?:\r\n|\n|\r)\s*\Z", text[: region.start])
    after = re.compile(r"\s*?[ \t]{0,3}(?:```|~~~)[ \t]*(?:\r\n|\n|\r|\Z)").match(text, region.end)
    return Span(region.start - len(before[0]), after.end()) if before and after else region
