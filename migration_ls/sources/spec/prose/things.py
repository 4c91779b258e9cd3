"""The attributes that follow a verb: `a description, a cost in euros and the date it was done on`."""

import re
from dataclasses import dataclass, replace

from migration_ls.postgres.types import ColumnType
from migration_ls.sources.spec.details import Details
from migration_ls.sources.spec.habits import Habits
from migration_ls.sources.spec.nouns import KINDS, column_name, guessed_type, named_attributes
from migration_ls.sources.spec.prose.mentions import ANY_MARK, Marked
from migration_ls.sources.spec.prose.told import told
from migration_ls.sources.spec.words import singular, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """An attribute: the words of its name, what is told of it, and the words that told it."""

    phrase: str
    name: str
    details: Details
    rest: str = ""


_SPLIT = re.compile(
    r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|as well as|plus)\s+(?!cents\b)|\s*;\s*|(?<=\))\s+(?=(?:an?|the)\s)"
)
_STARTS = re.compile(
    r"(?:an?|the|its|their|his|her|one|optionally|optional|exactly one|any|some|also)\s+"
    r"(?!(?:new|old|existing|default|first|others?|rest|same)\b|one\b|⟦)(?=[a-z])",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"""\s*(?:\(|,|;|:|\s(?:-|\u2013|—)\s)
      | \s+(?:that|which|who|whom|whose|where|when|while|it|they|he|she|we|so|if|until|unless|being|for|from
        |between|with
          |without|within|to|not|no|is|are|was|were|may|must|can|shall|will|based|chosen|given|starting|as|by)\b
      | \s+(?:on|by|to|at|in)\s+which\b | \s+(?:up\s+to|at\s+most|at\s+least|\d)
      | \s+in\s+(?:whole\s+)?(?:percent|euros?|dollars?|pounds?|francs|cents|minutes|seconds|hours|days|weeks
        |months|years
          |points|grams|kilograms|kg|tonnes|(?:square|cubic)\s+\w+|metres|meters|kilometres|km|litres|liters|degrees|kWh
          |EUR|USD|GBP|CHF|bytes)\b
      | \s+of\s+(?:up\s+to|at\s+most|exactly|max|no\s+more|between|\d)
      | \s+(?:of|on|in)\s+(?=(?:one|the|its|their|an?|each|every)\s|⟦)""",
    re.IGNORECASE | re.VERBOSE,
)
_ARTICLES = re.compile(
    r"(?:an?|the|its|their|his|her|our|one|exactly one|any|some|each|every|also|own|single|whole|new"
    r"|additional|separate|dedicated|internal|short|"
    r"free-text|free text|plain|simple|possible)\s+",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s+in\s+(?:whole\s+)?(?P<unit>grams|kilograms|kg|minutes|hours|seconds|days|weeks|months|years|cents|percent)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?:(?P<bound>maximum|minimum|max|min|maximal|minimal)\s+)?(?:number|count|amount)\s+of\s+(?P<things>[a-z -]+)\Z",
    re.IGNORECASE,
)
_FLAG_FOR = re.compile(
    r"\s+(?:for|that\s+(?:says|tells|shows)|saying|telling|showing)\s+(?:whether|if)\s+(?:it|they|he|she|⟦\d+⟧)\s+"
    r"(?P<verb>is|are|was|has|have|can|needs)\s+(?:been\s+)?(?:an?\s+|the\s+)?(?P<what>[a-z-]+(?:\s[a-z-]+)?)",
    re.IGNORECASE,
)
_KIND_OF = re.compile(
    rf"(?P<kind>{'|'.join(sorted(KINDS))}|name|address|remark|note|comment)"
    r"\s+(?:of|for|about|on)\s+(?:the\s+|its\s+|an?\s+)?"
    r"(?P<what>(?!the\b|its\b|each\b|every\b|last\b|first\b)[a-z]+)(?=\s*(?:[(,;:.]|\Z))",
    re.IGNORECASE,
)
"""What is a kind of something: `the type of water`, `the reason for the delay`."""
_UNITS = frozenset("minutes seconds hours days weeks months years points grams kilograms litres metres cents".split())
_OF_EVENT = re.compile(r"\s+of\s+(?:the|its|their|an?)\s+(?P<event>(?:last\s+|first\s+)?[a-z]+)\b", re.IGNORECASE)
_DONE = re.compile(r"(?:it|they|he|she|⟦\d+⟧)\s+(?:was|is|were|are|has been|gets?)\s+(?P<done>[a-z]+)", re.IGNORECASE)
NOT_THINGS = frozenset(
    """constraint index key check trigger function
    option ability way access permission right button page view filter search overview
    chance choice dialog form field column table row screen tab menu icon badge chip preview error warning notification
    confirmation tooltip endpoint request response one it them look following same more most problem issue
    question
    need idea lot bit effect impact place part hint answer possibility opportunity use
    reminder least thing something anything nothing everything
    relationship relation""".split()
)
_NO_THINGS_ALONE = frozenset("link list report history copy message picture plan set value".split())
_NO_WORDS = frozenset(
    """is are was were be been has have had must shall should can may will not no and or then than because it they them
    this that these several many multiple those following same such other more most what who how why all both many
    able never ever always only just still already also too very""".split()
)


