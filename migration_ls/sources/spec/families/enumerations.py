"""Attributes with values: `Tasks must have priority levels: high, medium, low`."""

import re
from collections.abc import Iterator

from migration_ls.postgres.quoting import literal
from migration_ls.schema.names import Name
from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details
from migration_ls.sources.spec.families.values import ValueList, plain_values, value_list
from migration_ls.sources.spec.items import Item, SaidColumn
from migration_ls.sources.spec.nouns import column_name, read_attribute
from migration_ls.sources.spec.words import NUMBERS, singular, words_of

_MODAL = r"(?:must|shall|should|will|can|may|might|needs? to|has to|have to)"
_HAS = re.compile(
    rf"(?P<table>.+?)\s+(?P<modal>{_MODAL}\s+)?(?:also\s+|always\s+|optionally\s+)?"
    r"(?:have|has|needs?|carry|carries|gets?|gains?|receives?|takes?|show|store|record|bear|be given|be assigned|"
    r"has got|is given|are given|tiene)"
    r"\s+(?P<attribute>.+)\Z",
    re.IGNORECASE | re.DOTALL,
)
_STORES = re.compile(
    r"(?:support|store|track|have|provide|offer|know|use|maintain|keep|record|define|persist|manage|distinguish|save)s?\s+"
    r"(?P<attribute>.+?)\s+(?:on|for|of|per|to|with|in)\s+(?P<table>.+)\Z",
    re.IGNORECASE | re.DOTALL,
)
_SUPPORTS = re.compile(
    r"(?:support|store|track|have|provide|offer|know|use|maintain|distinguish)s?\s+(?P<table>[\w -]+?)\s+"
    r"(?P<attribute>\w+)\Z",
    re.IGNORECASE,
)
_SETS = re.compile(
    r"(?:set|assign|choose|pick|select|change|give|specify|define|add|apply|attach|record|enter|update)(?:s|ing|ting)?\s+"
    r"(?P<attribute>.+?)\s+(?:for|to|of|on|when (?:creating|adding|editing))\s+(?P<table>.+)\Z",
    re.IGNORECASE | re.DOTALL,
)
_GIVES = re.compile(
    r"(?:assign|give|set)\s+(?:an?|the|each|every|their|any)\s+(?P<table>[\w ]+?)\s+(?:an?|one)\s+(?P<attribute>.+)\Z",
    re.IGNORECASE | re.DOTALL,
)
_OF = re.compile(
    rf"(?:the\s+|an?\s+)?(?P<attribute>[\w ]+?)\s+(?:of|for|on)\s+(?:an?|the|each|every|any|all)?\s*(?P<table>[\w` ]+?)"
    rf"(?:\s+(?:is|are|must be|can be|may be|should be|shall be|{_MODAL} be|has to be))?(?:\s+one)?\Z",
    re.IGNORECASE | re.DOTALL,
)
_POSSESSED = re.compile(
    rf"(?:an?\s+|the\s+|each\s+|every\s+)?(?P<table>[\w`]+(?:\s[\w`]+)??)(?:'s|s'|\u2019s)?\s+(?P<attribute>[\w ]+?)"
    rf"(?:\s+(?:is|are|{_MODAL} be))?(?:\s+one)?\Z",
    re.IGNORECASE | re.DOTALL,
)
_ALONE = re.compile(
    rf"(?:an?\s+|the\s+)?(?P<attribute>[\w ]+?)(?:\s+(?:is|are|{_MODAL} be))?(?:\s+one)?\Z", re.IGNORECASE
)
_IS = re.compile(
    r"(?P<table>[\w` ]+?)\s+(?:(?:can|may|must|should|shall) be|is always|are always)\s+(?:either\s+|in one of\s+)?"
    r"(?P<values>[\w-]+(?:\s*,\s*[\w -]+)+(?:,?\s+(?:or|and)\s+[\w -]+)?)\Z",
    re.IGNORECASE | re.DOTALL,
)

_MOVES = re.compile(
    r"(?P<table>[\w` ]+?)\s+(?:(?:can|may|must|should|shall|will)\s+)?(?:moves?|goes|go|passes|pass|"
    r"progress(?:es)?|runs?|"
    r"transitions?)\s+(?:through|between)\s+(?:the\s+)?(?:following\s+)?(?P<attribute>states|statuses|stages|phases|steps)\s*:?\s+"
    r"(?P<values>.+)\Z",
    re.IGNORECASE | re.DOTALL,
)
_OF_IS = re.compile(
    r"(?:the\s+|an?\s+)(?P<attribute>[\w ]+?)\s+of\s+(?:an?|the|each|every|any)\s+(?P<table>[\w` ]+?)\s+"
    r"(?:is|are|can be|may be|must be|should be|shall be)\s+(?:always\s+)?(?:either\s+"
    r")?(?P<values>[\w-]+(?:\s*,\s*[\w -]+)*"
    r"(?:,?\s+or\s+[\w -]+))\Z",
    re.IGNORECASE | re.DOTALL,
)
_ONE_OF_SOME = re.compile(
    r"\A(?:exactly\s+)?one\s+of\s+(?:the\s+)?(?:following\s+)?(?:\w+\s+)?(?=[a-z-]+\s+(?:levels|states|values|options)\Z|"
    r"(?:levels|states|statuses|types|kinds|categories|priorities|stages)\Z)",
    re.IGNORECASE,
)

