"""Entities in one line: `**CreditNote**: number (unique), invoice, amount`."""

import re
from collections.abc import Iterator
from dataclasses import replace

from migration_ls.schema.names import Name
from migration_ls.schema.request import Grade
from migration_ls.sources.spec.clauses import stores_nothing
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.names import mark_of
from migration_ls.sources.spec.details import read_details
from migration_ls.sources.spec.families.attributes import attributes_of, column_of
from migration_ls.sources.spec.items import Item, SaidColumn, SaidTable
from migration_ls.sources.spec.nouns import Attribute
from migration_ls.sources.spec.sentences import Sentence
from migration_ls.sources.spec.words import key_of, singular, words_of

_ENTITY = re.compile(
    r"(?P<mark>\*\*|__|`)?(?P<name>[A-Z]\w*(?:\s[A-Z]\w*){0,3}|[a-z]\w*)(?:\*\*|__|`)?\s*(?:\((?P<aside>[^()]*)\))?\s*(?:\*\*|__)?\s*(?::(?:\*\*)?|[-\u2013—](?=\s))\s*(?P<rest>.+)",
    re.DOTALL,
)
_EXACT = re.compile(r"`(?P<name>[^\W\d]\w*)`\s*\((?P<inside>[^()]*(?:\([^()]*\)[^()]*)*)\)")
_GAINS = re.compile(
    r"(?:\A|[;.,]\s+)(?:(?:also|now)\s+)?(?:gains?|gets?|receives?|new attributes?:?|new fields?:?|adds?|"
    r"additional(?:ly)?|extended with)\s+(?P<list>.+)",
    re.IGNORECASE | re.DOTALL,
)
_INTRODUCED = re.compile(
    r"(?:.*?[.;,]\s+)?(?:.*?\b)?(?:(?:key\s+)?attributes?|fields?|properties|includes?|including|contains?|"
    r"consists of|stores|holds|has|have|tracks|with)(?:\s+include)?\s*:?\s+(?P<list>.+)\Z",
    re.IGNORECASE | re.DOTALL,
)
_NOT_STORED = frozenset(
    """response payload view summary state filter query dto result error page
    screen prompt component props context options
    params parameters preview statistics stats dashboard badge""".split()
)


def entity_of(sentence: Sentence, text: str) -> tuple[str, str, int] | None:
    """Name, words and where the words begin in the sentence, of a line that describes an entity."""
    match = _ENTITY.match(sentence.text)
    raw = text[max(0, sentence.span.start - 3) : sentence.span.end] if sentence.offsets else ""
    if match is None or not (raw.lstrip("-*+ \t").startswith(("**", "__", "`")) or "**" in raw[:60] or match["mark"]):
        return None
    rest = match["rest"]
    words = f"({match['aside']}) {rest}" if match["aside"] else rest
    return match["name"], words, match.start("rest")


def is_unstored(name: str, words: str) -> bool:
    """Whether the words say that such a thing is not stored, or its name does."""
    last = singular(words_of(name)[-1]) if words_of(name) else ""
    head = words.split(";", maxsplit=1)[0]
    return stores_nothing(words) or mark_of(re.sub(r"\([^()]*\)", "", head)) == "unstored" or last in _NOT_STORED


def entity(sentence: Sentence, text: str, context: Context) -> Iterator[Item]:
    """A new table with the attributes that the line lists, or the attributes that an existing one gains."""
    found = entity_of(sentence, text)
    if found is None:
        return
    name, words, start = found
    exact = list(_EXACT.finditer(sentence.text, start))
    if is_unstored(name, words) and len(exact) < 2:
        return
    known = context.tables.find(name)
    if known and context.tables.table(known):
        yield from _gained(sentence, words, known, context)
        return
    table = known or (Name(_table_name(name, context), context.habits.namespace))
    said = context.said(sentence)
    if len(exact) >= 2:
        declared = replace(said, grade=Grade.DECLARED)
        context.tables.add(name, table)
        yield SaidTable(name=table, said=declared, is_whole=True)
        for match in exact:
            details = read_details(match["inside"])
            if details.is_typed or details.primary_key:
                yield SaidColumn(table=table, name=match["name"], details=details, said=declared)
        return
    listed = _list(words)
    items = [item for attribute in attributes_of(listed) if (item := _column(attribute, table, context, sentence))]
    if len(items) >= 2:
        context.tables.add(name, table)
        yield SaidTable(name=table, said=said)
        yield from items


def _column(attribute: Attribute, table: Name, context: Context, sentence: Sentence) -> SaidColumn | None:
    if key_of(attribute.phrase) in {("id",), ("identifier",), ("uuid",)}:
        return None
    said = context.said(sentence)
    return column_of(attribute, table, context, said, must=attribute.details.nullable is not True, lenient=True)


def _table_name(name: str, context: Context) -> str:
    return context.habits.table_name(words_of(name)).name if not name.islower() else name


def _list(words: str) -> str:
    """The part of a description that lists attributes."""
    first = words.split(",", maxsplit=1)[0]
    if len(first.split()) <= 4 and "," in words and not re.match(r"(?:represents|an?\s|the\s)", words, re.IGNORECASE):
        return words
    match = _INTRODUCED.match(words)
    return match["list"] if match else ""


def _gained(sentence: Sentence, words: str, table: Name, context: Context) -> Iterator[Item]:
    match = _GAINS.search(words)
    exact = list(_EXACT.finditer(match["list"] if match else words))
    if match or exact:
        for attribute in attributes_of(match["list"]) if match and not exact else ():
            said = context.said(sentence)
            if item := column_of(
                attribute, table, context, said, must=attribute.details.nullable is not True, lenient=True
            ):
                yield item
        said = context.said(sentence, Grade.DECLARED)
        for found in exact:
            details = read_details(found["inside"])
            if details.is_typed:
                yield SaidColumn(table=table, name=found["name"], details=details, said=said)
        return
    for attribute in attributes_of(words):
        if attribute.details.state == "new":
            said = context.said(sentence)
            plain = replace(attribute, details=replace(attribute.details, state=None))
            if item := column_of(plain, table, context, said, must=None, lenient=True):
                yield item
