"""What is remembered about what happened: when, who, why, which, how often."""

import re
from collections.abc import Callable, Iterator

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details, Reference, read_details
from migration_ls.sources.spec.items import Item, SaidColumn
from migration_ls.sources.spec.nouns import guessed_type
from migration_ls.sources.spec.words import singular, snake, verb_of, words_of

_KEEP = (
    r"(?:remember|record|store|keep|track|log|save|note|know|persist|capture|register)s?(?:\s+(?:track of|exactly))?"
)
_WAS = r"(?:was|is|were|are|has been|have been|had been|gets|got|get)"
_DONE = r"(?P<done>(?:last |first )?[a-z]+(?:ed|en|nt|ld|id|de|ut|ad|ne|won|lost|put|set|read|held|met))"
_MODAL = r"(?:(?:must|shall|should|will|can|may)\s+)?"

_WHEN = re.compile(
    rf"{_KEEP}\s+(?:(?:the )?(?:exact )?(?:date|time|moment|timestamp|day|date and time)(?: and time)?\s+)?"
    rf"(?:when|(?:at|on) which)\s+(?P<what>.+?)\s+{_WAS}\s+{_DONE}\b(?P<also>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WHEN_AND_WHO = re.compile(
    rf"{_KEEP}\s+(?P<when>when|the (?:date|time|moment))?(?:\s*,?\s*(?:and\s+)?(?P<who>by whom|who did (?:it|so)|who))?"
    r"(?:\s*,?\s*(?:and\s+)?(?P<why>why|the reason))?",
    re.IGNORECASE,
)
_CAN_BE = re.compile(
    r"(?P<table>.+?)\s+(?:can|may|must|will|might)\s+be\s+(?P<done>[a-z]+ed|sent|paid|sold|lost)\b", re.IGNORECASE
)
_LAST_TIME_WAS = re.compile(
    rf"{_KEEP}\s+the\s+(?P<which>last|first|latest)\s+time\s+(?P<what>.+?)\s+{_WAS}\s+{_DONE}\b.*",
    re.IGNORECASE | re.DOTALL,
)
_WHEN_ITSELF = re.compile(
    rf"(?P<table>.+?)\s+{_MODAL}{_KEEP}\s+when\s+(?:it|they|he|she)\s+{_WAS}\s+{_DONE}\b(?P<also>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WHEN_ENDS = re.compile(
    rf"{_KEEP}\s+when\s+(?P<what>.+?)\s+(?P<verb>expires?|ends?|starts?|begins?|closes?|opens?)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_TIME_OF = re.compile(
    rf"{_KEEP}\s+the\s+(?P<kind>date|time|moment|timestamp|date and time)\s+of\s+(?P<last>(?:the\s+|their\s+|"
    rf"its\s+)?(?:last|first|latest|next)\s+[\w ]+?)"
    r"\s+(?:of|for|on|per|by)\s+(?P<table>.+)",
    re.IGNORECASE | re.DOTALL,
)
_LAST_TIME = re.compile(
    rf"{_KEEP}\s+(?:the\s+|an?\s+)?(?P<last>(?:last|first|latest)\s+[\w]+(?:\s[\w]+)?)\s+(?P<kind>date|time|timestamp)\s+(?:of|for|on|per)\s+(?P<table>.+)",
    re.IGNORECASE | re.DOTALL,
)
_WHO_AND_WHO = re.compile(
    rf"{_KEEP}\s+who\s+(?:has\s+)?(?P<done>[a-z]+(?:ed|ent|d))(?:\s+it)?\s+and\s+(?:who\s+)?(?:has\s+)?(?:last\s+)?"
    rf"(?P<also>[a-z]+(?:ed|ent|d))\s+(?P<table>[\w `]+?)(?P<when>,?\s+and\s+when)?",
    re.IGNORECASE | re.DOTALL,
)
_WHO = re.compile(
    rf"{_KEEP}\s+(?:who|which (?:user|person|employee|member|admin))\s+(?:has\s+|had\s+)?(?P<done>[a-z]+(?:ed|ent|"
    rf"d))\s+(?P<table>.+)",
    re.IGNORECASE | re.DOTALL,
)
_BY_WHOM = re.compile(rf"{_KEEP}\s+by whom\s+(?P<table>.+?)\s+{_WAS}\s+{_DONE}\b.*", re.IGNORECASE | re.DOTALL)
_WHY = re.compile(
    rf"{_KEEP}\s+(?:the reason )?why\s+(?P<what>.+?)\s+{_WAS}\s+{_DONE}\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_WHICH = re.compile(
    rf"{_KEEP}\s+(?:which|what)\s+(?P<name>[a-z]+(?:\s[a-z]+)?)\s+(?P<verb>[a-z]+(?:ed|s|es))\s+"
    rf"(?P<table>[\w `]+?)(?:,\s*(?P<rest>.+))?",
    re.IGNORECASE | re.DOTALL,
)
_OFTEN = re.compile(
    rf"{_KEEP}\s+(?:how (?:often|many times)|the number of times)\s+(?P<what>.+?)\s+{_WAS}\s+{_DONE}\b.*",
    re.IGNORECASE | re.DOTALL,
)
_COUNTER = re.compile(
    r"(?:count|counts|(?:keep|track|store|maintain|have|has|keeps)s?\s+(?:an?\s+|the\s+)?(?:counter|count|number|tally)\s+of)\s+"
    r"(?:the\s+|all\s+)?(?P<things>[a-z]+(?:\s[a-z]+){0,2})\s+(?:of|per|for|on)\s+(?:an?|the|each|every|any)\s+"
    r"(?P<table>[\w `]+)",
    re.IGNORECASE | re.DOTALL,
)
_COUNTS = re.compile(
    r"(?P<table>[\w ]+?)\s+(?:must\s+|shall\s+|should\s+|will\s+)?(?:keep|keeps|have|has|carry|carries|maintain|"
    r"maintains|show|store)s?"
    r"\s+(?:an?|the)\s+(?:counter|count|number|tally)\s+of\s+(?:its\s+|their\s+)?(?P<things>[a-z]+(?:\s[a-z]+){0,2})",
    re.IGNORECASE | re.DOTALL,
)
_FROM_WHICH = re.compile(
    rf"{_KEEP}\s+(?:the|an?)\s+(?P<name>[a-z]+(?:\s[a-z]+)?)\s+(?:from|with|by|through|on|at|in|via)\s+which\s+"
    rf"(?P<table>.+?)\s+{_WAS}\s+{_DONE}\b.*",
    re.IGNORECASE | re.DOTALL,
)
_COUNT_OF = re.compile(
    r"(?:count|counting)\s+(?:how often|how many times)\s+(?P<what>.+?)\s+(?:was|is|were|are|has been|have been|"
    r"gets)\s+(?P<done>[a-z]+ed)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_PEOPLE = (
    "users",
    "user",
    "accounts",
    "account",
    "employees",
    "employee",
    "members",
    "member",
    "people",
    "persons",
    "profiles",
)
_OF_A = re.compile(r"(?P<thing>.+?)\s+of\s+(?P<table>.+)\Z", re.IGNORECASE | re.DOTALL)
_ARTICLE = re.compile(r"\A(?:the|an?|its|their|each|every)\s+", re.IGNORECASE)

