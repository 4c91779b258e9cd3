"""Sentences that give tables attributes: `Each match remembers the game version it was played on`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details, Reference
from migration_ls.sources.spec.items import Item, Said, SaidColumn, SaidTable
from migration_ls.sources.spec.nouns import TYPED_NOUNS, column_name, guessed_type
from migration_ls.sources.spec.prose.meant import column_of_words
from migration_ls.sources.spec.prose.mentions import ANY_MARK, MARK, Marked
from migration_ls.sources.spec.prose.things import NOT_THINGS, Thing, things_of
from migration_ls.sources.spec.words import singular, words_of

T = MARK.format("t")
MODAL = (
    r"(?:(?P<modal>must|shall|should|will|can|may|might|has to|have to|needs? to|could)\s+(?:be (?:able"
    r"|allowed) to\s+)?)?"
)
ADVERB = r"(?:(?:also|always|optionally|now|either|each|additionally|all|both|then|therefore|usually|typically)\s+)*"
_HAVE = (
    r"have|has|carry|carries|bears?|remembers?|records?|stores?|includes?|contains?|holds?|gets?|receives?"
    r"|be given|is given|are given|gains?|"
    r"names?|states?|says?|reports?|gives?|leaves?|provides?|specify|specifies|keeps?|needs?(?! to)|notes?"
    r"|knows?|tracks?|comes? with|"
    r"be assigned|has got|shows?|takes?|is offered at|are offered at|costs?|list|enter|indicates?|supply"
    r"|supplies|declares?|saves?|retains?|requires?|is identified by|are identified by|is described by"
    r"|are described by|register|registers|set|add|choose|attach"
)
STORE = (
    r"(?:store|keep|track|record|remember|save|persist|retain|capture|log|note|know|hold|register|document"
    r"|maintain|support|collect|add|introduce)"
    r"(?:s|es)?(?:\s+track\s+of)?"
)
STORED = (
    r"(?:stored|kept|recorded|saved|remembered|tracked|captured|logged|noted|registered|documented"
    r"|persisted|retained|known|"
    r"added|entered|assigned|set|given|specified|attached|provided|collected|counted)"
)
_HAS = re.compile(
    rf"(?:(?:every|each|all)\s+)?{T}(?:\s+of\s+⟦\d+⟧)?\s+{MODAL}{ADVERB}(?P<verb>{_HAVE})\s+(?P<object>.+)",
    re.IGNORECASE | re.DOTALL,
)
_STORES = re.compile(
    rf"(?:please\s+|to\s+|also\s+|additionally\s+)*{STORE}\s+(?P<object>[^;⟦]+?)\s+(?:of|for|on|per"
    rf"|(?<!s\s)with)\s+(?:(?:each|every|all|any)\s+)?{T}"
    r"(?P<rest>(?!,?\s+with\b)(?:(?:\s+(?:in|as|when|if|that|which|where|so|from|to|is|by|and)\b|\s*[,;:.(]).*|))",
    re.IGNORECASE | re.DOTALL,
)
_STORED_WITH = re.compile(
    rf"{T}\s+(?P<modal>is|are|must be|shall be|should be|will be)\s+(?:then\s+|also\s+)?{STORED}\s+(?:together\s+)?"
    r"with\s+(?P<object>(?:the|an?|its|their)\s+.+)",
    re.IGNORECASE | re.DOTALL,
)
_STORES_FOR_WHICH = re.compile(
    rf"(?:please\s+|to\s+|also\s+)*{STORE}\s+(?P<object>[^;⟦]+?)\s+(?:(?:at|with|by|in|for|from|under|until|on)\s+which|where)\s+"
    rf"(?:(?:each|every|all|any)\s+)?{T}\s+.*",
    re.IGNORECASE | re.DOTALL,
)
_WHICH_IS_STORED = re.compile(
    rf"(?P<object>the\s+[^;:⟦]+?)\s+(?:at|with|by|in|for|from|under|until|on)\s+which\s+{T}\s+[^⟦;]*?\s*"
    rf"(?P<modal>is|are|must be|shall be|should be|will be)\s+{STORED}(?P<rest>\s*[,;(].*|)",
    re.IGNORECASE | re.DOTALL,
)
_POSSESSED_IS_STORED = re.compile(
    rf"{T}(?:'s|s'|\u2019s|'|\u2019)\s+(?P<object>[a-z][^;:⟦]*?)\s+(?P<modal>is|are|must be|shall be"
    r"|should be|will be)\s+"
    rf"(?:also\s+|always\s+)?{STORED}(?P<rest>\s*[,;(].*|)",
    re.IGNORECASE | re.DOTALL,
)
_POSSESSED_IS = re.compile(
    rf"{T}(?:'s|s'|\u2019s|'|\u2019)\s+(?P<object>[a-z][^;:⟦,]*?)\s+(?P<rest>(?:is|are|can|may|must|shall|should|defaults"
    r"|starts)\b.+)",
    re.IGNORECASE | re.DOTALL,
)
_GIVES = re.compile(
    rf"(?:I\s+(?:can|may|want to)\s+)?(?:give|assign)\s+{T}\s+(?P<object>(?:an?|its own|their own|one)\s+[^;]+)",
    re.IGNORECASE | re.DOTALL,
)
_PUTS = re.compile(
    r"(?:add|attach|assign|write|leave|put|set|enter|give|specify|define|provide|choose|select|state)(?:s"
    r"|ing|ting)?\s+(?P<object>[^;⟦]+?)\s+(?:to|for|of|on|in|when\s+(?:creating|adding|editing))\s+"
    rf"(?:(?:each|every|all|any)\s+)?{T}(?P<rest>(?:\s+(?:in|as|when|if|that|which|where|so|from|is|by"
    r"|and)\b|\s*[,;:.(]).*|)",
    re.IGNORECASE | re.DOTALL,
)
_ITS_STORED = re.compile(
    r"(?P<object>(?:the|their|its|his|her)\s+[^;:⟦]+?)\s+(?P<modal>is|are|must be|shall be|should be"
    rf"|will be|has to be|have to be)\s+(?:also\s+|always\s+|therefore\s+)?{STORED}(?:\s+(?:with|for"
    r"|on)\s+(?:it|them))?(?P<rest>\s*[,;(].*|)",
    re.IGNORECASE | re.DOTALL,
)
_STORES_WITH = re.compile(
    rf"(?:please\s+|to\s+|also\s+)*{STORE}\s+(?:with\s+)?{T}\s+(?:with|together with|including"
    r"|along with)\s+(?P<object>.+)",
    re.IGNORECASE | re.DOTALL,
)
_STORES_POSSESSED = re.compile(
    rf"(?:please\s+|to\s+|also\s+)*{STORE}\s+{T}(?:'s|s'|\u2019s|'|\u2019)?\s+(?P<object>[a-z].+)",
    re.IGNORECASE | re.DOTALL,
)
_IS_STORED = re.compile(
    r"(?P<object>(?:the|an?|its|their|one)\s+[^;:]+?)\s+(?P<modal>is|are|must be|shall be|should be|will be"
    rf"|can be|may be|has to be|have to be|needs to be)\s+(?:also\s+|always\s+|now\s+|then\s+)?{STORED}"
    r"(?:\s+(?:with|on|for|in|per|to|of|along with)\s+(?:(?:each|every|all"
    rf"|any)\s+)?{T})(?P<rest>(?:\s+(?:in|as|when|if|that|which|where|so|from|by)\b|\s*[,;:.(]).*|)",
    re.IGNORECASE | re.DOTALL,
)
_OF_IS_STORED = re.compile(
    r"(?P<object>(?:(?:the|an?)\s+)?[a-z][^;:⟦]*?)\s+(?:of|on|in|for|per)\s+(?:(?:each|every|all"
    rf"|any)\s+)?{T}\s*(?P<aside>\([^()]*\)\s+)?(?P<modal>is|are|must be|shall be|should be|will be|can be"
    rf"|may be|has to be|needs to be)\s+(?:also\s+|always\s+|now\s+)?{STORED}\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_OF_IS = re.compile(
    rf"(?:the|an?)\s+(?P<object>[^;:⟦,]+?)\s+of\s+{T}\s*(?P<aside>\([^()]*\)\s+)?(?P<rest>(?:in\s+\w+[,\s].*"
    r"|is\b|are\b|can\b|may\b|must\b|shall\b|starts\b|defaults\b|will\b|with\b).*|\Z|[,(:].*)",
    re.IGNORECASE | re.DOTALL,
)
_THERE_IS = re.compile(
    r"(?:there\s+(?:is|are|must be|shall be|should be|can be|may be)|we\s+(?:need|want"
    r"|would like)(?:\s+to\s+(?:have|know|see|track|store))?|it\s+needs)\s+(?P<object>(?:an?"
    rf"|the)\s+.+?)\s+(?:on|for|of|per|in|with)\s+(?:(?:each|every|all|any)\s+)?{T}(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_STORES_ALONE = re.compile(
    rf"(?:please\s+|to\s+|also\s+|we\s+(?:also\s+)?)*{STORE}\s+(?P<object>(?:the|its|their|an?)\s+[^;⟦]+)",
    re.IGNORECASE | re.DOTALL,
)
_ASKS = re.compile(
    r"(?:until\s+|since\s+|exactly\s+)?(?:when|who|whether|why|how|if|by whom|which|what|where)\b", re.IGNORECASE
)
_IS_SHOWN = re.compile(
    r"(?:is|are|can be|may be|must be|shall be|should be)\s+(?:\w+ly\s+)?(?:shown|displayed|visible|listed|computed"
    r"|calculated|derived|sent|printed|highlighted|hidden|used)\b",
    re.IGNORECASE,
)
"""What a page does with it, or how it is made when it is read."""
_LEAVES_ON = re.compile(
    rf"\s+(?:on|to|for|of|with|about)\s+(?:(?:each|every|all|any|one)\s+)?{MARK.format('on')}", re.IGNORECASE
)
_OF_ITS = re.compile(r"\s+of\s+(?:its|their|his|her)\s+(?P<noun>[a-z]+(?:\s[a-z]+)?)\s*\Z", re.IGNORECASE)
_ACTING = frozenset(
    "leave leaves give gives provide provides enter specify specifies state "
    "states name names add set supply register choose attach keep".split()
)
"""What people do who are rows; what they leave may belong to another table than their own."""
_STRONG = frozenset(
    """carry carries bear bears remember remembers record records store stores keep keeps note notes be given is
    given are given save saves
    retain retains""".split()
)
_MIGHT = frozenset({"can", "may", "might", "could", "can be", "may be"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a sentence gives a table."""

    table: Name
    things: tuple[Thing, ...]
    must: bool | None
    lenient: bool = False


