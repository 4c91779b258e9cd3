"""Attributes in prose: `Every article may have a teaser of at most 280 characters`."""

import re
from collections.abc import Iterator
from dataclasses import replace

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details, Reference, read_details
from migration_ls.sources.spec.items import Item, Said, SaidColumn, SaidTable
from migration_ls.sources.spec.nouns import (
    TYPED_NOUNS,
    Attribute,
    column_name,
    guessed_type,
    named_attributes,
    read_attribute,
)
from migration_ls.sources.spec.types import type_of
from migration_ls.sources.spec.words import key_of, singular, snake, stem_of, words_of

_STORES = re.compile(
    r"(?:store|persist|save|keep|record|maintain|manage|track|create|hold)s?\s+(?:each\s+|every\s+|all\s+"
    r")?(?P<table>[\w -]+?)"
    r"(?:,?\s+each)?\s+(?:with|including|containing|consisting of|that (?:have|has|contain|contains)|along with|"
    r"having)\s+(?:the following\s+)?(?:fields\s*:?\s+|attributes\s*:?\s+)?(?P<list>.+)",
    re.IGNORECASE | re.DOTALL,
)
_AND = re.compile(
    r"\s*(?:,\s*and\s+|,\s*|\s+and\s+(?!\d)|\s+as well as\s+|\s+y\s+)"
    r"(?!(?:which|that|who|whose)\s)(?=(?:an?|the|its|their|optional|optionally|"
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


_THINGS_OF = re.compile(
    r"(?:uploaded\s+|attached\s+|all\s+|the\s+)*(?P<things>[a-z]+(?:\s[a-z]+)?)\s+(?:of|for|to|on)\s+(?:an?|the|each|every)\s+"
    r"(?P<owner>[\w ]+)\Z",
    re.IGNORECASE,
)


def _things_of(match: "re.Match[str]", clause: Clause, context: Context) -> Iterator[Item]:
    """A table of things of their own that belong to a row: `attachments of a ticket with file name and size`."""
    owner, things = context.tables.in_phrase(match["owner"]), words_of(match["things"])
    if owner is None or singular(things[-1]) == things[-1]:
        return
    owned = "_".join(key_of(owner.name))
    name = Name(f"{owned}_{'_'.join(things)}", owner.namespace)
    if context.tables.find(match["things"]) not in {None, name}:
        return
    said = context.said(clause.whole)
    listed = _STORES.fullmatch(clause.text.rstrip(" ."))
    items = [
        item
        for attribute in attributes_of(listed["list"] if listed else "")
        if (item := column_of(attribute, name, context, said, must=True, lenient=True))
    ]
    if items and context.tables.table(name) is None:
        context.tables.add(match["things"], name)
        yield SaidTable(name=name, said=said)
        key = Details(references=Reference(table=str(owner), on_delete="CASCADE"))
        yield SaidColumn(table=name, name=f"{owned}_id", details=key, said=said, must=True)
        yield from items


def stored(clause: Clause, context: Context) -> Iterator[Item]:
    """A new table: what the system shall store with attributes of its own, and no table holds yet."""
    match = _STORES.fullmatch(clause.text.rstrip(" ."))
    if match is None or clause.actor != "system":
        return
    noun = match["table"].strip()
    if things := _THINGS_OF.match(noun):
        yield from _things_of(things, clause, context)
        return
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
    read = (read_attribute(part) for whole in _with_details(parts) for part in _spelled_out(whole))
    return tuple(attribute for attribute in read if attribute)


def _spelled_out(part: str) -> tuple[str, ...]:
    """The attributes that brackets list: of `the position (latitude and longitude)` those two."""
    match = re.search(r"\((?P<inside>[a-z ,]+)\)\s*\Z", part, re.IGNORECASE)
    return (named_attributes(match["inside"]) if match else ()) or (part,)


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
    if not known and not lenient and details.nullable is not True:
        return None
    if not known and details.nullable is True:
        details = replace(details, type=ColumnType("text"))
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