_Reader = Callable[[Clause, Context, "re.Match[str]"], SaidColumn | None]


def moments(clause: Clause, context: Context) -> Iterator[Item]:
    """A column for what is remembered."""
    text = re.sub(r"\s*\((?:optional|nullable)\)\Z", "", clause.text.rstrip(" ."))
    if match := _WHO_AND_WHO.fullmatch(text):
        yield from _audit(clause, context, match)
        return
    before = _CAN_BE.search(clause.before)
    if before and (match := _WHEN_AND_WHO.fullmatch(text)) and (table := context.tables.in_phrase(before["table"])):
        done = before["done"].lower()
        if match["when"]:
            yield _at(clause, context, table, f"{done}_at")
        if match["who"] and (item := _by(clause, context, table, done)):
            yield item
        if match["why"]:
            details = Details(type=ColumnType("text"), nullable=True)
            yield _column(clause, context, table, f"{verb_of(done)}_reason", details)
        return
    for pattern, read in _FORMS:
        if (match := pattern.fullmatch(text)) and (item := read(clause, context, match)):
            yield item
            also = _ALSO.match(match.groupdict().get("also") or "")
            if also:
                yield _at(clause, context, item.table, snake(f"{also['done']} at"))
            return


_ALSO = re.compile(r"\s+and\s+(?:when\s+(?:it\s+)?)?(?:was\s+)?(?:last\s+)?(?P<done>[a-z]+ed)\b", re.IGNORECASE)


def _audit(clause: Clause, context: Context, match: "re.Match[str]") -> Iterator[Item]:
    """Who made and who changed it, and when if that is wanted too."""
    table = context.tables.in_phrase(match["table"])
    if table is None:
        return
    for word in (match["done"].lower(), match["also"].lower()):
        done = {"changed": "updated", "modified": "updated", "edited": "updated"}.get(word, word)
        if item := _by(clause, context, table, done):
            yield item
        if match["when"]:
            yield _at(clause, context, table, f"{done}_at")


_IT = frozenset({"it", "they", "he", "she"})


def _spoken_of(clause: Clause, context: Context) -> Name | None:
    """The table that the sentence names before the clause: `A loan is extended ...; store how often it was`."""
    words = re.findall(r"[a-z_]+", clause.before.lower())
    found = [table for word in words if (table := context.tables.find(word))]
    return found[0] if len(set(found)) == 1 else None


def _column(clause: Clause, context: Context, table: Name, name: str, details: Details) -> SaidColumn:
    return SaidColumn(table=table, name=name, details=details, said=context.said(clause.whole), must=False)


def _when(clause: Clause, context: Context, match: "re.Match[str]") -> SaidColumn | None:
    what = match["what"]
    if of := _OF_A.match(what):
        table = context.tables.in_phrase(of["table"])
        thing = snake(_ARTICLE.sub("", of["thing"]))
        if (
            table
            and thing
            and context.tables.find(thing) is None
            and context.tables.in_phrase(what.rpartition(" of ")[0]) is None
        ):
            return _at(clause, context, table, f"{thing}_at")
    table = context.tables.in_phrase(what)
    return _at(clause, context, table, snake(f"{match['done']} at")) if table else None


