"""Sentences that ask who, when, whether, why, how many: `It is recorded when a prescription was redeemed`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Column
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details, Reference
from migration_ls.sources.spec.items import Item, Said, SaidColumn
from migration_ls.sources.spec.prose.having import STORE, STORED
from migration_ls.sources.spec.prose.mentions import MARK, Marked
from migration_ls.sources.spec.prose.told import told
from migration_ls.sources.spec.words import key_of, singular, snake, stem_of, verb_of

_T = MARK.format("t")
_KEEP = (
    rf"(?:(?:{_T[:0]}(?:it|this)\s+(?:is|must be|shall be|should be|will be"
    rf"|has to be)\s+(?:also\s+)?{STORED}\s+)|(?:(?:please\s+|to\s+|also\s+|must\s+|should\s+|want\s+to\s+"
    rf"|need\s+to\s+)*{STORE}\s+)|"
    r"(?:(?:we|you|they|staff|somebody)\s+(?:must|need to|want to|should"
    r"|have to)\s+(?:be able to\s+)?(?:know|see|tell)\s+(?:from now on\s+)?)|)"
)
_WAS = r"(?:was|is|were|are|has been|have been|had been|gets|got)"
_DONE = r"(?P<done>[a-z]+(?:ed|en|nt|ld|id|de|ut|ad|ne|wn|ft|ought|ade|on|et|eld))"
_PEOPLE = ("user", "account", "employee", "member", "person", "profile", "staff")
_WHEN = re.compile(
    rf"{_KEEP}(?:exactly\s+)?(?P<kind>until when|since when|when|(?:the\s+)?(?:date|day)\s+(?:when|on which)"
    r"|(?:the\s+)?(?:time|moment|instant|timestamp|date and time)\s+(?:when"
    r"|at which)|(?:the\s+)?(?:last|latest|most recent)\s+(?:time|moment)(?:\s+(?:that|when|at which))?"
    rf")\s+{_T}\s+(?:(?:{_WAS}\s+(?:(?P<turn>last|first)\s+|finally\s+)?{_DONE})"
    r"|(?:(?P<which>last|first)\s+)?(?P<active>[a-z]+ed)(?:\s+(?P<into>in|up|out))?)\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WHO = re.compile(
    rf"{_KEEP}(?P<kind>who|(?:the\s+)?(?:name\s+of\s+the\s+)?(?:person|user|employee|member|one)\s+who"
    rf"|by whom)\s+(?:has\s+|had\s+|last\s+)?(?:{_T}\s+{_WAS}\s+)?{_DONE}(?:\s+(?:{MARK.format('u')}|it"
    r"|them))?(?P<rest>\s*[,(.;].*|\s+(?:and|in|on|with|if)\b.*|)",
    re.IGNORECASE | re.DOTALL,
)
_WHO_STORED = re.compile(
    rf"the\s+(?:person|user|employee|member|one)\s+(?:who|that)\s+(?:has\s+|had\s+)?{_DONE}\s+{_T}\s+"
    rf"(?:is|are|must be|shall be|should be|has to be|will be)\s+{STORED}\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_COST = re.compile(
    rf"{_KEEP}(?:(?:when|where)\s+{_T}\s+{_WAS}\s+{_DONE}\s+and\s+)?(?:what|how much)\s+(?:it"
    rf"|{MARK.format('u')})\s+costs?"
    r"(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WHETHER = re.compile(
    rf"{_KEEP}(?:from now on\s+)?(?:whether|if)\s+{_T}\s+(?P<verb>is|are|was|were|has been|have been|has"
    r"|have|wants?|needs?|accepts?|allows?|may|can|agrees?|consents?|requires?|gave|give|takes?|uses?"
    r"|contains?|includes?|supports?)\s+(?:(?:to\s+)?(?:receive|get|have)\s+|given\s+|already\s+|an?\s+"
    r"|the\s+|their\s+|his\s+|its\s+"
    rf"|to\s+)*(?P<flag>[a-z-]+(?:\s+[a-z-]+){{0,3}}?)(?P<rest>\s+(?:or not|by|from|on|at|for|in|when|so|if"
    r"|to)\b.*|\s*[,(.;:\u2013-].*|)",
    re.IGNORECASE | re.DOTALL,
)
_WHY = re.compile(
    rf"{_KEEP}(?:the\s+reason\s+)?(?:why|for which)\s+{_T}\s+{_WAS}\s+{_DONE}\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_REASON = re.compile(
    rf"{_KEEP}(?:the|an?)\s+reason\s+(?:for|of)\s+(?:the\s+)?(?P<noun>[a-z]+(?:tion|ment|al|ing|ure"
    rf"|sal))(?:\s+of\s+{_T})(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_OFTEN = re.compile(
    rf"(?:{_KEEP}|count\s+)how\s+(?:often|many times)\s+{_T}\s+{_WAS}\s+{_DONE}\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_MANY = re.compile(
    rf"(?:{_KEEP}how many\s+|(?:please\s+)?count\s+(?:the\s+|its\s+"
    rf"|their\s+)?)(?P<things>[a-z]+(?:\s[a-z]+)?)(?:\s+(?:of|per|for|on)\s+{_T}"
    rf"|\s+{MARK.format('u')}\s+(?:has|have|had|made|makes|received|contains|holds)\b)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_EITHER = re.compile(
    rf"{_T}\s+(?:is|are|can be|may be)\s+(?:either\s+)?(?:an?\s+)?(?P<flag>[a-z-]+)\s+or\s+(?:(?:it|they|he"
    r"|she)\s+)?(?:is\s+|are\s+)?(?:not\b|isn't\b|aren't\b)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_FLAGGED = re.compile(
    rf"{_T}\s+(?:must|shall|should|can|may|will|has to|have to)\s+be\s+(?:flagged|marked"
    r"|labell?ed)\s+(?:as\s+)?(?:either\s+)?(?P<flag>[a-z-]+)(?:\s+or\s+(?:as\s+)?(?:not\b"
    r"|(?P<other>[a-z-]+)))?(?P<rest>\b.*|\W.*|)",
    re.IGNORECASE | re.DOTALL,
)
_CAN_BE = re.compile(
    rf"{_T}\s+(?:can|may|might)\s+(?:also\s+)?be\s+(?:{_DONE}|(?P<state>out\s+of\s+[a-z]+|[a-z]+))\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOT_BY_DEFAULT = re.compile(
    r"\b(?:by default,?\s+(?:it|this|that|they|he|she)\s+(?:is|are)\s+(?:not\b|off\b)|(?:this|that|it|which)\s+is\s+"
    r"(?:off|not the case|false)\s+by\s+default|by default (?:not|off)\b|normally (?:it|they) (?:is|are) not\b)",
    re.IGNORECASE,
)
_OF_DOING = re.compile(
    r"(?:the|its)\s+(?P<what>time|date|reason|moment)(?:\s+and\s+(?:the\s+)?(?P<too>time|date|reason|moment))?\s+"
    r"(?:of|for)\s+(?:(?:the|this|that|its)\s+)?(?P<event>[a-z]+)\s+(?:is|are|must be|shall be|should be"
    rf"|has to be)\s+{STORED}\b.*",
    re.IGNORECASE | re.DOTALL,
)
_MARKED = re.compile(
    rf"{_T}\s+(?:is|are)\s+(?:then\s+|automatically\s+|now\s+)?(?:flagged|marked)\s+as\s+(?:being\s+)?"
    r"(?P<flag>[a-z-]+(?:\s+(?:off|out|up|down))?)(?P<rest>\s+(?:by|when|if|so)\b.*|\s*[,(.:].*|)",
    re.IGNORECASE | re.DOTALL,
)
_TO_MARK = re.compile(
    rf"(?:to\s+)?(?:mark|flag|label)\s+{_T}\s+(?:that|which|who)\s+(?:is|are)\s+(?:too\s+|very\s+)?(?P<flag>[a-z-]+)"
    r"(?P<rest>\b.*|)",
    re.IGNORECASE | re.DOTALL,
)
_WHETHER_DID = re.compile(
    rf"{_KEEP}(?:whether|if)\s+{_T}\s+(?:has\s+|have\s+)?(?P<flag>[a-z]+ed)(?P<rest>\s*[,(.;].*|\s+(?:or not"
    r"|in|on|at|by)\b.*|)",
    re.IGNORECASE | re.DOTALL,
)
_ASKED_WHY = re.compile(
    rf"(?:I|⟦\d+⟧|they|he|she)\s+(?:can|may|must)\s+(?P<done>[a-z]+)(?:\s+{_T})?,?\s+(?:and|but)\s+(?:I|they|he|she)\s+"
    r"(?:am|is|are|must be|will be)\s+asked\s+for\s+(?:the|a)\s+reason(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_FOR_LATER = re.compile(
    rf"(?:I\s+(?:can|may|want to)\s+)?(?P<done>schedule|plan|postpone|delay)\s+{_T}\s+(?:for|to"
    r"|until)\s+(?:an?\s+|some\s+)?"
    r"(?:later|certain|given|specific|fixed|future)\s+(?P<what>time|date|day|moment)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WHEN_THIS = re.compile(
    r"\b(?:remember|store|record|keep|note|know|log)s?\s+(?:when|the (?:date|time|moment"
    r"|instant))(?:\s+(?:this|it|that)(?:\s+(?:happened|was done|occurred|took place))?)?\s*\Z"
    r"|\bwith the (?:instant|moment|time|date) at which (?:it|this) (?:took place|happened)",
    re.IGNORECASE,
)
_ALSO = re.compile(r"\A\s*(?:\([^()]*\))?\s*,?\s+and\s+(?P<kind>when|why|who|by whom)\b", re.IGNORECASE)
_NO_FLAGS = frozenset(
    "there possible allowed able needed shown visible available valid correct right wrong in on at of the".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What the sentences before spoke of: their table, and what they say can be done with its rows."""

    table: Name | None = None
    done: str = ""