def things_of(text: str, mark: Marked, habits: Habits) -> tuple[Thing, ...]:
    """The attributes of a list in a marked text, in order; what is no attribute is left out."""
    found: list[Thing] = []
    text = _QUOTED_LIST.sub(lambda match: f" ({match['list'].strip()})", mark.restored(text))
    for core, rest in _parted(_each_bound(text), habits):
        words = mark.plain(core) if ANY_MARK.fullmatch(core.strip()) else core
        for part, told_of in _spelled_out(words, rest):
            if thing := thing_of(part, told_of):
                found.append(thing)
    return tuple(found)


_BOUNDS = re.compile(
    r"\b(?P<first>the |an? )?(?P<one>minim(?:um|al)|maxim(?:um|al)|lowest|highest|earliest|latest|first|last|old|new"
    r"|gross|net|planned|actual)\s+(?:and|or)\s+(?:the\s+|an?\s+)?"
    r"(?P<two>minim(?:um|al)|maxim(?:um|al)|lowest|highest|earliest|latest|first|last|old|new|gross|net|planned|actual)"
    r"\s+(?P<noun>[a-z]+(?:\s+(?:of|for)\s+[a-z]+)?)\b",
    re.IGNORECASE,
)


def _each_bound(text: str) -> str:
    """The text with both attributes written out: of `the minimum and the maximum price` two prices."""
    return _BOUNDS.sub(lambda m: f"the {m['one']} {m['noun']}, the {m['two']} {m['noun']}", text)


_QUOTED_LIST = re.compile(
    r"(?<=[a-z])\s+(?P<list>(?:[\"'“][\w -]+[\"'”](?:\s*,\s*(?:or\s+)?|\s+or\s+)?){2,})", re.IGNORECASE
)
"""Quoted values behind a noun: `the result "white", "black" or "draw"`."""
_INSIDE = re.compile(r"\s*\((?P<inside>[a-z ,]+)\)\s*\Z", re.IGNORECASE)


_PEOPLE = frozenset(
    """contact person guardian parent supplier doctor representative owner recipient sender manager relative partner
    witness agent carrier insurer employer""".split()
)


def _spelled_out(core: str, rest: str) -> list[tuple[str, str]]:
    """The attributes that brackets list: of `the position (latitude and longitude)` those two."""
    match = _INSIDE.match(rest)
    if match is None or not (named := named_attributes(match["inside"])):
        return [(core, rest)]
    whose = _ARTICLES.sub("", core.strip())
    # of a person who is no row, each attribute needs to say whose it is
    return [
        (f"{whose} {item}" if words_of(whose)[-1:] and words_of(whose)[-1] in _PEOPLE else item, "") for item in named
    ]


def _parted(text: str, habits: Habits) -> list[tuple[str, str]]:
    """The noun phrases, each with the words up to the next one."""
    parts: list[tuple[str, str]] = []
    pieces = _pieces(text)
    listing = True
    for separator, piece in pieces:
        cut = _CUT.search(piece)
        core = piece[: cut.start()] if cut else piece
        starts = bool(_STARTS.match(piece) or ANY_MARK.fullmatch(core.strip())) or (listing and _is_typed(core, habits))
        if not parts or (starts and not _is_tail(piece)):
            parts.append((core, piece[len(core) :]))
            listing = not parts[-1][1].strip() or "(" in parts[-1][1]
        else:
            core, rest = parts[-1]
            parts[-1] = (core, rest + separator + piece)
    return parts


def _pieces(text: str) -> list[tuple[str, str]]:
    """The pieces between separators outside brackets, each with the separator before it."""
    pieces: list[tuple[str, str]] = []
    depth = start = position = 0
    separator = ""
    while position < len(text):
        depth += (text[position] in "([{") - (text[position] in ")]}")
        if depth <= 0 and (match := _SPLIT.match(text, position)) and match.end() > match.start():
            pieces.append((separator, text[start:position]))
            separator, start = match[0], match.end()
            position = start
            continue
        position += 1
    pieces.append((separator, text[start:]))
    return [(before, piece.strip()) for before, piece in pieces if piece.strip()]


