"""Ways to say another type, NULL or default of a column that a document has."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from migration_ls.rendering.schema_doc.cells import (
    BARS,
    CLOSERS,
    LINE,
    NO_WORDS,
    YES_WORDS,
    cells_of,
    matched,
    padded,
    peers_of,
    place_of,
    turned_lines,
    turned_roles,
)
from migration_ls.rendering.schema_doc.mending import Attempt, Version
from migration_ls.rendering.schema_doc.regions import regions_of
from migration_ls.rendering.schema_doc.vocabulary import Facts, entries_of, vocabulary_of
from migration_ls.rendering.schema_doc.wording import prisma_types, spellings, wording
from migration_ls.schema.tables import Column, Table
from migration_ls.sources.markdown.document import read_document
from migration_ls.text.edits import Edit, insert
from migration_ls.text.span import Span


def changes(version: Version, table: Table, facts: Facts, aspect: str) -> Iterator[Attempt]:
    """Ways to say another type, NULL or default of a column that stands in the document."""
    told = version.schema.tables.get(table.name)
    column = told.column(facts.column.name) if told else None
    if told is None or column is None or column.origin is None:
        return
    text = version.text
    if aspect == "type" and (place := place_of(column, "type")) is not None:
        types = [words.of(text) for item in told.columns if (words := place_of(item, "type"))]
        vocabulary = vocabulary_of(entries_of(read_document(text)), types)
        for word in (*spellings(vocabulary, facts), *prisma_types(facts.column.type, nullable=column.nullable is True)):
            if text[place.end - 1] == "?":
                yield (Edit(place, f"{word}?"),)
            yield (_fitted(text, place, word),)
            yield (Edit(place, word),)
            extended = re.compile(r"\s*(?:\(\s*[\d\s,]*\)|\bwith(?:out)? time zone\b|@db\.\w+(?:\([^()]*\))?)").match(
                text, place.end
            )
            if extended:
                yield (Edit(Span(place.start, extended.end()), word),)
        return
    if aspect == "type":
        yield from _types_in_words(text, column, facts)
        return
    if aspect == "nullable":
        yield from _nullability(version, told, column, nullable=facts.column.nullable is not False)
    elif aspect == "default":
        yield from _defaults(version, column, facts)
    yield from _in_turned(version, told, column, facts, aspect)
    yield from said_behind(version, column, _words_for(aspect, table, facts.column))


def _types_in_words(text: str, column: Column, facts: Facts) -> Iterator[Attempt]:
    """Another type where the old one stands in the column's own words, in any spelling."""
    span = column.origin.span if column.origin is not None else Span(0, 0)
    plain = vocabulary_of((), (span.of(text),))
    old = spellings(plain, replace(facts, column=column, enum=()))
    for word in sorted(old, key=len, reverse=True):
        for match in re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE).finditer(text, span.start, span.end):
            for new in spellings(plain, facts):
                yield (Edit(Span(*match.span()), new),)


def _in_turned(version: Version, told: Table, column: Column, facts: Facts, aspect: str) -> Iterator[Attempt]:
    """The cell of a column in the line of a turned table that is about the aspect, or about conditions."""
    text, name = version.text, place_of(column, "name")
    lines = turned_lines(text, told.columns)
    if not lines or name is None:
        return
    cells = cells_of(lines[0].of(text))
    offset = name.start - lines[0].start
    at = next((number for number, (start, end) in enumerate(cells) if start <= offset < end), 0)
    words = {
        "default": [facts.column.default.text if facts.column.default else ""],
        "nullable": [*(YES_WORDS if facts.column.nullable else NO_WORDS)],
    }
    for line, role in zip(lines, turned_roles(text, lines), strict=True):
        found = cells_of(line.of(text))
        said = (
            words.get(aspect, [])
            if role == aspect
            else _words_for(aspect, told, facts.column)
            if role == "conditions"
            else ()
        )
        for word in said if len(found) > at else ():
            start, end = (line.start + edge for edge in found[at])
            yield (Edit(Span(start, end), f" {word} " if word else " "),)


def _fitted(text: str, place: Span, word: str) -> Edit:
    """The word in its place, so that what stands behind it in a padded line stays where it is."""
    room = place.end - place.start
    if len(word) < room:
        return Edit(place, word + " " * (room - len(word)))
    spare = len(matched(_SPACES, text, place.end)) - 1
    return Edit(Span(place.start, place.end + max(0, min(spare, len(word) - room))), word)


_SPACES = re.compile(r" *")


def _words_for(aspect: str, table: Table, column: Column) -> tuple[str, ...]:
    said = wording(table, column)
    marks = {
        "nullable": r"(?i)not null|nullable|null",
        "default": r"(?i)default",
        "counts": r"(?i)auto|generated .*identity",
        "generated": r"(?i)generated always as \(",
    }
    words = [word for word in (*said.small, *said.capital) if re.match(marks.get(aspect, r"\Z"), word)]
    if aspect == "nullable" and not words:
        words = ["not null"] if column.nullable is False else ["nullable"]
    return tuple(words)