def asking(mark: Marked, context: Context, said: Said, before: Spoken) -> Iterator[Item]:
    """Columns that answer the questions of a sentence."""
    text = mark.text.strip().rstrip(" .")
    for pattern, read in (
        (_COST, _cost),
        (_WHEN, _when),
        (_WHO, _who),
        (_WHO_STORED, _who),
        (_WHETHER, _whether),
        (_WHY, _why),
        (_REASON, _reason),
        (_OFTEN, _often),
        (_MANY, _many),
        (_EITHER, _whether),
        (_FLAGGED, _flagged),
        (_MARKED, _marked),
        (_TO_MARK, _flagged),
        (_WHETHER_DID, _whether),
        (_ASKED_WHY, _why),
        (_FOR_LATER, _for_later),
    ):
        if match := pattern.fullmatch(text):
            groups = match.groupdict()
            table = mark.table(groups.get("t")) or mark.table(groups.get("u")) or before.table
            if table is None or context.tables.is_external(table):
                continue
            if items := tuple(item for item in read(match, table, mark, context, said) if _is_new(item, context)):
                yield from items
                return


def _is_new(item: SaidColumn, context: Context) -> bool:
    known = context.tables.column_meant(item.table, item.name)
    return known is None or says_more(known, item.details)


def says_more(known: Column, details: Details) -> bool:
    """Whether a column tells when, where the known one only tells whether."""
    return (
        known.type.name == "boolean"
        and details.type is not None
        and details.type.name.startswith(("timestamp", "date"))
    )