def _last_time_was(clause: Clause, context: Context, match: "re.Match[str]") -> SaidColumn | None:
    table = context.tables.in_phrase(match["what"])
    return _at(clause, context, table, snake(f"{match['which']} {match['done']} at")) if table else None


def _when_itself(clause: Clause, context: Context, match: "re.Match[str]") -> SaidColumn | None:
    table = context.tables.in_phrase(match["table"])
    return _at(clause, context, table, snake(f"{match['done']} at")) if table else None


def _when_ends(clause: Clause, context: Context, match: "re.Match[str]") -> SaidColumn | None:
    table = context.tables.in_phrase(match["what"])
    verb = match["verb"].lower()
    return _at(clause, context, table, f"{verb if verb.endswith('s') else verb + 's'}_at") if table else None


def _at(clause: Clause, context: Context, table: Name, name: str) -> SaidColumn:
    return _column(clause, context, table, name, Details(type=context.habits.timestamp, nullable=True))


def _time_of(clause: Clause, context: Context, match: "re.Match[str]") -> SaidColumn | None:
    table = context.tables.in_phrase(match["table"])
    if table is None:
        return None
    name = snake(_ARTICLE.sub("", match["last"]))
    if match["kind"].lower() == "date":
        return _column(clause, context, table, f"{name}_on", Details(type=ColumnType("date"), nullable=True))
    return _at(clause, context, table, f"{name}_at")


def _counter(clause: Clause, context: Context, match: "re.Match[str]") -> SaidColumn | None:
    table = context.tables.in_phrase(match["table"])
    words = words_of(match["things"])
    if table is None or context.tables.find(match["things"]):
        return None
    name = "_".join((*words[:-1], singular(words[-1]), "count"))
    return _column(clause, context, table, name, Details(type=ColumnType("integer"), nullable=False, default="0"))


def _from_which(clause: Clause, context: Context, match: "re.Match[str]") -> SaidColumn | None:
    table = context.tables.in_phrase(match["table"])
    name = snake(match["name"])
    if table is None or guessed_type(name, context.habits) is None:
        return None
    return _column(clause, context, table, name, Details(nullable=True))


def _who(clause: Clause, context: Context, match: "re.Match[str]") -> SaidColumn | None:
    table = context.tables.in_phrase(match["table"])
    return _by(clause, context, table, match["done"]) if table else None


def _by(clause: Clause, context: Context, table: Name, done: str) -> SaidColumn | None:
    name = snake(f"{done} by")
    people = next((found for word in _PEOPLE if (found := context.tables.find(word))), None)
    if people:
        return _column(clause, context, table, name, Details(references=Reference(table=str(people)), nullable=True))
    known = context.tables.column(table, "user_id")
    return _column(clause, context, table, name, Details(type=known.type, nullable=True)) if known else None


def _why(clause: Clause, context: Context, match: "re.Match[str]") -> SaidColumn | None:
    table = context.tables.in_phrase(match["what"])
    if table is None:
        return None
    details = read_details(match["rest"].lstrip(" ,"), Details(nullable=True))
    if not details.length:
        details = Details(type=ColumnType("text"), nullable=True)
    return _column(clause, context, table, f"{verb_of(match['done'])}_reason", details)


def _which(clause: Clause, context: Context, match: "re.Match[str]") -> SaidColumn | None:
    table = context.tables.in_phrase(match["table"])
    if table is None:
        return None
    details = read_details(match["rest"] or "", Details(nullable=True))
    if other := context.tables.find(match["name"]):
        return _column(
            clause,
            context,
            table,
            snake(f"{match['name']} id"),
            Details(references=Reference(table=str(other)), nullable=True),
        )
    typed = details.is_typed or guessed_type(match["name"], context.habits) is not None
    return _column(clause, context, table, snake(match["name"]), details) if typed else None


def _often(clause: Clause, context: Context, match: "re.Match[str]") -> SaidColumn | None:
    what = match["what"]
    table = context.tables.in_phrase(what) or (_spoken_of(clause, context) if what.lower() in _IT else None)
    if table is None:
        return None
    verb = verb_of(words_of(match["done"])[-1])
    details = Details(type=ColumnType("integer"), nullable=False, default="0")
    return _column(clause, context, table, f"{verb}_count", details)


_FORMS: tuple[tuple["re.Pattern[str]", _Reader], ...] = (
    (_LAST_TIME_WAS, _last_time_was),
    (_WHEN_ITSELF, _when_itself),
    (_WHEN, _when),
    (_WHEN_ENDS, _when_ends),
    (_TIME_OF, _time_of),
    (_LAST_TIME, _time_of),
    (_WHO, _who),
    (_BY_WHOM, _who),
    (_WHY, _why),
    (_OFTEN, _often),
    (_COUNT_OF, _often),
    (_COUNTER, _counter),
    (_COUNTS, _counter),
    (_FROM_WHICH, _from_which),
    (_WHICH, _which),
)