def _nullability(version: Version, told: Table, column: Column, *, nullable: bool) -> Iterator[Attempt]:
    place = place_of(column, "nullable")
    text = version.text
    if place is None:
        kind = place_of(column, "type")
        name = place_of(column, "name")
        if kind is not None and nullable:
            yield (insert(kind.end, "?"),)
        if name is not None and not text[name.end : name.end + 1].isspace():
            # a mark that the legend of the document explains
            mark = Edit(Span(name.end, name.end + 1), "")
            yield (mark,)
            for attempt in islice(said_behind(version, column, ("nullable" if nullable else "not null",)), 20):
                yield (mark, *attempt)
        return
    tables = (told, *version.schema.tables.values())
    peers = [word for table in tables for word in peers_of(version, table.columns, nullable=nullable)]
    for word in dict.fromkeys(
        (*peers, *(YES_WORDS if nullable else NO_WORDS), "nullable" if nullable else "required", "optional")
    ):
        if "|" in text[place.end : place.end + 40]:
            yield (_fitted(text, place, word),)
        yield (Edit(place, word),)
    yield from without(text, place)
    if nullable:
        kind = place_of(column, "type")
        if kind is not None:
            for attempt in without(text, place):
                yield (*attempt, insert(kind.end, "?"))


_DEFAULT = re.compile(r"@?\bdefaults?(?:\s+(?:to|is|value))?\s*[:=]?\s*[`(]?\Z", re.IGNORECASE)
_ANY_WORDS = re.compile(r"\w+(?:\s+\w+)?\s*[:=]?\s*[`(]?\Z")
"""How `default` may be said in another language."""


def _defaults(version: Version, column: Column, facts: Facts) -> Iterator[Attempt]:
    place = place_of(column, "default")
    if place is None:
        return
    text = version.text
    if facts.column.default is not None:
        yield (Edit(place, facts.column.default.text.replace("|", "\\|")),)
        yield (Edit(place, f"`{facts.column.default.text}`"),)
        if facts.column.default.value:
            yield (Edit(place, facts.column.default.value),)
        return
    before = text[max(0, place.start - 30) : place.start]
    lead = _DEFAULT.search(before) or _ANY_WORDS.search(before)
    start = place.start - len(lead[0]) if lead else place.start
    tick = place.end + (text[place.end : place.end + 1] in {"`", ")"})
    yield from without(text, Span(start, tick))
    yield from without(text, place)


def without(text: str, span: Span) -> Iterator[Attempt]:
    """Ways to take words out of a list of words."""
    before = re.search(r"\s*[,;·]\s*\Z", text[max(0, span.start - 10) : span.start])
    after = re.compile(r"\s*[,;·]\s*").match(text, span.end)
    if after:
        yield (Edit(Span(span.start, after.end()), ""),)
    if before:
        yield (Edit(Span(span.start - len(before[0]), span.end), ""),)
    opened = re.search(r"\s*(?:\(|<<|\"|\[|—|-|:)\s*\Z", text[max(0, span.start - 10) : span.start])
    closed = re.compile(r"\s*(?:\)|>>|\"|\])").match(text, span.end)
    if opened:
        yield (Edit(Span(span.start - len(opened[0]), closed.end() if closed else span.end), ""),)
    space = re.search(r"[ \t]+\Z", text[max(0, span.start - 10) : span.start])
    if space:
        yield (Edit(Span(span.start - len(space[0]), span.end), ""),)
    yield (Edit(span, ""),)


def said_behind(version: Version, column: Column, words: Sequence[str]) -> Iterator[Attempt]:
    """Ways to add words to an entry: in its brackets, behind what is said, behind its type."""
    if column.origin is None:
        return
    text, span = version.text, column.origin.span
    kind = place_of(column, "type")
    region = next(iter(regions_of(text, span)), span)
    body = text[span.start : span.end]
    line_last = span.start + len(matched(LINE, body).rstrip(" ,;"))
    for word in words:
        if BARS.search(text, region.start, region.end):
            yield from _in_cells(text, region, word)
            continue
        for match in reversed(list(re.finditer(r"\)", body))):
            yield (insert(span.start + match.start(), f", {word}"),)
        for offset in dict.fromkeys((span.end, line_last, kind.end if kind else span.end)):
            for lead, tail in ((", ", ""), (" (", ")"), (" ", ""), (" — ", ""), ("; ", "")):
                yield (insert(offset, f"{lead}{word}{tail}"),)
        if kind is not None:
            name = place_of(column, "name")
            last = max(kind.end, name.end if name else 0)
            offset = last + len(matched(CLOSERS, text, last))
            for lead, tail in ((" (", ")"), (", ", ""), (" ", ""), (' "', '"'), (" <<", ">>"), (" [", "]")):
                yield (insert(offset, f"{lead}{word}{tail}"),)
        for mark in ('"', ">>", "]"):
            if (at := body.rfind(mark)) > 0:
                yield (insert(span.start + at, f", {word}"),)


def _in_cells(text: str, region: Span, word: str) -> Iterator[Attempt]:
    row = text[region.start : region.end]
    quiet = word.replace("|", "\\|")
    for start, end in reversed(cells_of(row)):
        inner = row[start:end]
        at = region.start + start + len(inner.rstrip())
        if not inner.strip():
            width = len(inner)
            new = f" {quiet} " if width else quiet
            yield (Edit(Span(region.start + start, region.start + end), padded(new, inner)),)
        else:
            spare = len(inner) - len(inner.rstrip())
            added = f", {quiet}"
            taken = max(0, min(spare - 1, len(added)))
            yield (Edit(Span(at, at + taken), added),)