def having(mark: Marked, context: Context, said: Said, topic: Name | None) -> Iterator[Item]:
    """Columns for what a sentence gives a table; `topic` is the one spoken of just before."""
    given = _given(mark, context, topic)
    if given is None or context.tables.is_external(given.table):
        return
    items = [item for thing in given.things if (item := column_for(thing, given, context, said))]
    if items and context.tables.table(given.table) is None:
        yield SaidTable(name=given.table, said=said)
    yield from items


def _given(mark: Marked, context: Context, topic: Name | None) -> Given | None:
    text = mark.text.strip().rstrip(" .")
    if (match := _HAS.fullmatch(text)) and not _ASKS.match(match["object"]):
        return _has(match, mark, context)
    if (match := _STORES_ALONE.fullmatch(text)) and topic and not re.search(r"\s(?:of|for|on|per)\s", match["object"]):
        things = things_of(match["object"], mark, context.habits)
        return Given(table=topic, things=things, must=None)
    if (match := _ITS_STORED.fullmatch(text)) and topic and not mark.mentions:
        return Given(table=topic, things=things_of(match["object"] + match["rest"], mark, context.habits), must=None)
    for pattern in (
        _STORED_WITH,
        _STORES_WITH,
        _STORES_FOR_WHICH,
        _WHICH_IS_STORED,
        _POSSESSED_IS_STORED,
        _GIVES,
        _STORES,
        _PUTS,
        _IS_STORED,
        _OF_IS_STORED,
        _THERE_IS,
        _OF_IS,
        _POSSESSED_IS,
        _STORES_POSSESSED,
    ):
        match = pattern.fullmatch(text)
        table = mark.table(match["t"]) if match else None
        if match is None or table is None or _ASKS.match(match["object"]):
            continue
        if pattern in {_OF_IS, _POSSESSED_IS} and _IS_SHOWN.match(match["rest"]):
            continue
        groups = match.groupdict()
        words = f"{match['object']} {groups.get('aside') or ''}{groups.get('rest') or ''}"
        if ANY_MARK.search(match["object"]) and pattern is _STORES_POSSESSED:
            continue
        modal = (groups.get("modal") or "").lower()
        must = False if pattern in {_PUTS, _GIVES} else None if not modal else modal not in _MIGHT
        lenient = pattern not in (_OF_IS, _POSSESSED_IS, _STORES_POSSESSED, _THERE_IS)
        things = things_of(words, mark, context.habits)
        if pattern in {_OF_IS, _POSSESSED_IS}:
            # the number of rows is no attribute of any
            things = () if things[:1] and things[0].phrase in {"number", "count", "amount"} else things
            things = tuple(thing for thing in things[:1] if replace(thing.details, nullable=None) != Details())
        if things:
            return Given(table=table, things=things, must=must, lenient=lenient)
    return None