def can_be(mark: Marked) -> Spoken | None:
    """What a sentence says can be done with rows."""
    match = _CAN_BE.fullmatch(mark.text.strip().rstrip(" ."))
    if match is None or (match["state"] or "").split()[:1] in (["in"], ["the"], ["a"], ["an"], ["at"], ["on"]):
        return None
    return Spoken(table=mark.table(match["t"]), done=(match["done"] or match["state"]).lower())


def asked_after(text: str, before: Spoken, context: Context, said: Said) -> Iterator[Item]:
    """When and why it happened, or that it is so, of what the words before say can be done.

    `they remember when this happened`, `the time and the reason of the dispute are kept`, `by default it is not`.
    """
    text = text.rstrip(" .")
    if before.table is None or not before.done or context.tables.is_external(before.table):
        return
    found: list[SaidColumn] = []
    if _WHEN_THIS.search(text):
        found = [_at(before.table, f"{before.done}_at", context, said)]
    elif _NOT_BY_DEFAULT.search(text):
        found = [_flag(before.table, f"{context.habits.flag_prefix}{before.done}", "", said)]
    elif (match := _OF_DOING.search(text)) and stem_of(match["event"])[:4] == stem_of(before.done)[:4]:
        for what in (match["what"], match["too"]):
            if what and what.lower() == "reason":
                found.append(_text(before.table, f"{match['event'].lower()}_reason", "", said))
            elif what and what.lower() == "date":
                found.append(_on(before.table, before.done, said))
            elif what:
                found.append(_at(before.table, f"{before.done}_at", context, said))
    yield from (item for item in found if _is_new(item, context))


