"""Attributes in prose: `Every article may have a teaser of at most 280 characters`."""

import re
from collections.abc import Iterator
from dataclasses import replace

from migration_ls.schema.names import Name
from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details, Reference, read_details
from migration_ls.sources.spec.items import Item, Said, SaidColumn, SaidTable
from migration_ls.sources.spec.nouns import TYPED_NOUNS, Attribute, column_name, guessed_type, read_attribute
from migration_ls.sources.spec.types import type_of
from migration_ls.sources.spec.words import key_of, singular, snake, stem_of, words_of

_MODAL = r"(?P<modal>must|shall|should|will|can|may|might|needs? to|has to|have to)\s+"
_HAS = re.compile(
    rf"(?P<table>.+?)\s+(?:{_MODAL})?(?:also\s+|always\s+|optionally\s+)?"
    r"(?P<verb>have|has|needs?(?! to)|carry|carries|get|gets|gain|gains|include|includes|contain|store|hold|be "
    r"given|record|receive|receives|come with|track)\s+(?P<list>.+)",
    re.IGNORECASE | re.DOTALL,
)
_STORES = re.compile(
    r"(?:store|persist|save|keep|record|maintain|manage|track|create|hold)s?\s+(?:each\s+|every\s+|all\s+"
    r")?(?P<table>[\w -]+?)"
    r"(?:,?\s+each)?\s+(?:with|including|containing|consisting of|that (?:have|has|contain|contains)|along with|"
    r"having)\s+(?:the following\s+)?(?:fields\s*:?\s+|attributes\s*:?\s+)?(?P<list>.+)",
    re.IGNORECASE | re.DOTALL,
)
_STORES_OF = re.compile(
    r"(?:store|persist|save|keep|record|remember|track|capture|hold|support)s?\s+(?:track of\s+)?(?P<list>.+)\s+"
    r"(?:of|for|on|per|with)\s+(?:an?|the|each|every|all|any)?\s*(?P<table>[\w ]+?)\s*(?P<aside>\([^()]*\))?",
    re.IGNORECASE | re.DOTALL,
)
_SETS = re.compile(
    r"(?:set|add|specify|enter|give|define|attach|record|assign|provide|write|store|put|leave)(?:ting|ding|"
    r"ing)?\s+(?P<list>.+?)\s+(?:for|to|of|on|with|when (?:creating|adding))\s+(?:an?|the|each|every|any|their|my|"
    r"all)?\s*(?P<table>[\w ]+?)(?:\s+(?:when|so|and|while)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
_CREATES = re.compile(
    r"(?:create|add|register|enter)\s+(?:an?\s+|new\s+)*(?P<table>[\w -]+?)\s+with\s+(?P<list>.+)",
    re.IGNORECASE | re.DOTALL,
)
_AND = re.compile(
    r"\s*(?:,\s*and\s+|,\s*|\s+and\s+(?!\d)|\s+as well as\s+|\s+y\s+)(?=(?:an?|the|its|their|optional|optionally|"
    r"un|una)\s|[\w-]+)",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"(?P<verb>[a-z]+)\s+(?:an?|the|each|any|their|his or her)\s+(?:own\s+)?(?P<object>[\w ]+?)(?P<once>\s+"
    r"(?:only\s+)?once)?"
    r"(?:,?\s+(?:(?:with|using|giving|on a scale)\s+)?(?:from|between)\s+(?P<low>\d+)\s+(?:to|and)\s+"
    r"(?P<high>\d+)(?:\s+(?P<unit>[a-z]+))?)?"
    r"(?:,?\s+(?:and\s+)?with\s+(?P<list>.+))?",
    re.IGNORECASE | re.DOTALL,
)
_NOT_THINGS = frozenset(
    """option ability way access
    permission right button link list page view filter search overview copy history report limit
    chance choice dialog form field column table row screen tab menu icon badge chip preview error warning
    notification confirmation tooltip endpoint request response values one it them look following same more
    most""".split()
)


def attributes(clause: Clause, context: Context) -> Iterator[Item]:
    """Columns for the attributes that a sentence gives a table."""
    text = clause.text.rstrip(" .")
    if clause.actor == "none":
        if match := _HAS.fullmatch(text):
            modal = (match["modal"] or "").lower()
            must = None if not modal else modal not in {"can", "may", "might"}
            yield from _listed(clause, context, match, must=must, lenient=_names_it(match["verb"]))
        return
    patterns = (_STORES, _STORES_OF) if clause.actor == "system" else (_CREATES, _SETS)
    for pattern in patterns:
        if match := pattern.fullmatch(text):
            must = True if pattern is _STORES else False if pattern is _SETS else None
            items = tuple(_listed(clause, context, match, must=must, lenient=False))
            if items:
                yield from items
                return


def stored(clause: Clause, context: Context) -> Iterator[Item]:
    """A new table: what the system shall store with attributes of its own, and no table holds yet."""
    match = _STORES.fullmatch(clause.text.rstrip(" ."))
    if match is None or clause.actor != "system":
        return
    noun = match["table"].strip()
    words = words_of(noun)
    known = context.tables.find(noun)
    if (known and context.tables.table(known)) or not 1 <= len(words) <= 3 or words[-1] in _NOT_THINGS:
        return
    if known is None and (singular(words[-1]) == words[-1] or context.tables.in_phrase(noun)):
        return
    name = known or context.habits.table_name(words)
    said = context.said(clause.whole)
    items = [
        item
        for attribute in attributes_of(match["list"])
        if (item := column_of(attribute, name, context, said, must=True, lenient=True))
    ]
    if len(items) >= 2:
        context.tables.add(noun, name)
        yield SaidTable(name=name, said=said)
        yield from items


def _names_it(verb: str) -> bool:
    return verb.lower().startswith(("gain", "get", "receive"))


def _listed(
    clause: Clause, context: Context, match: "re.Match[str]", *, must: bool | None, lenient: bool
) -> Iterator[Item]:
    table = context.tables.in_phrase(match["table"])
    if table is None or context.tables.is_external(table):
        return
    for attribute in attributes_of(f"{match['list']} {match.groupdict().get('aside') or ''}"):
        item = column_of(attribute, table, context, context.said(clause.whole), must=must, lenient=lenient)
        if item:
            yield item


def attributes_of(text: str) -> tuple[Attribute, ...]:
    """The attributes of `a number, the invoice they correct and an optional reason (up to 500 characters)`."""
    parts: list[str] = []
    depth, start = 0, 0
    text = text.strip().rstrip(".")
    position = 0
    while position < len(text):
        character = text[position]
        depth += (character in "([{") - (character in ")]}")
        if depth <= 0 and (match := _AND.match(text, position)) and match.end() > match.start():
            parts.append(text[start:position])
            start = position = match.end()
            continue
        if depth <= 0 and character == ";":
            parts.append(text[start:position])
            start = position + 1
        position += 1
    parts.append(text[start:])
    read = (read_attribute(part) for part in _with_details(parts))
    return tuple(attribute for attribute in read if attribute)


def _with_details(parts: list[str]) -> list[str]:
    """The parts that name something, each with those after it that only say more: `a language`, `default "en"`."""
    joined: list[str] = []
    for part in parts:
        bare = part.strip()
        details = read_details(bare) if bare and joined else None
        if details is not None and details != Details() and not details.unread and type_of(bare) is None:
            joined[-1] += f" ({bare})"
        elif bare:
            joined.append(bare)
    return joined


def column_of(
    attribute: Attribute, table: Name, context: Context, said: Said, *, must: bool | None, lenient: bool
) -> SaidColumn | None:
    """The column for an attribute; None for what is no attribute of a known sort, unless `lenient`."""
    words = words_of(attribute.phrase)
    if words[-1] in _NOT_THINGS or singular(words[-1]) in _NOT_THINGS:
        return None
    details = attribute.details
    if other := context.tables.find(attribute.phrase):
        if singular(words[-1]) != words[-1]:
            return None
        if other != table:
            details = replace(details, references=Reference(table=str(other)))
            return SaidColumn(table=table, name=f"{snake(attribute.phrase)}_id", details=details, said=said, must=must)
    if not lenient and singular(words[-1]) != words[-1] and words[-1] not in TYPED_NOUNS:
        # `have comments`: things of their own, not an attribute.
        return None
    name = column_name(attribute.phrase)
    if details.state in {"computed", "existing", "removed"}:
        return None
    known = details.is_typed or details.default or guessed_type(name, context.habits) is not None
    if not known and not lenient:
        return None
    return SaidColumn(table=table, name=name, details=details, said=said, must=False if details.nullable else must)


def actions(clause: Clause, context: Context) -> Iterator[Item]:
    """A verb whose noun is a new table: `rate an order once, from 1 to 5 stars` where there is a Rating."""
    if clause.actor != "person" or not (match := _ACTS.fullmatch(clause.text.rstrip(" ."))):
        return
    table = _table_of_verb(match["verb"], context)
    other = context.tables.in_phrase(match["object"])
    if table is None or other is None or table == other:
        return
    said = context.said(clause.whole)
    yield SaidTable(name=table, said=said)
    details = Details(references=Reference(table=str(other)), unique=bool(match["once"]))
    yield SaidColumn(table=table, name=f"{'_'.join(key_of(other.name))}_id", details=details, said=said, must=True)
    if match["low"]:
        unit = match["unit"] or "score"
        yield SaidColumn(
            table=table, name=snake(unit), details=Details(low=match["low"], high=match["high"]), said=said, must=True
        )
    for attribute in attributes_of(match["list"] or ""):
        if item := column_of(attribute, table, context, said, must=True, lenient=True):
            yield item


def _table_of_verb(verb: str, context: Context) -> Name | None:
    stem = stem_of(verb)
    found = {name for words, name in context.tables.new.items() if len(words) == 1 and stem_of(words[0]) == stem}
    return found.pop() if len(found) == 1 else None
