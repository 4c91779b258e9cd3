"""What words around an attribute tell of it, wherever in them it stands: `of up to 24 characters that no other has`."""

import re
from collections.abc import Callable
from dataclasses import replace

from migration_ls.postgres.quoting import literal
from migration_ls.postgres.types import ColumnType
from migration_ls.sources.spec.details import Details
from migration_ls.sources.spec.families.values import default_values, plain_values
from migration_ls.sources.spec.words import NUMBERS

_N = r"-?\d[\d,]*(?:\.\d+)?"
_LENGTH = re.compile(
    r"(?:up to|at most|max(?:imum|\.)?(?: length)?(?: of)?|no (?:more|longer) than|not longer than"
    r"|limited to|within|exactly|of)\s+"
    r"(?P<a>\d[\d,]*)\s*(?:characters?|chars?|letters)\b"
    r"|(?P<b>\d[\d,]*)\s*(?:characters?|chars?|letters)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?:\b(?:from|between|of|range|scale)\s+)?(?P<low>{_N})\s*(?:%|percent"
    r"|stars?)?(?:\s*\([^()]*\))?\s*(?:to|and|through|-|\u2013|\.\.)\s*"
    rf"(?P<high>{_N})(?!\s*(?:characters|chars|letters))",
    re.IGNORECASE,
)
_LOW = re.compile(
    r"\b(?:at least|no less than|not less than|minimum(?: of)?|(?:not|never) (?:below|under|less than"
    r"|shorter than))\s+"
    rf"(?P<low>{_N}|zero)(?!\s*(?:characters|chars|letters))",
    re.IGNORECASE,
)
_HIGH = re.compile(
    rf"\b(?:at most|no more than|not more than|maximum(?: of)?|up to|(?:not|never) (?:above|over|more than))\s+"
    rf"(?P<high>{_N})(?![\d,]*\s*(?:characters|chars|letters))",
    re.IGNORECASE,
)
_NOT_NEGATIVE = re.compile(
    r"\b(?:not|never|cannot|can't|n't)\s+(?:be\s+)?(?:negative|below zero)|\bnon-?negative\b", re.IGNORECASE
)
_POSITIVE = re.compile(r"\b(?:positive|(?:greater|more) than (?:0|zero)|above zero)\b", re.IGNORECASE)

_TYPES: tuple[tuple[str, Callable[["re.Match[str]"], ColumnType]], ...] = (
    (r"\b(?:in|and)\s+cents\b(?<!and cents)|\bin (?:whole )?cents\b", lambda _: ColumnType("integer")),
    ((
        r"\b(?:amount of money|in (?:whole )?(?:euros?|dollars?|pounds?|francs|EUR|USD|GBP|CHF)"
        r"|euros? and cents|monetary)\b"
    ),
     lambda _: ColumnType("numeric", ("10", "2"))),
    (r"\bwith (?P<scale>one|two|three|four|\d) decimals?\b",
     lambda match: ColumnType("numeric", ("10" if match["scale"] in {"two", "2"} else "8", _digit(match["scale"])))),
    (r"\b(?:whole number|an integer|in whole [a-z]+|a number of|(?:the )?number of (?!the\b)|how many)\b",
     lambda _: ColumnType("integer")),
    ((r"\bin (?:square|cubic) (?:met(?:re|er)s|feet)\b|\bdecimal(?: number)?\b|"
      r"\bin (?:kilograms|kg|tonnes|metres|meters|kilometres|km|litres|liters|degrees|kWh|m²|m³)\b"),
     lambda _: ColumnType("numeric", ("10", "2"))),
    (r"\bin (?:minutes|seconds|hours|days|weeks|months|years|points|grams|millimetres|millimeters|mm|cm|bytes)\b",
     lambda _: ColumnType("integer")),
    (r"\bin percent\b|\bpercentage\b", lambda _: ColumnType("smallint")),
    (r"\be-?mail address\b", lambda _: ColumnType("character varying", ("255",))),
    (r"\bISO[ -]4217\b|\bISO currency code\b|\bthree-letter code\b", lambda _: ColumnType("character varying", ("3",))),
    (r"\b(?:free|long|unlimited|rich|plain)[- ](?:form\s+)?text\b|\bmarkdown\b|\bof any length\b",
     lambda _: ColumnType("text")),
    (r"\b(?:true or false|yes or no|yes/no|a boolean|boolean flag|a flag)\b", lambda _: ColumnType("boolean")),
    (r"\b(?:a|the|its|calendar) date(?! and time)\b(?! of)", lambda _: ColumnType("date")),
    (r"\b(?:date and time|timestamp|instant|moment|point in time|with (?:a )?time ?zone)\b",
     lambda _: ColumnType("timestamp with time zone")),
)  # fmt: skip
_KINDS = tuple((re.compile(pattern, re.IGNORECASE), make) for pattern, make in _TYPES)