def _at(table: Name, name: str, context: Context, said: Said) -> SaidColumn:
    details = Details(type=context.habits.timestamp, nullable=True)
    return SaidColumn(table=table, name=snake(name), details=details, said=said, must=False)


def _on(table: Name, done: str, said: Said) -> SaidColumn:
    details = Details(type=ColumnType("date"), nullable=True)
    return SaidColumn(table=table, name=snake(f"{done} on"), details=details, said=said, must=False)


def _when(match: "re.Match[str]", table: Name, _: Marked, context: Context, said: Said) -> Iterator[SaidColumn]:
    done, kind = (match["done"] or match["active"]).lower(), match["kind"].lower()
    if match["into"] and done == "logged":
        done = f"log{match['into'].lower()}"
    if turn := match["which"] or match["turn"] or ("last" if re.search(r"\b(?:last|latest|recent)\b", kind) else None):
        done = f"{turn.lower()} {done}"
    if ("date" in kind and "time" not in kind) or "day" in kind:
        yield _on(table, done, said)
        return
    yield _at(table, f"{done}_{'until' if 'until' in kind else 'since' if 'since' in kind else 'at'}", context, said)
    if (also := _ALSO.match(match["rest"])) and also["kind"].lower() in {"who", "by whom"}:
        yield _by(table, done, "", context, said)


def _cost(match: "re.Match[str]", table: Name, _: Marked, context: Context, said: Said) -> Iterator[SaidColumn]:
    """What something cost, and when it was bought where that is asked too."""
    done = (match["done"] or "").lower()
    if done:
        yield _at(table, f"{done}_at", context, said)
    name = {"bought": "purchase_price", "purchased": "purchase_price", "sold": "sale_price"}.get(done, "cost")
    details = Details(type=context.habits.money, nullable=True)
    yield SaidColumn(table=table, name=name, details=details, said=said, must=False)


def _who(match: "re.Match[str]", table: Name, _: Marked, context: Context, said: Said) -> Iterator[SaidColumn]:
    done = match["done"].lower()
    named = "name of" in (match.groupdict().get("kind") or "").lower()
    yield _by(table, done, ("name " if named else "") + match["rest"], context, said)
    if (also := _ALSO.match(match["rest"])) and also["kind"].lower() == "when":
        yield _at(table, f"{done}_at", context, said)


def _by(table: Name, done: str, rest: str, context: Context, said: Said) -> SaidColumn:
    details = told(rest, Details(nullable=True), values=False)
    people = next((found for word in _PEOPLE if (found := context.tables.find(word))), None)
    if people and details.type is None and details.length is None and not rest.startswith("name "):
        details = Details(references=Reference(table=str(people)), nullable=True)
    elif details.type is None and details.length is None:
        details = Details(type=ColumnType("character varying", ("100",)), nullable=True)
    return SaidColumn(table=table, name=snake(f"{done} by"), details=details, said=said, must=False)