def _has(match: "re.Match[str]", mark: Marked, context: Context) -> Given | None:
    table, verb, words = mark.table(match["t"]), match["verb"].lower(), match["object"]
    modal = (match["modal"] or "").lower()
    must = None if not modal else modal not in _MIGHT
    if table is None:
        return None
    if verb in _ACTING and (on := _LEAVES_ON.search(words)):
        table, words = mark.table(on["on"]) or table, words[: on.start()] + words[on.end() :]
    elif verb in {"costs", "cost"} and not re.match(r"an?\s", words, re.IGNORECASE):
        words = f"a price, {words}"
    lenient = verb in _STRONG or bool(modal)
    if verb in _ACTING and must is None:
        return None
    things = things_of(words, mark, context.habits)
    if whose := _OF_ITS.search(words):
        # what is told of somebody whom no table holds: `the name and the phone number of its supplier`
        things = tuple(replace(thing, phrase=f"{whose['noun']} {thing.phrase}", name="") for thing in things)
        things = tuple(replace(thing, name=column_name(thing.phrase)) for thing in things)
    return Given(table=table, things=things, must=must, lenient=lenient)


def column_for(thing: Thing, given: Given, context: Context, said: Said) -> SaidColumn | None:
    """The column for an attribute; None for one that the table has, and for what is plainly no attribute."""
    table, details = given.table, thing.details
    if not thing.phrase or column_of_words(context.tables, table, thing.phrase) is not None:
        return None
    words = words_of(thing.phrase)
    if words[-1] in NOT_THINGS:
        return None
    other = context.tables.find(thing.phrase)
    if other is not None and other != table:
        if singular(words[-1]) != words[-1]:
            return None
        details = replace(details, references=Reference(table=str(other)), values=())
        name = f"{'_'.join(words)}_id"
        return SaidColumn(
            table=table, name=name, details=details, said=said, must=False if details.nullable else given.must
        )
    if other is not None:
        return None
    plural = singular(words[-1]) != words[-1]
    guessed = guessed_type(thing.name, context.habits)
    known = details.is_typed or details.default is not None or guessed is not None or bool(details.checks)
    if plural and words[-1] not in TYPED_NOUNS and details.type is None:
        return None
    if not known and not (given.lenient or details.nullable is True):
        return None
    if not known:
        details = replace(details, type=ColumnType("text"))
    elif (
        details.type is None
        and not details.is_typed
        and guessed is None
        and (details.default or "").lstrip("-").isdigit()
    ):
        details = replace(details, type=ColumnType("integer"))
    must = False if details.nullable else given.must
    if must is False and details.nullable is None and details.default is None and not details.values:
        details = replace(details, nullable=True)
    return SaidColumn(table=table, name=thing.name, details=details, said=said, must=must)
