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
from migration_ls.sources.spec.nouns import TYPED_NOUNS, Attribute, column_name, guessed_type, read_attribute
from migration_ls.sources.spec.types import type_of
from migration_ls.sources.spec.words import key_of, list_of, singular, snake, stem_of, words_of

_MODAL = r"(?P<modal>must|shall|should|will|can|may|might|needs? to|has to|have to)\s+"
_HAS = re.compile(
    rf"(?P<table>[^;]+?)\s+(?:{_MODAL})?(?:also\s+|always\s+|optionally\s+)?"
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
    r"(?:of|for|on|per|with)\s+(?:an?|the|each|every|all|any)?\s*(?P<table>[\w ]+?)(?P<unit>\s+in\s+(?:whole\s+"
    r")?[a-z]+)?"
    r"\s*(?P<aside>\([^()]*\))?",
    re.IGNORECASE | re.DOTALL,
)
_SETS = re.compile(
    r"(?:set|add|specify|enter|give|define|attach|record|assign|provide|write|store|put|leave)(?:ting|ding|"
    r"ing)?\s+(?P<list>.+?)\s+(?:for|to|of|on|with|when (?:creating|adding))\s+(?:an?|the|each|every|any|their|my|"
    r"all)?\s*(?P<table>[\w ]+?)(?:\s+(?:when|so|and|while)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
_PROVIDES = re.compile(
    rf"(?P<table>.+?)\s+{_MODAL}(?:be able to\s+)?(?P<verb>provide|specify|state|give|supply|indicate|enter|"
    rf"carry|show|bear|contain|have)\s+"
    r"(?P<list>(?:an?|the|their|its|one|optional|exactly one)\s+.+)",
    re.IGNORECASE | re.DOTALL,
)
_IS_SET = re.compile(
    rf"(?P<list>(?:an?|the|one|optional)\s+.+?)\s+{_MODAL}be\s+(?:set|given|stored|recorded|entered|assigned|added|noted|kept"
    rf"|"
    r"specified|saved|defined|attached|stated)\s+(?:on|for|to|of|with|in|per)\s+(?:an?|the|each|every|"
    r"any)?\s*(?P<table>[\w ]+?)"
    r"(?P<aside>\s*\([^()]*\))?",
    re.IGNORECASE | re.DOTALL,
)
_IS_STORED = re.compile(
    r"(?:(?P<before>.*?),?\s+(?:so|and|therefore|which is why)\s+)?(?:the|their|its|his|her)\s+(?P<list>[\w -]+?)"
    r"(?:\s+of\s+(?:an?|the|each|every)\s+(?P<table>[\w ]+?))?\s+(?:is|are|must be|shall be|will be|has to be|"
    r"should be)\s+"
    r"(?:also\s+|always\s+)?(?:stored|recorded|saved|persisted|remembered|noted)(?:\s+(?:with|for)\s+(?:it|them))?",
    re.IGNORECASE | re.DOTALL,
)
_IS_NUMBER = re.compile(
    r"(?:the\s+|an?\s+)(?P<name>[\w ]+?)\s+of\s+(?:an?|the|each|every)\s+(?P<table>[\w ]+?)\s+(?:is|must be|"
    r"shall be)\s+"
    r"(?:an?\s+)?(?:whole\s+)?(?:number|integer|score|value|grade)\s+(?:from|between)\s+(?P<low>\d+)(?:\s*\([^()]*\))?\s+"
    r"(?:to|and)\s+(?P<high>\d+)(?:\s*\([^()]*\))?",
    re.IGNORECASE | re.DOTALL,
)
_CREATES = re.compile(
    r"(?:create|add|register|enter)\s+(?:an?\s+|new\s+)*(?P<table>[\w -]+?)\s+with\s+(?P<list>.+)",
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
_EXISTING = re.compile(r"(?:all\s+)?(?:existing|old|current|former)\s", re.IGNORECASE)
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
    if _EXISTING.match(text):
        return
    if clause.actor == "none":
        if (match := _IS_NUMBER.fullmatch(text)) and (item := _number(clause, context, match)):
            yield item
            return
        if match := _IS_STORED.fullmatch(text):
            yield from _stored_of(clause, context, match)
            return
        if (match := _IS_SET.fullmatch(text)) and (
            items := tuple(_listed(clause, context, match, must=False, lenient=False))
        ):
            yield from items
            return
        if match := _HAS.fullmatch(text):
            modal = (match["modal"] or "").lower()
            if match["verb"].lower().startswith(("receive", "get")) and _are_people(match["table"], context):
                return
            must = None if not modal else modal not in {"can", "may", "might"}
            yield from _listed(clause, context, match, must=must, lenient=_names_it(match["verb"]))
        return
    if clause.actor == "person" and (match := _PROVIDES.fullmatch(clause.whole.text.rstrip(" ."))):
        # people who are rows: `each member must provide a phone number`
        must = match["modal"].strip().lower() not in {"can", "may", "might"}
        if items := tuple(_listed(clause, context, match, must=must, lenient=False)):
            yield from items
            return
    patterns = (_STORES, _STORES_OF) if clause.actor == "system" else (_CREATES, _SETS)
    for pattern in patterns:
        if match := pattern.fullmatch(text):
            must = True if pattern is _STORES else False if pattern is _SETS else None
            items = tuple(_listed(clause, context, match, must=must, lenient=False))
            if items:
                yield from items
                return


def _number(clause: Clause, context: Context, match: "re.Match[str]") -> SaidColumn | None:
    """A number within bounds that no column holds yet."""
    table = context.tables.in_phrase(match["table"])
    if table is None or context.tables.column_meant(table, match["name"]) is not None:
        return None
    details = Details(type=ColumnType("smallint"), low=match["low"], high=match["high"])
    return SaidColumn(
        table=table, name=column_name(match["name"]), details=details, said=context.said(clause.whole), must=None
    )


def _stored_of(clause: Clause, context: Context, match: "re.Match[str]") -> Iterator[Item]:
    """What is stored of the rows that the sentence speaks of: `members must be 14, so their birth date is stored`."""
    words = match["table"] or ""
    table = context.tables.in_phrase(words) if words else None
    if table is None and not words:
        spoken = [
            found
            for word in re.findall(r"[a-z_]+", (match["before"] or "").lower())
            if (found := context.tables.find(word))
        ]
        table = spoken[0] if len(set(spoken)) == 1 else context.subject
    for attribute in attributes_of(match["list"]) if table else ():
        item = (
            column_of(attribute, table, context, context.said(clause.whole), must=None, lenient=False)
            if table
            else None
        )
        if item:
            yield item


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


def _are_people(words: str, context: Context) -> bool:
    """Whether the rows are people, who get and receive what is no part of them."""
    table = context.tables.in_phrase(words)
    return table is not None and key_of(table.name)[-1] in _PEOPLE


_PEOPLE = frozenset(
    "user member person employee customer account driver student teacher patient reader guest admin staff".split()
)


def _names_it(verb: str) -> bool:
    return verb.lower().startswith(("gain", "get", "receive"))


def _listed(
    clause: Clause, context: Context, match: "re.Match[str]", *, must: bool | None, lenient: bool
) -> Iterator[Item]:
    table = context.tables.in_phrase(match["table"])
    if table is None or context.tables.is_external(table):
        return
    groups = match.groupdict()
    for attribute in attributes_of(f"{match['list']}{groups.get('unit') or ''} {groups.get('aside') or ''}"):
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
    read = (read_attribute(part) for whole in _with_details(parts) for part in _spelled_out(whole))
    return tuple(attribute for attribute in read if attribute)


def _spelled_out(part: str) -> tuple[str, ...]:
    """The attributes that brackets list: of `the position (latitude and longitude)` those two."""
    match = re.search(r"\((?P<inside>[a-z ,]+)\)\s*\Z", part, re.IGNORECASE)
    named = list_of(match["inside"]) if match else ()
    known = len(named) > 1 and all(words_of(item)[-1:] and words_of(item)[-1] in TYPED_NOUNS for item in named)
    return named if known else (part,)


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
