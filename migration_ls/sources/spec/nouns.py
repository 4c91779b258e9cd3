"""Names of attributes into columns: `due date`, `preferred language`, `an optional comment of up to 600 characters`."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.sources.spec.details import Details, read_details
from migration_ls.sources.spec.habits import Habits
from migration_ls.sources.spec.words import key_of, list_of, singular, snake, stem_of, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A named attribute: the words of its name, and what is said about it."""

    phrase: str
    details: Details


_DETERMINER = re.compile(
    r"(?:an?|the|its|their|his|her|our|one|exactly one|single|some|any|each|every|new|additional|un|una|el|la|los|"
    r"las)\s+",
    re.IGNORECASE,
)
_QUALITY = re.compile(r"(?P<word>optional|required|mandatory|unique|non-empty|own)\s+", re.IGNORECASE)
_TRAIL = re.compile(
    r"\s*(?:,|\bof\b|\bwith\b|\bthat is\b|\bhaving\b|\blimited to\b)?\s*"
    r"(?P<limit>(?:\ba\s+)?(?:up to|at most|exactly|max(?:imum|\.)?(?: length)?(?: of)?|no more than|"
    r"not longer than|(?<=of\s)(?=\d))\s*"
    r"[\d,_]+\s*"
    r"(?:characters?|chars?|letters)(?: long)?"
    r"|(?:from|between)\s+-?[\d.]+\s+(?:to|and)\s+-?[\d.]+)(?:\s+(?P<unit>[a-z]+))?\s*\Z",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\s+(?:(?:that|which|who|whose|where|when|for|as|so|because|they|it|he|she|we|you|if|by which|to which|on which|"
    r"chosen|given|entered|provided|in order|at the time)\b.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_WHICH_IS = re.compile(
    r",?\s+(?:which|that)\s+(?:is|defaults\s+to|starts\s+at|starts\s+as)\s+(?P<value>[\w.'-]+)(?:\s+(?:unless|"
    r"by default|when|if|until|"
    r"initially|at first)\b.*)?\Z",
    re.IGNORECASE | re.DOTALL,
)
_PARENS = re.compile(r"\s*\(([^()]*)\)")
_OR_NOT = re.compile(r"(?P<flag>[\w -]+?)\s+or\s+not(?:\s+(?P=flag))?\Z", re.IGNORECASE)
_COUNT = re.compile(r"(?:number|count|amount)\s+of\s+(?P<things>[a-z ]+)\Z", re.IGNORECASE)
_UNIT = re.compile(
    r"\s+in\s+(?:whole\s+)?(?P<unit>grams|kilograms|kg|minutes|hours|seconds|days|weeks|months|years|cents|percent|"
    r"metres|meters|kilometres|kilometers|km|cm|mm|litres|liters|celsius|bytes|points)\Z",
    re.IGNORECASE,
)
_CURRENCY = re.compile(
    r"(?:\s+in\s+(?:whole\s+)?(?:euros?|dollars?|pounds?|EUR|USD|GBP|CHF|(?:the\s+)?(?:local\s+|base\s+)?currency))"
    r"(?:\s+(?:and\s+cents|with\s+(?P<scale>\w+)\s+decimals?(?:\s+places)?))?\s*\Z",
    re.IGNORECASE,
)
_SCALES = {"two": "2", "three": "3", "four": "4", "no": "0"}
_IDENTIFIER = re.compile(r"[^\W\d]\w*\Z")


def read_attribute(text: str) -> Attribute | None:
    """The attribute that a noun phrase names, None when it is none."""
    details = Details()
    phrase = text.strip().rstrip(".;:").strip()
    for inside in _PARENS.findall(phrase):
        details = read_details(inside, details)
    phrase = _PARENS.sub("", phrase).strip()
    phrase, details = _qualities(phrase, details)
    if match := _TRAIL.search(phrase):
        details = read_details(match["limit"].removeprefix("a "), details)
        phrase = phrase[: match.start()]
    if (match := _WHICH_IS.search(phrase)) and details.default is None:
        details = read_details(f"default {match['value']}", details)
        phrase = phrase[: match.start()]
    phrase = _RELATIVE.sub("", phrase).strip(" ,;:`\"'")
    if match := _OR_NOT.match(phrase):
        phrase = match["flag"]
        default = default if (default := details.default) in {"true", "false"} else "false"
        details = replace(details, type=ColumnType("boolean"), nullable=False, default=default)
    if match := _COUNT.match(phrase):
        phrase = f"{' '.join((*words_of(match['things'])[:-1], singular(words_of(match['things'])[-1])))} count"
    if match := _CURRENCY.search(phrase):
        phrase = phrase[: match.start()]
        scale = _SCALES.get(match["scale"] or "", match["scale"] or "2")
        details = details if details.type else replace(details, type=ColumnType("numeric", ("10", scale)))
    if match := _UNIT.search(phrase):
        phrase = f"{phrase[: match.start()]} {match['unit']}"
    words = words_of(phrase)
    if not words or len(words) > 5 or any(word in _NO_NAMES for word in words):
        return None
    return Attribute(phrase=phrase, details=details)


def _qualities(phrase: str, details: Details) -> tuple[str, Details]:
    """Without articles and adjectives, which say whether it may be missing."""
    while True:
        if match := _QUALITY.match(phrase):
            word = match["word"].lower()
            if word == "optional":
                details = replace(details, nullable=True)
            elif word in {"required", "mandatory"}:
                details = replace(details, nullable=False)
            elif word == "unique":
                details = replace(details, unique=True)
            phrase = phrase[match.end() :]
        elif (match := _DETERMINER.match(phrase)) and phrase[match.end() :]:
            phrase = phrase[match.end() :]
        else:
            return phrase, details


_NO_NAMES = frozenset(
    """is are was were be been has have had must shall should can may will not no and or of if then than because while
    it they them this that these several many multiple those following same such other more most which what who when
    where how why""".split()
)

_TIME_WORDS = frozenset({"time", "timestamp", "moment", "datetime", "hora"})
_DATE_WORDS = frozenset({"date", "day", "fecha"})
_FILLERS = frozenset({"of", "the", "a", "an", "in", "for", "on", "at", "running", "free", "short", "long", "full text"})
_NAMED_TIMES = {"creation": "created", "modification": "modified", "update": "updated", "joining": "joined",
                "deletion": "deleted", "publication": "published", "completion": "completed",
                "login": "last_login"}  # fmt: skip


KINDS = frozenset("type kind category colour color size reason purpose level degree cause method".split())
"""Nouns that come last in a name: `the type of water` is the `water_type`."""


def column_name(phrase: str) -> str:
    """The column that a phrase names: `issued date` is `issued_on`, `created time` `created_at`."""
    if "_" in phrase and _IDENTIFIER.match(phrase):
        return phrase
    words = words_of(phrase.replace("e-mail", "email").replace("E-mail", "email"))
    if len(words) == 3 and words[0] in KINDS and words[1] == "of":
        return f"{words[2]}_{words[0]}"
    if len(words) >= 2 and words[-1] in _TIME_WORDS | _DATE_WORDS:
        before = _NAMED_TIMES.get(words[-2], words[-2])
        if (
            before.endswith("ed")
            or before in {"sent", "paid", "sold", "taken", "last_login"}
            or words[-2] in _NAMED_TIMES
        ):
            ending = "on" if words[-1] in _DATE_WORDS and words[-2] not in _NAMED_TIMES else "at"
            return "_".join((*words[:-2], before, ending))
        if words[-1] in _TIME_WORDS and words[0] == "last":
            return "_".join((*words[:-1], "at"))
    if words[-2:] in {("email", "address"), ("mail", "address")}:
        words = words[:-1]
    if words[:2] == ("date", "of"):
        return snake(phrase)
    kept = tuple(word for word in words if word not in _FILLERS)
    return "_".join(kept or words)


_VARCHAR = "character varying"
_LENGTHS: dict[str, int] = {
    "email": 255, "mail": 255, "e-mail": 255, "phone": 32, "telephone": 32, "mobile": 32, "fax": 32, "title": 200,
    "name": 200, "headline": 200, "subject": 200, "label": 100, "code": 50, "sku": 50, "slug": 100, "number": 50,
    "reference": 100, "identifier": 100, "locale": 10, "language": 10, "currency": 3, "country": 2, "timezone": 64,
    "colour": 20, "color": 20, "version": 50, "hash": 128, "status": 20, "state": 20, "type": 20, "kind": 20,
    "category": 50, "priority": 20, "level": 20, "role": 20, "severity": 20, "tier": 20, "city": 100, "street": 200,
    "postcode": 20, "zip": 20, "iban": 34, "barcode": 50, "serial": 50, "username": 100, "nickname": 100, "isbn": 17,
    "address": 255, "location": 200, "brand": 100, "manufacturer": 100, "model": 100, "source": 50, "channel": 50,
    "unit": 20, "gender": 20, "region": 100, "department": 100, "author": 200, "supplier": 200, "token": 255,
    "url": 2048, "link": 2048, "website": 2048, "urgency": 20, "visibility": 20, "frequency": 20, "difficulty": 20,
}  # fmt: skip
_TYPES: dict[str, str] = {
    "description": "text", "note": "text", "notes": "text", "comment": "text", "text": "text", "body": "text",
    "reason": "text", "content": "text", "message": "text", "summary": "text", "bio": "text", "biography": "text",
    "instructions": "text", "instruction": "text", "remark": "text", "feedback": "text", "explanation": "text",
    "count": "integer", "quantity": "integer", "stock": "integer", "position": "integer", "points": "integer",
    "minutes": "integer", "hours": "integer", "seconds": "integer", "days": "integer", "weeks": "integer",
    "months": "integer", "grams": "integer", "cents": "integer", "year": "smallint", "age": "smallint",
    "capacity": "integer", "stars": "smallint", "rating": "smallint", "score": "integer", "rank": "integer",
    "percentage": "numeric(5,2)", "percent": "numeric(5,2)", "weight": "numeric(10,3)", "height": "numeric(10,2)",
    "width": "numeric(10,2)", "latitude": "double precision", "longitude": "double precision",
    "duration": "interval", "metadata": "jsonb", "settings": "jsonb", "preferences": "jsonb", "payload": "jsonb",
    "date": "date", "day": "date", "deadline": "timestamp", "birthday": "date", "birthdate": "date",
    "time": "timestamp",
    "timestamp": "timestamp", "datetime": "timestamp", "at": "timestamp", "on": "date", "flag": "boolean",
    "km": "integer", "kg": "numeric(10,3)", "temperature": "numeric(5,2)", "celsius": "numeric(5,2)",
    "turbidity": "double precision", "humidity": "numeric(5,2)", "pressure": "numeric(8,2)", "salinity": "numeric(8,3)",
    "distance": "numeric(10,2)", "volume": "numeric(12,3)", "speed": "numeric(8,2)",
    "altitude": "numeric(8,2)", "elevation": "numeric(8,2)", "depth": "numeric(8,2)", "voltage": "numeric(8,2)",
    "ki"
    "lometres": "integer", "kilometers": "integer", "mileage": "integer", "ip": "inet", "uuid": "uuid", "photo": "text",
    "image": "text", "bytes": "bigint", "avatar": "text", "attempts": "integer",
}  # fmt: skip
TYPED_NOUNS = frozenset(_TYPES)
"""Nouns, plurals among them, whose type is known."""


def named_attributes(words: str) -> tuple[str, ...]:
    """The attributes that brackets list, `latitude and longitude`; empty where they list values."""
    listed = list_of(words)
    named = all(_NAMING.issuperset(words_of(item)[-1:] or ("",)) for item in listed)
    return listed if len(listed) > 1 and named else ()


_MONEY = frozenset(
    """amount price cost total fee balance salary budget discount subtotal tax tip deposit refund wage payment revenue
    income charge rent""".split()
)
_NAMING = TYPED_NOUNS | _LENGTHS.keys() | _MONEY
"""The last words of what is plainly the name of an attribute."""


_WORTH = frozenset(
    {
        "insurance",
        "insured",
        "market",
        "purchase",
        "estimated",
        "order",
        "contract",
        "asset",
        "replacement",
        "residual",
        "resale",
        "net",
        "gross",
    }
)


def guessed_type(name: str, habits: Habits) -> ColumnType | None:
    """The type that a column's name suggests, None when it suggests none."""
    words = words_of(name)
    if "ip" in words:
        return ColumnType("inet")
    if len(words) > 1 and words[-1] == "value" and words[-2] in _WORTH:
        return habits.money
    if words[:2] == ("date", "of"):
        return ColumnType("date")
    if words[-2:] == ("time", "zone"):
        return ColumnType(_VARCHAR, ("64",))
    if len(words) > 1 and words[-1] == "number" and words[-2] in _LENGTHS:
        return ColumnType(_VARCHAR, (str(_LENGTHS[words[-2]]),))
    for word in (words[-1], singular(words[-1])) if words else ():
        if word in _MONEY:
            return habits.money
        if word in _TYPES:
            return habits.timestamp if _TYPES[word] == "timestamp" else _parsed(_TYPES[word])
        if word in _LENGTHS:
            return ColumnType(_VARCHAR, (str(_LENGTHS[word]),))
    if words and words[0] in {"is", "has", "can", "allow", "allows", "needs"} and len(words) > 1:
        return ColumnType("boolean")
    return None


def _parsed(spelling: str) -> ColumnType:
    from migration_ls.postgres.types import parse_type

    return parse_type(spelling)


def same_attribute(one: str, other: str) -> bool:
    """Whether two column names are likely two names for one thing: `cancelled_reason` and `cancel_reason`."""
    core = _core(one)
    return bool(core) and core == _core(other)


_ENDINGS = frozenset({"at", "on", "date", "time", "id", "is"})


@lru_cache(maxsize=4096)
def _core(name: str) -> tuple[str, ...]:
    return tuple(stem_of(word) for word in words_of(name) if word not in _ENDINGS and word not in _FILLERS)


def key_to(table: Name) -> str:
    """The column that refers to a table: `credit_note_id`."""
    words = table.name.split("_")
    return "_".join((*words[:-1], singular(words[-1]), "id"))


def called_so(phrase: str, names: list[str]) -> str | None:
    """The one of the columns' names that the phrase means, by its spelling."""
    wanted = column_name(phrase)
    key = "_".join(key_of(phrase))
    for candidate in (phrase.strip("` "), wanted, key, f"{key}_id"):
        if candidate in names:
            return candidate
    alike = [name for name in dict.fromkeys(names) if same_attribute(name, wanted) or "_".join(key_of(name)) == key]
    if len(alike) == 1:
        return alike[0]
    ending = [name for name in dict.fromkeys(names) if name.endswith((f"_{key}", f"_{key}_id"))]
    return ending[0] if len(ending) == 1 else None