_MAY_BE_MISSING = (
    r"optional(?:ly)?",
    r"unknown",
    r"if (?:(?:it|they|he|she) (?:is|are|was|were) )?(?:known|given|available|present|applicable)",
    r"if (?:there (?:is|was) (?:one|any)|any)",
    r"(?:where|when|as far as|once) (?:it|they|he|she) (?:is|are) known",
    r"(?:have|has|need|needs|carry|show) none",
    r"none (?:so far|yet|at first)",
    r"(?:may|can|might|could) (?:be )?(?:left|leave)(?: it| this)? (?:out|empty|blank)",
    r"(?:may|can|might|could) (?:be )?(?:omitted|missing|empty|blank|unknown|unset|absent|omit(?: it)?)",
    r"empty (?:while|until|unless|as long as|for)",
    r"until then",
    r"not (?:every|all|each) .{1,30} (?:has|have|needs?)",
    r"nobody (?:is|has) .{0,40}(?:to (?:start|begin) with|at first|yet)",
    r"(?:stays?|remains?|is|are) (?:empty|null|blank|unset)",
    r"null(?:able)?",
)
_NULLABLE = re.compile(rf"\b(?:{'|'.join(_MAY_BE_MISSING)})\b", re.IGNORECASE)
_REQUIRED = re.compile(
    r"\b(?:mandatory|required|compulsory|obligatory|always (?:set|given|filled|known|present)|"
    r"never (?:empty|missing|null)|"
    r"(?:must|may|can) (?:not|never) be (?:empty|missing|left out|blank)|cannot be (?:empty|missing|left out|blank))\b",
    re.IGNORECASE,
)
_UNIQUE = re.compile(
    r"\b(?:unique|no two (?:[\w⟦⟧]+ ){1,3}(?:may |can |must |should )?(?:share|have|use)(?: it| one| the same\b.*)?|"
    r"(?:that |which )?no other (?:[\w⟦⟧]+ ){1,2}(?:has|have|uses?|carries)|"
    r"(?:never|not) (?:be )?(?:used|given|occurs?|issued|appears?) twice|differs? (?:for|from) (?:every|each|all))\b",
    re.IGNORECASE,
)
_VALUES = re.compile(
    r"""(?:\b(?:being\s+)?(?:one|either|any)\s+of\s*:?\s+
      | \bwhich\s+(?:is|are|can\s+be|may\s+be|must\s+be)\s+(?:either\s+)?(?:one\s+of\s+)?
      | \b(?:being|namely|i\.e\.|that\s+is|either|(?:can|may|must|shall|should|will)\s+be|is|are)\s+
          (?:either\s+)?(?:one\s+of\s+)?(?:exactly\s+)?
      | :\s+ | \(\s*(?:one\s+of\s+|either\s+)? | \A\s*
      | \b(?:with|having)\s+(?:the\s+)?(?:\w+\s+)?(?:values|options|levels|states|choices|stages)\s*:?\s+
      | \bfrom\s+)
      (?P<list>[^;:()]+?)
      (?=\)|;|:|\.?\s*\Z|\.\s
        |,\s+(?:the|by|unless|where|with|and\s+(?!\w+(?:\s*\Z|[;.)]))|which|so|if)\b
        |\s+(?:by\s+default|unless|with\s+(?:a\s+)?default|and\s+(?:starts|defaults|is|it|the)\b|,?\s*default))""",
    re.IGNORECASE | re.VERBOSE,
)
_DEFAULTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:starts?|begins?|starting|beginning|counting)\s+(?:at|with|from|as|by|in|out as)\s+(?P<value>[\w.-]+)",
        r"\b(?P<value>[\w.-]+)\s+(?:to (?:begin|start) with|at first|initially|first\b(?! of))",
        (
            r"\b(?P<value>[\w.-]+)\s+(?:unless|(?:if|when|where) (?:nobody|nothing|none)|for those that|"
            r"for all existing|for existing|for old)"
        ),
        r"\b(?P<value>[\w.-]+)\s+being\s+(?:the\s+)?(?:default|standard|normal|initial)",
        r"\b(?:first|initial)\s+(?:[\w⟦⟧]+\s+){0,2}?(?:being|is)\s+(?P<value>[\w.-]+)",
        r"\b(?P<value>[\w.-]+)\s+is\s+(?:what\s+we\s+assume|assumed|the\s+(?:default|standard|normal|usual|initial))",
        (
            r"\b(?:a|the|every) new (?:one|[\w⟦⟧]+) (?:is|starts as|gets|has|starts out as|begins as)\s+(?:an?\s+)?"
            r"(?P<value>[\w.-]+)"
        ),
        r"\b(?:until|before)\b[^,;.]{2,40}?(?:they|it|he|she)\s+(?:are|is|stays?|remains?)\s+(?P<value>[\w.-]+)",
        r"\b(?:without|with no)\b[^,;.]{1,30}?\b(?:gets?|have|has|is|are|count as|become)\s+(?P<value>[\w.-]+)",
        (
            r"\b(?:where|when|if) (?:none|nothing|no \w+) (?:is|was) (?:chosen|given|set|said|stated|known|specified)"
            r"[^,;.]{0,12}?,?\s+(?:the\s+)?(?:[\w⟦⟧]+\s+)?(?:is|it is|counts as|means)\s+(?P<value>[\w.-]+)"
        ),
        r"\bstarts?\s+(?:at|with)\s+[a-z]+\s+(?P<value>-?\d+)\b",
        r"\bis (?P<value>-?\d+) (?:for|unless|until|when|if)\b",
        r"\bit is an?\s+(?P<value>[\w.-]+)\s+(?:at )?first",
    )
)
_QUOTED = re.compile(
    r"\bdefault(?:s|ing)?(?:\s+(?:is|to|value|of))*\s*:?\s*[\"“`'](?P<value>[^\"”`']+)[\"”`']", re.IGNORECASE
)
_NO_VALUES = frozenset(
    "a an the it they is are none nothing null empty one no not what if and or so that this there he she be which "
    "required mandatory optional new old added changed removed shown".split()
)


