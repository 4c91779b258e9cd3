"""Sentences that give tables attributes: `Each match remembers the game version it was played on`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details, Reference
from migration_ls.sources.spec.items import Item, Said, SaidColumn, SaidTable
from migration_ls.sources.spec.nouns import TYPED_NOUNS, column_name, guessed_type, key_to
from migration_ls.sources.spec.prose.meant import column_of_words
from migration_ls.sources.spec.prose.mentions import ANY_MARK, MARK, Marked
from migration_ls.sources.spec.prose.things import NOT_THINGS, Thing, things_of
from migration_ls.sources.spec.words import key_of, singular, words_of

T = MARK.format("t")
MODAL = (
    r"(?:(?P<modal>must|shall|should|will|can|may|might|has to|have to|needs? to|could)\s+(?:be (?:able"
    r"|allowed) to\s+)?)?"
)
_ADVERB = r"(?:(?:also|always|optionally|now|either|each|additionally|all|both|then|therefore|usually|typically)\s+)*"
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
    rf"(?:(?:every|each|all)\s+)?{T}(?:\s+of\s+⟦\d+⟧)?\s+{MODAL}{_ADVERB}(?P<verb>{_HAVE})\s+(?P<object>.+)",
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
    rf"(?:please\s+|to\s+|also\s+)*{STORE}\s+(?P<object>[^;⟦]+?)\s+(?:at|with|by|in|for|from|under|until|on)\s+which\s+"
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
    r"(?P<object>(?:the|an?)\s+[^;:⟦]+?)\s+of\s+(?:(?:each|every|all"
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
        _STORES_POSSESSED,
    ):
        match = pattern.fullmatch(text)
        table = mark.table(match["t"]) if match else None
        if match is None or table is None or _ASKS.match(match["object"]):
            continue
        groups = match.groupdict()
        words = f"{match['object']} {groups.get('aside') or ''}{groups.get('rest') or ''}"
        if ANY_MARK.search(match["object"]) and pattern is _STORES_POSSESSED:
            continue
        modal = (groups.get("modal") or "").lower()
        must = False if pattern in {_PUTS, _GIVES} else None if not modal else modal not in _MIGHT
        lenient = pattern not in (_OF_IS, _STORES_POSSESSED, _THERE_IS)
        things = things_of(words, mark, context.habits)
        if pattern is _OF_IS:
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


_NEW = re.compile(
    rf"(?:(?:an?|each|every|any|the)\s+)?(?P<noun>⟦\d+⟧|[a-z]+(?:\s[a-z]+)?)\s+{MODAL}{_ADVERB}(?:"
    r"(?:belongs?\s+to\s+(?P<owners>.+?)(?:,?\s+and\s+(?:it\s+)?has\s+|\Z|,\s+has\s+))|(?:has|have|carries"
    r"|carry|is described by|consists of|stores?|records?)\s+)(?P<object>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LABELLED = re.compile(
    r"(?P<noun>⟦\d+⟧|[a-z]+(?:\s[a-z]+)?)\s*:\s+(?P<rest>(?:(?:an?|each|every)\s+|⟦).*)", re.IGNORECASE | re.DOTALL
)
_STORES_NEW = re.compile(
    rf"(?:please\s+|to\s+|also\s+)*{STORE}\s+(?P<noun>⟦\d+⟧|[a-z]+(?:\s[a-z]+)?s),?\s+(?:each\s+)?(?:with"
    r"|including|containing|consisting of|that have|that contain|having)\s+(?P<object>.+)",
    re.IGNORECASE | re.DOTALL,
)
_KEPT_WITH = re.compile(
    r"(?:(?:an?|the|each|every)\s+)?(?P<noun>⟦\d+⟧|[a-z]+(?:\s[a-z]+)?)\s+(?:is|are|must be|shall be"
    rf"|will be)\s+{STORED}\s+(?:together\s+)?(?:with|including)\s+(?P<object>.+)",
    re.IGNORECASE | re.DOTALL,
)
_HAS_SEVERAL = re.compile(
    rf"{T}\s+(?:can|may|might|could)?\s*(?:have|has|receive|receives|get|gets|contain|contains)\s+(?:several"
    r"|many|multiple|any number of|more than one|one or more)\s+(?P<noun>⟦\d+⟧)",
    re.IGNORECASE,
)
_STORED_AS = re.compile(
    rf"(?:.*?\bis\s+(?:stored|recorded|kept|saved|written|logged)|{STORE}\s+.+?)\s+(?:to|in|into"
    rf"|as)\s+(?:an?\s+(?=[a-z])|(?=⟦))(?P<noun>[a-z⟦⟧\d]+(?:\s[a-z]+){{0,2}}?)\s+(?:with|containing|holding"
    r"|that\s+(?:has|contains|holds))\s+(?P<object>.+)",
    re.IGNORECASE | re.DOTALL,
)


def new_thing(mark: Marked, context: Context, said: Said, awaited: frozenset[str]) -> Iterator[Item]:
    """A new table for something that no table holds and that has attributes of its own.

    `awaited` are nouns that the block says to store, which need fewer attributes to count.
    """
    text = mark.text.strip().rstrip(" .")
    if (label := _LABELLED.fullmatch(text)) and (match := _NEW.fullmatch(label["rest"])):
        if key_of(mark.plain(match["noun"]))[-1:] != key_of(mark.plain(label["noun"]))[-1:]:
            return
        awaited |= {key_of(mark.plain(match["noun"]))[-1]}
    elif (several := _HAS_SEVERAL.fullmatch(text)) and (item := _one_of_several(several, mark, context, said)):
        yield item
        return
    elif not (
        match := _STORED_AS.fullmatch(text)
        or _KEPT_WITH.fullmatch(text)
        or _STORES_NEW.fullmatch(text)
        or _NEW.fullmatch(text)
    ):
        return
    noun = mark.plain(match["noun"]).lower().strip()
    noun = re.sub(r"\A(?:(?:an?|the|each|every)\s+)+", "", noun)
    words = words_of(noun)
    words = (*words[:-1], singular(words[-1])) if words else ()
    known = context.tables.find(noun)
    if (
        not words
        or (known and context.tables.table(known))
        or words[-1] in NOT_THINGS | _NO_TABLES
        or set(words) & _NO_NOUNS
    ):
        return
    groups = match.groupdict()
    stored = match.re in {_STORED_AS, _KEPT_WITH, _STORES_NEW}
    things = things_of(match["object"], mark, context.habits) if match["object"] else ()
    name = known or context.habits.table_name(words)
    owners = [mark.mentions[int(number)].table for number in ANY_MARK.findall(groups.get("owners") or "")]
    telling = sum(guessed_type(thing.name, context.habits) is not None or thing.details.is_typed for thing in things)
    named = any(thing.name in {"name", "title", "code", "label"} for thing in things)
    if not (
        telling >= 2
        or (owners and things)
        or (named and telling)
        or (stored and things)
        or (" ".join(words) in awaited and (things or owners))
    ):
        return
    given = Given(table=name, things=things, must=True, lenient=True)
    items: list[Item] = [_owner_key(name, owner, said) for owner in owners]
    items += [item for thing in things if (item := column_for(thing, given, context, said))]
    if items:
        context.tables.add(noun, name)
        yield SaidTable(name=name, said=said)
        yield from items


def _owner_key(table: Name, owner: Name, said: Said) -> SaidColumn:
    details = Details(references=Reference(table=str(owner)))
    return SaidColumn(table=table, name=key_to(owner), details=details, said=said, must=True)


def _one_of_several(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Item | None:
    """The key of a table to come: `A permit can have several objections`."""
    owner, things = mark.table(match["t"]), mark.table(match["noun"].strip("⟦⟧"))
    if owner is None or things is None or owner == things or context.tables.table(things) is not None:
        return None
    return _owner_key(things, owner, said)


_NO_TABLES = frozenset(
    """system app application user users person people admin administrator page screen list view button form email
    message
    field value number column name status state priority date time amount price type level reason title description
    it they we you he she this that each one everyone everybody nobody user interface api endpoint request response
    dialog
    feature release version migration database table test developer operator report export import dashboard menu
    filter search result results error notification case cases scenario story requirement specification spec document
    team company business service server client browser device phone job process worker rule rules change
    changes""".split()
)
_NO_NOUNS = frozenset(
    "of that which who when if must shall should may can not no and or is are was were existing".split()
)
