"""Ways to say of a column what a document does not say yet: it is there, its type, NULL, its default."""

import re
from collections.abc import Iterator, Sequence

from migration_ls.rendering.schema_doc.cells import (
    CLOSERS,
    LINE,
    NO_WORDS,
    YES_WORDS,
    cells_of,
    filled_row,
    matched,
    peers_of,
    place_of,
    turned_lines,
    turned_roles,
)
from migration_ls.rendering.schema_doc.mending import Attempt, Version
from migration_ls.rendering.schema_doc.regions import line_start, regions_of
from migration_ls.rendering.schema_doc.vocabulary import Facts, entries_of, vocabulary_of
from migration_ls.rendering.schema_doc.wording import endings, prisma_types, spellings, wording
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Check, Column, Constraint, Exclusion, Index, Table
from migration_ls.sources.markdown.document import read_document
from migration_ls.text.edits import Edit, insert
from migration_ls.text.span import Span

_TEMPLATES = 4


def removals(version: Version, column: Column) -> Iterator[Attempt]:
    """Ways to take a column out."""
    if column.origin is None:
        return
    text = version.text
    for region in regions_of(text, column.origin.span):
        yield (Edit(region, ""),)
        if before := re.search(r",([ \t]*(?:--[^\r\n]*)?\s*)\Z", text[: region.start]):
            # the comma of the entry before it is one too many in SQL
            yield (Edit(Span(before.start(), before.start() + 1), ""), Edit(region, ""))


def renamings(version: Version, name: Name, old: str, new: str) -> Iterator[Attempt]:
    """Ways to call a column otherwise: where it stands and where keys and indexes speak of it, or where it stands."""
    table = version.schema.tables.get(name)
    column = table.column(old) if table else None
    place = place_of(column, "name") if column else None
    if table is None or place is None:
        return
    text = version.text
    written = place.of(text)
    spoken = new if written.strip('"`[]') == old else written.replace(old, new)
    first = Edit(place, written.replace(old, new) if old in written else spoken)
    told = [item.origin for item in (*table.constraints, *table.indexes) if old in _spoken_of(item)]
    told += [
        key.origin
        for other in version.schema.tables.values()
        for key in other.foreign_keys
        if key.ref_table == name and old in key.ref_columns
    ]
    word = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)")
    spans = {
        Span(*match.span())
        for origin in told
        if origin is not None
        for match in word.finditer(text, origin.span.start, origin.span.end)
    }
    yield (first, *[Edit(span, new) for span in sorted(spans - {place}, key=lambda span: span.start)])
    yield (first,)


def _spoken_of(item: Constraint | Index) -> frozenset[str]:
    """The columns that a key, check or index names."""
    match item:
        case Check(expression=condition):
            return condition.columns
        case Index():
            return frozenset(re.findall(r"\w+", f"{item.columns} {item.where} {item.parts}"))
        case Exclusion():
            return frozenset()
        case _:
            return frozenset(item.columns)


def additions(version: Version, table: Table, facts: Facts) -> Iterator[Attempt]:
    """Ways to put a column behind another, in the form of the other."""
    told = version.schema.tables.get(table.name)
    if told is None:
        return
    known = [column for column in told.columns if place_of(column, "name") and column.origin]
    yield from _turned(version, table, known, facts)
    said = {column.name: _said_of(told, column) for column in known}
    plain = sorted(known, key=lambda column: said[column.name])
    for template in dict.fromkeys([*plain[:_TEMPLATES], *known[-1:]]):
        yield from _like(version, table, template, known, facts)


def _said_of(table: Table, column: Column) -> int:
    """How much is said of a column; one of which little is said is a good model."""
    keys = [item.columns for item in table.uniques] + [item.columns for item in table.foreign_keys]
    keys += [item.columns for item in table.indexes]
    checks = [item.expression.columns for item in table.checks]
    used = sum(column.name in columns for columns in (*keys, *checks)) + (column.default is not None)
    return used + 4 * (table.primary_key is not None and column.name in table.primary_key.columns)


def _like(version: Version, table: Table, template: Column, known: Sequence[Column], facts: Facts) -> Iterator[Attempt]:
    """A copy of another column's entry with the new name and type, and with other words behind them."""
    name, kind = place_of(template, "name"), place_of(template, "type")
    if name is None or kind is None or template.origin is None:
        return
    text, column = version.text, facts.column
    documented = read_document(text)
    spelled = [place.of(text) for item in known if (place := place_of(item, "type"))]
    words = vocabulary_of(entries_of(documented), spelled)
    types = (*spellings(words, facts), *prisma_types(column.type, nullable=column.nullable is not False))
    said = wording(table, column)
    others = [item.origin.span for item in known if item.origin is not None and item.origin != template.origin]
    habits = [_behind(text, item) for item in known]
    own = [region for region in regions_of(text, template.origin.span) if not any(map(region.covers, others))]
    for region in own[:2]:
        if region.start > min(name.start, kind.start) or region.end < max(name.end, kind.end):
            continue
        for kind_words in types:
            yield from _rows_like(version, table, template, region, known, facts, kind_words)
            first, second = sorted(((name, column.name), (kind, kind_words)), key=lambda item: item[0].start)
            head = text[region.start : first[0].start] + first[1] + text[first[0].end : second[0].start] + second[1]
            rest = text[second[0].end : region.end]
            for ending in endings(said, column, habits):
                for tail in _tails(rest, head, ending):
                    yield (insert(region.end, _on_own_line(text, region, head + tail)),)


