"""Lists of values in sentences, and which of them counts by default."""

import re
from dataclasses import dataclass

from migration_ls.sources.spec.nouns import named_attributes
from migration_ls.sources.spec.words import list_of, snake

_LIST_AFTER = re.compile(
    r"(?P<cue>:\s+|\(\s*(?:one of\s+|e\.g\.\s+|either\s+|values?:?\s+)?|\b(?:being one of|one of|either"
    r"|limited to|restricted to|"
    r"with (?:the )?(?:values|options|levels|states)|the values|uno de|una de)\s*:?\s+|"
    r"\b(?:from|among|as|of|to)\s+(?=[\w-]+\s*,))(?P<list>.+)\Z",
    re.IGNORECASE | re.DOTALL,
)
_TAIL = re.compile(
    r"(?:\)|;|\.(?=\s|\Z)|\s+-\s|\s\u2013\s|\s—\s|,?\s*\(|,?\s+(?:(?:with|and)\s+(?:a\s+)?)?default|\bby default|"
    r"\bdefaulting|,?\s+(?:starting|beginning)\b|\bfrom now on\b|"
    r",?\s+where\b|,?\s+which\b|,?\s+so that\b|\bpor defecto\b|,?\s+(?:for|to|on)\s+(?:an?|the|each|every|any|all|"
    r"tasks?|their|its)\b)",
    re.IGNORECASE,
)
_VALUE = re.compile(r"[^\W_][\w+&.#'-]*(?:\s+[\w+&.#'-]+){0,2}\Z")
_OF_NUMBERS = re.compile(r"\b(?:decimals?|characters?|chars|digits|letters|bytes|EUR|USD|GBP|CHF)\b")
_NOT_VALUES = re.compile(
    r"\b(?:is|are|was|were|be|been|must|shall|should|can|may|will|has|have|that|which|who|when|if|by|an?"
    r"|the|etc|optional|required|"
    r"nullable|unique|null|per|each|every|their|its|they|it)\b",
    re.IGNORECASE,
)

DEFAULT_CUES: tuple[str, ...] = (
    r"default(?:s to|ing to)?\s*(?:is|are|to|of|value|:|=)*\s*[`'\"“]?(?P<value>[\w-]+)",
    r"[`'\"“]?(?P<value>[\w-]+)[`'\"”]?\s+is\s+(?:the|our)\s+(?:default|initial|standard)",
    r"[`'\"“]?(?P<value>[\w-]+)[`'\"”]?\s+(?:by default|unless\b|initially|por defecto)",
    (
        r"\b(?:counts?|treated|considered|starts?|starting|begins?|created|stored|saved|regarded"
        r"|taken)\s+(?:out\s+)?(?:as|in|at)\s+(?:an?\s+)?[`'\"“]?(?P<value>[\w-]+)"
    ),
    (
        r"\b(?:without|with no|no)\b.{2,60}?\b(?:is|are|gets?|become|becomes|means?|has|have)\s+(?:set to\s+|given\s+"
        r")?[`'\"“]?(?P<value>[\w-]+)"
    ),
    (
        r"\b(?:new|existing|old)\s+\w+\s+(?:is|are|gets?|start|starts|have|has|receive|begin)\s+(?:as\s+|out\s+"
        r"|with\s+|in\s+)*[`'\"“]?(?P<value>[\w-]+)"
    ),
    r"\binitially\s+(?:set to\s+)?[`'\"“]?(?P<value>[\w-]+)",
)
"""Sentences that say which value counts where none is chosen."""
_DEFAULT_CUES = ("default", "unless", "initial", "standard", "defecto", "count", "treated", "consider", "start",
    "begin", "created as", "created in",
                 "stored as", "saved as", "regarded", "taken as", "without", "with no", "no ", "new ", "existing ",
                 "old ")  # fmt: skip
_DEFAULTS = tuple(re.compile(cue, re.IGNORECASE) for cue in DEFAULT_CUES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueList:
    """Values that a clause lists, and what stands before and after the list."""

    values: tuple[str, ...]
    head: str
    tail: str
    default: str | None = None


def value_list(text: str) -> ValueList | None:
    """The list of values in a clause; None when it has none that is plainly one."""
    start = 0
    while cue := _LIST_AFTER.search(text, start):
        start = cue.start() + 1
        found = _values(cue["list"])
        if found is None:
            continue
        values, rest = found
        opened = text[: cue.start("list")].rstrip().endswith("(")
        if opened and named_attributes(cue["list"].partition(")")[0]):
            # `coordinates (latitude and longitude)` are attributes
            continue
        head = text[: cue.start()].rstrip(" :,(")
        default = next((value for value in default_values(rest) if value in _folded(values)), None)
        picked = next((value for value in values if default and value.lower() == default), None)
        return ValueList(values=values, head=head, tail=rest.lstrip(") "), default=picked)
    return None


def _values(words: str) -> tuple[tuple[str, ...], str] | None:
    stop = _TAIL.search(words)
    inside, rest = (words[: stop.start()], words[stop.start() :]) if stop else (words, "")
    values = list_of(inside.rstrip(" .,;"))
    if not 2 <= len(values) <= 15:
        return None
    good = all(_VALUE.match(value) and len(value) <= 30 and not _NOT_VALUES.search(value) for value in values)
    numbers = sum(value.replace(".", "").isdigit() for value in values)
    if any(_OF_NUMBERS.search(value) for value in values):
        return None
    if not good or numbers or len(set(values)) < len(values):
        return None
    return tuple(snake(value) if " " in value else value for value in values), rest


def plain_values(words: str) -> tuple[str, ...]:
    """The values of `draft, sent or paid`, empty when it is no list of values."""
    found = _values(words)
    return found[0] if found else ()


def _folded(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(value.lower() for value in values)


def default_values(text: str) -> list[str]:
    """The words, in lower case, that a text gives as the default."""
    lowered = text.lower()
    if not any(cue in lowered for cue in _DEFAULT_CUES):
        return []
    return [match["value"].lower() for pattern in _DEFAULTS for match in pattern.finditer(text)]


_MIDDLE = ("none", "medium", "normal", "standard", "moderate", "regular", "default")
_FIRST = frozenset(
    """open new draft todo
    to_do pending backlog created requested planned scheduled queued proposed active applied submitted
    received idea lead inactive unpaid unread unassigned unverified not_started private""".split()
)


def likely_default(values: tuple[str, ...]) -> str | None:
    """The value that counts where none is chosen: the middle of a scale, the first of states that begin a life."""
    folded = {value.lower(): value for value in values}
    for name in _MIDDLE:
        if name in folded:
            return folded[name]
    first = values[0].lower().replace("-", "_").replace(" ", "_")
    return values[0] if first in _FIRST else None
