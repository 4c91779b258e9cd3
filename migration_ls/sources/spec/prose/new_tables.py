"""Sentences about things that no table holds yet, with attributes of their own: tables to come."""

import re
from collections.abc import Iterator

from migration_ls.schema.names import Name
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details, Reference
from migration_ls.sources.spec.items import Item, Said, SaidColumn, SaidTable
from migration_ls.sources.spec.nouns import guessed_type, key_to
from migration_ls.sources.spec.prose.having import ADVERB, MODAL, STORE, STORED, Given, T, column_for
from migration_ls.sources.spec.prose.mentions import ANY_MARK, Marked
from migration_ls.sources.spec.prose.things import NOT_THINGS, things_of
from migration_ls.sources.spec.words import key_of, singular, words_of

_NEW = re.compile(
    rf"(?:(?:an?|each|every|any|the)\s+)?(?P<noun>⟦\d+⟧|[a-z]+(?:\s[a-z]+)?)\s+{MODAL}{ADVERB}(?:"
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