def _turned(version: Version, table: Table, known: Sequence[Column], facts: Facts) -> Iterator[Attempt]:
    """A cell more in every line of a table that has a column per column."""
    text, column = version.text, facts.column
    lines = turned_lines(text, known)
    if not lines:
        return
    roles = turned_roles(text, lines)
    nulls = peers_of(version, known, nullable=column.nullable) or (YES_WORDS if column.nullable else NO_WORDS)[:4]
    said = wording(table, column)
    kinds = spellings(vocabulary_of((), [place.of(text) for item in known if (place := place_of(item, "type"))]), facts)
    for kind in kinds:
        for null in nulls:
            for rest in ("", ", ".join(said.small), ", ".join(said.capital)):
                values = {"type": kind, "nullable": null, "required": null, "conditions": rest}
                values["default"] = column.default.text if column.default else ""
                cells = [column.name, "---", *[values.get(role, "") for role in roles[2:]]]
                yield tuple(
                    insert(line.end, f" {cell} |" if cell else " |") for line, cell in zip(lines, cells, strict=False)
                )


def _behind(text: str, column: Column) -> str:
    """What stands behind name and type of a column, on its line."""
    places = [place for part in ("name", "type") if (place := place_of(column, part))]
    end = max((place.end for place in places), default=0)
    return matched(LINE, text, end + len(matched(CLOSERS, text, end)))


def _on_own_line(text: str, region: Span, new: str) -> str:
    """The new entry; behind a last line that is not ended, on a line of its own."""
    newline = next((mark for mark in ("\r\n", "\n", "\r") if mark in text), "\n")
    if region.start == line_start(text, region.start) and region.end and text[region.end - 1] not in "\r\n":
        return newline + new
    return new


def _tails(rest: str, head: str, ending: str) -> Iterator[str]:
    """What follows name and type: marks that close, the words, and what ends the line."""
    closing = matched(CLOSERS, rest)
    line = matched(LINE, rest)
    ended = rest[len(line) :]
    newline = ended if not ended.strip() else matched(_LINE_END, ended)
    comma = "," if line.rstrip().endswith(",") else ""
    close = _found(_CLOSING_TAGS, line)
    if head.count("(") > head.count(")"):
        inside = ending.strip().removeprefix("(").removesuffix(")").lstrip(",;:— ")
        yield f"{', ' if inside else ''}{inside}){comma}{newline}"
        return
    yield f"{closing}{ending}{comma}{close}{newline}"
    if closing:
        yield f"{ending}{closing}{comma}{close}{newline}"


_LINE_END = re.compile(r"(?:\r\n|\n|\r)?")
_CLOSING_TAGS = re.compile(r"(?:</\w+>\s*)+\Z")


def _found(pattern: "re.Pattern[str]", text: str) -> str:
    match = pattern.search(text)
    return match[0] if match else ""


def _rows_like(
    version: Version,
    table: Table,
    template: Column,
    region: Span,
    known: Sequence[Column],
    facts: Facts,
    kind_words: str,
) -> Iterator[Attempt]:
    """A copy of a row: cells of the new column's values, all others empty."""
    text, column = version.text, facts.column
    row = text[region.start : region.end]
    name, kind = place_of(template, "name"), place_of(template, "type")
    cells = cells_of(row)
    if name is None or kind is None or len(cells) < 2:
        return
    said = {"name": (name, column.name), "type": (kind, kind_words)}
    null_words = peers_of(version, known, nullable=column.nullable)
    null_place = place_of(template, "nullable")
    default_place = place_of(template, "default")
    value = column.default.text if column.default else ""
    for null in (null_words or ("", *(YES_WORDS if column.nullable else NO_WORDS)[:4])) if null_place else ("",):
        changes = dict(said)
        if null_place:
            changes["nullable"] = (null_place, null)
        if default_place:
            changes["default"] = (default_place, value)
        yield (insert(region.end, filled_row(row, region.start, cells, changes, {})),)
        for at in range(len(cells)):
            filled = {} if default_place or not value else {at: value}
            if filled:
                yield (insert(region.end, filled_row(row, region.start, cells, changes, filled)),)
            rest = wording(table, column)
            for words in (rest.small, rest.capital):
                yield (insert(region.end, filled_row(row, region.start, cells, changes, {at: ", ".join(words)})),)