HEADS = frozenset(
    """priority status state level type kind category severity urgency role mode visibility frequency channel tier plan
    stage phase language colour color size condition source importance difficulty outcome result reason method cadence
    class grade mood rank intensity impact likelihood risk access format interval recurrence recurrency scope estado
    prioridad tipo nivel currency unit energy effort gender direction period theme layout severities availability
    classification sensitivity confidentiality temperature climate""".split()
)
"""Last words of names whose values come from a list."""
_COLLECTIVE = frozenset(
    {"levels", "values", "options", "states", "choices", "settings", "categories", "types", "kinds"}
)
_SCALES = frozenset({"priority", "severity", "urgency", "importance", "difficulty", "status", "visibility",
    "impact", "effort",
                     "state", "type", "kind", "energy", "mood", "likelihood"})  # fmt: skip


def enumerations(clause: Clause, context: Context) -> Iterator[Item]:
    """A column with a list of values."""
    text = clause.text.rstrip(" .")
    if clause.actor == "none" and (match := _MOVES.match(text)):
        values = plain_values(match["values"])
        table = context.tables.in_phrase(match["table"])
        if table and len(values) >= 2:
            name = {"stages": "stage", "phases": "phase", "states": "state"}.get(match["attribute"].lower(), "status")
            name = "status" if name == "state" else name
            yield _said(clause, context, table, name, ValueList(values=values, head="", tail=""), must=True)
        return
    if clause.actor == "none" and (match := _OF_IS.match(text)) and _is_head(match["attribute"]):
        values, table = plain_values(match["values"]), context.tables.in_phrase(match["table"])
        if table and len(values) >= 2 and (name := _name(match["attribute"])):
            yield _said(clause, context, table, name, ValueList(values=values, head="", tail=""), must=True)
            return
    listed = value_list(text)
    if listed is None:
        if (match := _IS.match(text)) and len(values := plain_values(match["values"])) >= 3:
            table = context.tables.in_phrase(match["table"])
            if table and _fits(values, context, table):
                yield _said(clause, context, table, "status", ValueList(values=values, head="", tail=""), must=None)
        return
    for table, phrase, must in _named(clause, context, listed):
        attribute = read_attribute(_ONE_OF_SOME.sub("", phrase))
        if attribute is None:
            continue
        name = _name(attribute.phrase)
        if not name or context.tables.find(name) == table or context.tables.column(table, name) is not None:
            continue
        optional = attribute.details.nullable is True
        yield _said(clause, context, table, name, listed, must=False if optional else must)
        return


def _named(clause: Clause, context: Context, listed: ValueList) -> Iterator[tuple[Name, str, bool | None]]:
    """Tables and attribute phrases that the words before the list could mean, the likeliest first."""
    head = _without_passive(listed.head)
    if clause.actor == "none" and (match := _HAS.match(head)):
        must = None if not match["modal"] else match["modal"].strip().lower() not in {"may", "can", "might"}
        table = context.tables.in_phrase(match["table"]) or _they(match["table"], context)
        if table:
            yield table, match["attribute"], must
    patterns = {"system": (_STORES, _SUPPORTS), "person": (_GIVES, _SETS, _STORES), "none": (_OF, _POSSESSED)}[
        clause.actor
    ]
    for pattern in patterns:
        if match := pattern.match(head):
            table = context.tables.in_phrase(match["table"])
            if table and (pattern in (_GIVES, _SETS) or _is_head(match["attribute"])):
                yield table, match["attribute"], None if clause.actor == "person" else clause.must
    after = re.match(r"(?:for|to|on|of)\s+(?P<table>[\w ]+)", listed.tail)
    if after and clause.actor != "none" and (table := context.tables.in_phrase(after["table"])):
        phrase = re.sub(r"\A(?:set|assign|choose|pick|select|support|store|track|provide|offer|give)\w*\s+", "", head)
        yield table, phrase, None
    if context.subject and clause.actor == "none" and (match := _ALONE.match(head)) and _is_head(match["attribute"]):
        yield context.subject, match["attribute"], None


def _without_passive(head: str) -> str:
    return re.sub(r"\s+(?:which|that)\s+(?:is|are|can be|must be)\Z", "", head)


def _they(words: str, context: Context) -> Name | None:
    return context.subject if words.strip().lower() in {"it", "they", "each", "every one", "each one"} else None


def _is_head(phrase: str) -> bool:
    words = words_of(re.sub(r"\([^()]*\)", "", phrase))
    return bool(words) and (words[-1] in HEADS or singular(words[-1]) in HEADS)


def _name(phrase: str) -> str:
    words = [
        word for word in words_of(phrase) if word not in NUMBERS and word not in {"possible", "different", "following"}
    ]
    words = [word for word in words if word not in {"one", "fixed", "several"}]
    if len(words) > 1 and words[-1] in _COLLECTIVE and words[-2] in _SCALES:
        words.pop()
    if words and words[-1] in {"values", "options", "choices"} and len(words) > 1:
        words.pop()
    if not words or len(words) > 3:
        return ""
    return column_name(" ".join((*words[:-1], singular(words[-1]))))


def _fits(values: tuple[str, ...], context: Context, table: Name) -> bool:
    """Whether bare words after `can be` are states, not names of other things."""
    return all("_" not in value and context.tables.find(value) is None for value in values) and (
        context.tables.column(table, "status") is None and context.tables.column(table, "state") is None
    )


def _said(
    clause: Clause, context: Context, table: Name, name: str, listed: ValueList, *, must: bool | None
) -> SaidColumn:
    default = literal(listed.default) if listed.default else None
    return SaidColumn(
        table=table,
        name=name,
        details=Details(values=listed.values, default=default),
        said=context.said(clause.whole),
        must=must,
    )
