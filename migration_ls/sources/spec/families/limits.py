"""Bounds of values: `The amount of a credit note MUST be positive`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migration_ls.schema.names import Name
from migration_ls.schema.request import Grade
from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details
from migration_ls.sources.spec.items import Item, SaidCheck, SaidColumn
from migration_ls.sources.spec.nouns import read_attribute

_BE = (
    r"(?:(?:must|shall|should|may|can|has to|have to)(?:\s+only)?(?:\s+always)?\s+be|is always|are always|is|"
    r"are|lies|must lie|goes|ranges?)"
)
_N = r"-?\d+(?:\.\d+)?"
_UNIT = r"(?:\s*(?:%|percent|stars|points|characters?|chars?))?"


@dataclass(frozen=True, slots=True)
class _Bound:
    """Words of a bound, and the condition they mean, `{}` being the column."""

    pattern: "re.Pattern[str]"
    check: str


def _bound(words: str, check: str) -> _Bound:
    return _Bound(re.compile(rf"(?P<what>.+?)\s+{words}{_UNIT}\s*", re.IGNORECASE | re.DOTALL), check)


_BOUNDS = (
    _bound(rf"{_BE}\s+(?:strictly\s+)?positive", "{} > 0"),
    _bound(rf"{_BE}\s+(?:not\s+negative|non-?negative|never\s+negative|zero\s+or\s+(?:more|positive))", "{} >= 0"),
    _bound(r"(?:must|may|can|shall|should)\s*(?:not|never)\s+(?:be|fall|go|drop|get|become)\s+(?:negative|below\s+(?:0|zero)|less\s+than\s+"
           r"(?:0|zero))", "{} >= 0"),
    _bound(r"(?:cannot|can't|is never|are never)\s+(?:be\s+)?(?:negative|below\s+(?:0|zero))", "{} >= 0"),
    _bound(rf"{_BE}\s+(?:between|from|in the range(?: of)?)\s+(?P<low>{_N})\s*(?:%|percent)?\s*(?:and|to|-|"
           rf"\u2013)\s*(?P<high>{_N})", "{} BETWEEN {low} AND {high}"),
    _bound(rf"{_BE}\s+(?:greater than|more than|above|larger than|over)\s+(?P<low>{_N}|zero)", "{} > {low}"),
    _bound(rf"{_BE}\s+(?:at least|no less than|not less than)\s+(?P<low>{_N}|zero)", "{} >= {low}"),
    _bound(rf"{_BE}\s+(?:at most|no more than|not more than)\s+(?P<high>{_N})(?!\s*char)", "{} <= {high}"),
    _bound(rf"(?:must|may|can|shall)\s*not\s+(?:exceed|be (?:more|greater) than|be above)\s+"
           rf"(?P<high>{_N})(?!\s*char)", "{} <= {high}"),
)  # fmt: skip
_NOT_BELOW = re.compile(
    r"(?P<what>.+?)\s+(?:may|must|can|shall|should)\s*(?:not|never)\s+be\s+(?P<how>below|less than|smaller than|"
    r"lower than|before|earlier than|above|after|greater than|later than|more than)\s+(?:the\s+)?(?P<other>[\w` ]+?)",
    re.IGNORECASE | re.DOTALL,
)
_ABOVE = re.compile(
    r"(?P<what>.+?)\s+(?:must|shall|should|has to)\s+(?:always\s+)?be\s+(?P<how>after|later than|greater than|"
    r"above|on or after|at least|before|earlier than|on or before|less than)\s+(?:the\s+)?(?P<other>[a-z`][\w` ]+?)",
    re.IGNORECASE | re.DOTALL,
)
_OPERATORS = {"after": ">", "later than": ">", "greater than": ">", "above": ">", "on or after": ">=", "at least": ">=",
              "before": "<", "earlier than": "<", "on or before": "<=", "less than": "<"}  # fmt: skip
_LOWER = frozenset({"below", "less than", "smaller than", "lower than", "before", "earlier than"})
_LONG = re.compile(
    r"(?P<what>.+?)\s+(?:(?:must|may|can|shall|should)\s*(?:not\s+be\s+longer\s+than|not\s+exceed|be\s+at\s+most|be\s+up\s+to|be\s+no\s+longer\s+than|have\s+at\s+most|have\s+up\s+to|contain\s+(?:up\s+to|at\s+most))"
    r"|(?:is|are)\s+(?:limited\s+to|at\s+most|up\s+to))\s+(?P<length>\d[\d,]*)\s*(?:characters?|chars?)(?:\s+long)?",
    re.IGNORECASE | re.DOTALL,
)
_OF = re.compile(
    r"(?:the\s+|an?\s+)?(?:number\s+of\s+)?(?P<name>[\w` ]+?)\s+(?:of|for|on)\s+(?:an?|the|each|every|all|"
    r"any)?\s*(?P<table>[\w` ]+)\Z",
    re.IGNORECASE,
)
_POSSESSED = re.compile(
    r"(?:the\s+|an?\s+|each\s+)?(?P<table>[\w` ]+?)(?:'s|\u2019s|s')\s+(?P<name>[\w` ]+)\Z", re.IGNORECASE
)
_DOTTED = re.compile(r"`?(?P<table>[\w.]+)\.(?P<name>\w+)`?\Z")


def limits(clause: Clause, context: Context) -> Iterator[Item]:
    """A check, or the length of a column."""
    text = (clause.whole.text if clause.actor == "person" else clause.text).rstrip(" .")
    if clause.actor == "system":
        return
    if match := _LONG.fullmatch(text):
        table, name = _column(match["what"], context)
        if name:
            yield SaidColumn(
                table=table or _NOWHERE,
                name=name,
                details=Details(length=int(match["length"].replace(",", ""))),
                said=context.said(clause.whole),
                is_detail=True,
            )
        return
    for bound in _BOUNDS:
        if match := bound.pattern.fullmatch(text):
            groups = match.groupdict()
            numbers = {key: "0" if groups.get(key) == "zero" else groups.get(key) for key in ("low", "high")}
            table, name = _column(match["what"], context)
            if name:
                check = bound.check.format("{}", **numbers)
                yield SaidCheck(table=table, phrases=(name,), check=check, said=context.said(clause.whole))
            return
    if match := _NOT_BELOW.fullmatch(text):
        yield from _pair(clause, context, match, ">=" if match["how"].lower() in _LOWER else "<=")
    elif match := _ABOVE.fullmatch(text):
        yield from _pair(clause, context, match, _OPERATORS[match["how"].lower()])


_NOWHERE = Name("")


def _pair(clause: Clause, context: Context, match: "re.Match[str]", operator: str) -> Iterator[Item]:
    table, name = _column(match["what"], context)
    _, other = _column(match["other"], context)
    if name and other:
        said = context.said(
            clause.whole, Grade.DECLARED if "`" in match["what"] and "`" in match["other"] else Grade.IMPLIED
        )
        yield SaidCheck(table=table, phrases=(name, other), check=f"{{}} {operator} {{}}", said=said)


def _column(phrase: str, context: Context) -> tuple[Name | None, str]:
    """The table, where the phrase or the section names one, and the words for the column."""
    phrase = phrase.strip()
    for pattern in (_DOTTED, _OF, _POSSESSED):
        if (match := pattern.match(phrase)) and (table := context.tables.in_phrase(match["table"])):
            attribute = read_attribute(match["name"].strip("` "))
            return table, attribute.phrase if attribute else ""
    attribute = read_attribute(phrase.strip("` "))
    if attribute is None or context.tables.find(attribute.phrase):
        return None, ""
    words = attribute.phrase.split()
    if len(words) > 1 and (table := context.tables.find(" ".join(words[:-1]))):
        own = context.tables.column_meant(table, attribute.phrase) is not None
        return table, attribute.phrase if own else words[-1]
    return context.subject, attribute.phrase
