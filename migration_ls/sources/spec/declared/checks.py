"""Conditions that rows must meet: ``add a check constraint on `orders`: total >= 0``."""

import re
from collections.abc import Iterator
from dataclasses import replace

from migration_ls.postgres.quoting import identifier
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Check
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.subjects import ID
from migration_ls.sources.spec.details import Details
from migration_ls.sources.spec.items import Item, Said, SaidColumn, SaidConstraint
from migration_ls.sources.spec.words import list_of

_LINE = re.compile(
    r"(?:constraint\s*:\s*)?(?:(?:we|add|adds|create|new|needs?|want|put|place|with|and|also|plus|neuer?|nuev[oa]|an?|the|una?|eine?n?)\s+)*"
    r"(?:check|prüfbedingung|restricción\s+check|contrainte\s+check)"
    r"(?:[\s-]+(?:constraint|rule|bedingung))?\b(?:\s+`?(?P<name>(?:ck|chk|check)\w*_\w+|\w+_(?:check|ck|chk))`?)?"
    rf"(?:\s+(?:on|for|to|in|over|of|auf|für|en|sobre|sur)\s+(?:the\s+)?(?:table\s+|column\s+)?`?(?P<owner>{ID}(?:\.{ID}){{0,2}})`?"
    r"(?:\s+(?:table|column))?)?"
    r"\s*(?::|,|=|[-\u2013—](?=\s))?\s*(?:(?:that|which|ensuring|ensures?|enforcing|enforces|so\s+that|requiring|requires|with)\s+"
    r"(?:that\s+)?)*(?P<condition>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_TO_TABLE = re.compile(
    rf"(?P<check>.*\bcheck\b.*[<>=~`)].*?)\s+(?:to|on|for|zu|auf|für|a|en|sobre)\s+(?:the\s+)?(?:table\s+|tabelle\s+|tabla\s+)?`?(?P<owner>{ID}(?:\.{ID})?)`?"
    r"(?:\s+table)?\.?",
    re.IGNORECASE | re.DOTALL,
)
"""The table last: ``add the check `volume >= 200` to `units` ``."""
_ONE_OF = re.compile(
    rf"check\s*:?\s*`(?:(?P<table>{ID})\.)?(?P<column>{ID})`\s+(?:is|must be|in)\s+"
    r"(?:one of\s+|in\s+)?\(?(?P<values>[^()]+?)\)?\.?",
    re.IGNORECASE,
)
_MUST = re.compile(
    r"\s+(?:must|has\s+to|have\s+to|shall|should|may)\s+(?:always\s+)?(?:be\s+)?(?=[<>=!≥≤≠~]|in\b|between\b|like\b|not\b)",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"(?:must\s+be\s+|be\s+|is\s+)?(?=[<>=!~]|(?:in|between|like|ilike|is|not\s+in)\b)", re.IGNORECASE)
"""How a condition begins that leaves its column out."""
_COMPARES = re.compile(r"[<>=~]|\b(?:in|between|like|ilike|is)\b", re.IGNORECASE)
_REASON = re.compile(r",\s|;|\s[-\u2013—(]\s?|\.\s|\s(?:so|because|since|to|for|as)\s", re.IGNORECASE)
_STRING = re.compile(r"'[^']*'")


def check_line(text: str, said: Said, context: Context) -> list[Item] | None:
    """The condition that a line asks for, on the table it names or the section is about; None for other lines.

    Whether the table has its columns shows when all is read.
    """
    if (values := _ONE_OF.fullmatch(text)) and len(listed := list_of(values["values"].rstrip(" ."))) > 1:
        # the table may be known from the column alone
        table = context.tables.find(values["table"]) if values["table"] else context.subject
        details = Details(values=listed)
        return [SaidColumn(table=table or Name(""), name=values["column"], details=details, said=said, is_detail=True)]
    if (placed := _TO_TABLE.fullmatch(text)) and (owner := context.tables.find(placed["owner"])):
        return check_line(placed["check"], said, replace(context, subject=owner))
    match = _LINE.fullmatch(text)
    if match is None:
        return None
    table, column = _owner(match["owner"], context)
    if table is None:
        return None
    for words in _conditions(match["condition"]):
        condition = _read(words, column)
        if condition is not None:
            check = Check(name=match["name"], expression=condition)
            return [SaidConstraint(table=table, constraint=check, said=said)]
    return None


def _owner(words: str | None, context: Context) -> tuple[Name | None, str | None]:
    """The table, and the column if one is named."""
    if words is None:
        return context.subject, None
    if table := context.tables.find(words):
        return table, None
    owner, dot, column = words.rpartition(".")
    if dot:
        return context.tables.find(owner), column
    known = context.subject and context.tables.column(context.subject, words)
    return (context.subject, words) if known else (None, None)


def _conditions(words: str) -> Iterator[str]:
    """The words as a condition, then shorter ones, since a reason may follow."""
    plain = _MUST.sub(" ", words.replace("`", "").replace("≥", ">=").replace("≤", "<=").replace("≠", "<>")).strip(" .")
    if plain.startswith("(") and plain.endswith(")") and "(" not in plain[1:-1]:
        plain = plain[1:-1]
    yield plain
    for match in _REASON.finditer(plain):
        yield plain[: match.start()]


def _read(words: str, column: str | None) -> Expression | None:
    from migration_ls.sources.sql.expressions import read_expression

    words = words.strip()
    if column is not None and (begins := _BEGINS.match(words)):
        words = f"{identifier(column)} {words[begins.end() :]}"
    return read_expression(words) if _COMPARES.search(_STRING.sub("", words)) else None