def _digit(word: str) -> str:
    return str(NUMBERS.get(word, word))


def told(words: str, known: Details | None = None, *, values: bool = True) -> Details:
    """What the words tell of an attribute, beside what is known of it already."""
    details = known or Details()
    if match := _LENGTH.search(words):
        details = replace(details, length=details.length or int((match["a"] or match["b"]).replace(",", "")))
    elif details.low is None and details.high is None:
        details = _bounds(words, details)
    for pattern, make in _KINDS:
        if details.type is None and (match := pattern.search(words)):
            details = replace(details, type=make(match))
    if values and not details.values and (found := values_in(words)):
        details = replace(details, values=found)
    default = default_in(words, details)
    if default is not None and details.default is None:
        details = replace(details, default=default)
    if details.nullable is None and _REQUIRED.search(words):
        details = replace(details, nullable=False)
    elif details.nullable is None and _NULLABLE.search(words):
        details = replace(details, nullable=True)
    return replace(details, unique=True) if _UNIQUE.search(words) else details


def _bounds(words: str, details: Details) -> Details:
    if match := _RANGE.search(words):
        return replace(details, low=match["low"].replace(",", ""), high=match["high"].replace(",", ""))
    if _NOT_NEGATIVE.search(words):
        return replace(details, low="0")
    if _POSITIVE.search(words):
        return replace(details, checks=(*details.checks, "{} > 0"))
    low, high = _LOW.search(words), _HIGH.search(words)
    if low:
        details = replace(details, low="0" if low["low"].lower() == "zero" else low["low"].replace(",", ""))
    return replace(details, high=high["high"].replace(",", "")) if high else details


def values_in(words: str) -> tuple[str, ...]:
    """The list of values that the words give, empty when they give none."""
    start = 0
    while match := _VALUES.search(words, start):
        start = match.start() + 1
        listed = re.sub(r"\A(?:either|one of|exactly|the)\s+", "", match["list"].strip(" ,."), flags=re.IGNORECASE)
        if "⟦" in listed or ("," not in listed and not re.search(r"\sor\s|/|\|", listed)):
            continue
        found = plain_values(listed)
        if len(found) > 1 and all(len(value.split()) <= 2 and value.lower() not in _NO_VALUES for value in found):
            return found
    return ()


def default_in(words: str, details: Details) -> str | None:
    """The SQL of the value that the words give where none is chosen."""
    for pattern in _DEFAULTS:
        for match in pattern.finditer(words):
            if (value := _default_sql(match["value"], details)) is not None:
                return value
    if (quoted := _QUOTED.search(words)) and not details.values:
        return literal(quoted["value"])
    for word in default_values(words):
        if (value := _default_sql(word, details)) is not None:
            return value
    return None


def _default_sql(word: str, details: Details) -> str | None:
    given = word.strip("`'\".,")
    word = given.lower()
    if details.values:
        picked = next((value for value in details.values if value.lower() == word), None)
        return literal(picked) if picked else None
    if word in _NO_VALUES:
        return None
    if word == "zero" or word in NUMBERS:
        return "0" if word == "zero" else str(NUMBERS[word])
    if re.fullmatch(r"-?\d+(?:\.\d+)?", word):
        return word
    if details.type and details.type.name == "boolean":
        return {"yes": "true", "true": "true", "on": "true", "no": "false", "false": "false", "off": "false"}.get(word)
    if given != given.lower() and re.fullmatch(r"[\w/.-]+", given):
        # a proper name: `UTC unless they choose another`
        return literal(given)
    return literal(word.upper()) if details.type == ColumnType("character varying", ("3",)) and len(word) == 3 else None