_TAIL = re.compile(
    r"(?:an? new one|(?:the (?:default|first|others?|rest|existing|old)|no two|it|they|which|where|if"
    r"|unless|by default|default|max|up to|at"
    r" most|starts?|begins?|is|are|was|can|may|must|defaults|has|have|not|never|new|existing|old|empty"
    r"|otherwise|both|so|but)\b|\d)",
    re.IGNORECASE,
)


def _is_tail(piece: str) -> bool:
    return bool(_TAIL.match(piece))


def _is_typed(core: str, habits: Habits) -> bool:
    words = words_of(_ARTICLES.sub("", core))
    return (
        0 < len(words) <= 3
        and words[-1] not in {"at", "on", "by"}
        and guessed_type("_".join(words), habits) is not None
    )


def thing_of(core: str, rest: str) -> Thing | None:
    """The attribute of a noun phrase and the words after it; None when it is none."""
    details = Details()
    phrase = core.strip(" `\"'*.,")
    while match := re.match(
        r"(?P<word>optional|optionally|required|mandatory|unique|globally unique)\s+", phrase, re.IGNORECASE
    ) or _ARTICLES.match(phrase):
        word = (match.groupdict().get("word") or "").lower()
        if word.startswith("optional"):
            details = replace(details, nullable=True)
        elif word in {"required", "mandatory"}:
            details = replace(details, nullable=False)
        elif "unique" in word:
            details = replace(details, unique=True)
        phrase = phrase[match.end() :]
    if phrase.lower().endswith("flag") and (match := _FLAG_FOR.match(rest)):
        verb, what = match["verb"].lower(), match["what"].lower()
        named = what if verb in {"is", "are", "was"} else f"{verb} {what}"
        told_of = told(rest[match.end() :], replace(details, type=ColumnType("boolean"), nullable=False))
        details = replace(told_of, default=told_of.default or "false")
        return Thing(phrase=named, name=column_name(named), details=details, rest=rest)
    if match := _COUNTED.match(phrase):
        phrase, details = _counted(match, details)
    elif (match := _KIND_OF.match(f"{phrase}{rest}")) and match["kind"].lower() in phrase.lower().split():
        phrase, rest = f"{singular(match['what'].lower())} {match['kind']}", f"{phrase}{rest}"[match.end() :]
    words = words_of(phrase)
    if not 0 < len(words) <= 4 or any(word in _NO_WORDS for word in words) or words[-1] in NOT_THINGS or "⟦" in phrase:
        return None
    if len(words) == 1 and words[0] in _NO_THINGS_ALONE:
        return None
    details = told(rest, details)
    if unit := _UNIT.match(rest):
        phrase = f"{phrase} {unit['unit'].lower()}"
    name = column_name(phrase)
    if details.type is None and not details.is_typed and _is_ordinal(words):
        details = replace(details, type=ColumnType("integer"))
    if words in {("date",), ("time",), ("moment",), ("instant",)}:
        done = _DONE.search(rest)
        of = _OF_EVENT.match(rest)
        kind = "on" if words == ("date",) else "at"
        if done or of:
            name = (
                f"{done['done'].lower()}_{kind}"
                if done
                else f"{'_'.join(words_of(of['event']))}_{kind}"
                if of
                else name
            )
        if kind == "at":
            details = replace(details, type=ColumnType("timestamp with time zone"))
    return Thing(phrase=phrase, name=name, details=details, rest=rest)


_ORDINALS = frozenset(
    "season episode version page chapter line track volume week lap round "
    "revision sequence floor issue step level shelf row".split()
)


def _is_ordinal(words: tuple[str, ...]) -> bool:
    """Whether the words name a number that counts things up, not one that identifies: `episode number`."""
    return len(words) > 1 and words[-1] == "number" and words[-2] in _ORDINALS


def _counted(match: "re.Match[str]", details: Details) -> tuple[str, Details]:
    things = words_of(match["things"])
    details = replace(details, type=details.type or ColumnType("integer"))
    bound = (match["bound"] or "").lower()[:3]
    if bound:
        return " ".join((bound, *things)), details
    if things == ("money",):
        return "amount", replace(details, type=None)
    if things[-1] in _UNITS:
        return " ".join(things), details
    return " ".join((*things[:-1], singular(things[-1]), "count")), details