def _whether(match: "re.Match[str]", table: Name, _: Marked, context: Context, said: Said) -> Iterator[SaidColumn]:
    flag = match["flag"].lower()
    verb = (match.groupdict().get("verb") or "is").lower()
    if flag.split()[0] in _NO_FLAGS:
        return
    name = (
        flag
        if verb in {"is", "are", "was", "were", "has been", "have been"}
        else f"{verb} {flag}"
        if verb not in {"has", "have", "gave", "give"}
        else flag
    )
    if context.habits.flag_prefix and verb in {"is", "are", "was", "were"}:
        name = f"is {name}"
    yield _flag(table, name, match["rest"], said)


def _flag(table: Name, name: str, rest: str, said: Said) -> SaidColumn:
    default = told(rest, Details(type=ColumnType("boolean")), values=False).default
    details = Details(type=ColumnType("boolean"), nullable=False, default=default or "false")
    return SaidColumn(table=table, name=snake(name), details=details, said=said, must=True)


def _flagged(match: "re.Match[str]", table: Name, _: Marked, context: Context, said: Said) -> Iterator[SaidColumn]:
    flag, other = match["flag"].lower(), (match.groupdict().get("other") or "").lower()
    if flag in _NO_FLAGS:
        return
    default = (
        "true"
        if re.search(rf"(?<!not )\b{flag}\b.{{0,12}}\bdefault\b", match["rest"], re.IGNORECASE) and other
        else "false"
    )
    name = f"{context.habits.flag_prefix}{flag}"
    details = Details(type=ColumnType("boolean"), nullable=False, default=default)
    yield SaidColumn(table=table, name=snake(name), details=details, said=said, must=True)


def _marked(match: "re.Match[str]", table: Name, _: Marked, context: Context, said: Said) -> Iterator[SaidColumn]:
    """A flag for what rows are marked as, where no state and no time of the table says it."""
    known = context.tables.table(table)
    words = match["flag"].lower().replace("-", " ")
    stem = stem_of(words.split()[0])
    for column in known.columns if known else ():
        if any(stem_of(part) == stem for part in key_of(column.name)) or column.name in {"status", "state"}:
            return
    if words not in _NO_FLAGS:
        yield _flag(table, f"{context.habits.flag_prefix}{words}", match["rest"], said)


def _for_later(match: "re.Match[str]", table: Name, _: Marked, context: Context, said: Said) -> Iterator[SaidColumn]:
    done = {"schedule": "scheduled", "plan": "planned", "postpone": "postponed", "delay": "delayed"}[
        match["done"].lower()
    ]
    if done in {"postponed", "delayed"}:
        yield _at(table, f"{done}_until", context, said)
    elif match["what"].lower() in {"date", "day"}:
        yield _on(table, done, said)
    else:
        yield _at(table, f"{done}_at", context, said)


def _why(match: "re.Match[str]", table: Name, _: Marked, __: Context, said: Said) -> Iterator[SaidColumn]:
    yield _text(table, f"{verb_of(match['done'].lower())}_reason", match["rest"], said)


def _reason(match: "re.Match[str]", table: Name, _: Marked, __: Context, said: Said) -> Iterator[SaidColumn]:
    yield _text(table, f"{match['noun'].lower()}_reason", match["rest"], said)


def _text(table: Name, name: str, rest: str, said: Said) -> SaidColumn:
    details = told(rest, Details(nullable=True), values=False)
    if not details.is_typed:
        details = Details(type=ColumnType("text"), nullable=True)
    return SaidColumn(table=table, name=name, details=details, said=said, must=False)


def _often(match: "re.Match[str]", table: Name, _: Marked, __: Context, said: Said) -> Iterator[SaidColumn]:
    yield _count(table, f"{verb_of(match['done'].lower())}_count", said)


def _many(match: "re.Match[str]", table: Name, _: Marked, context: Context, said: Said) -> Iterator[SaidColumn]:
    words = key_of(match["things"])
    if singular(match["things"].split()[-1]) == match["things"].split()[-1] or context.tables.find(match["things"]):
        return
    yield _count(table, "_".join((*words, "count")), said)


def _count(table: Name, name: str, said: Said) -> SaidColumn:
    details = Details(type=ColumnType("integer"), nullable=False, default="0")
    return SaidColumn(table=table, name=name, details=details, said=said, must=True)
