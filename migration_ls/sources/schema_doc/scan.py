"""Reads what stands in an entry or a cell about one column, item by item."""

import re
from typing import Literal

from migration_ls.sources.markdown.inline import HIDDEN
from migration_ls.sources.schema_doc.clauses import CLAUSES, Clause, Hit
from migration_ls.sources.schema_doc.said import LONGEST, Said, value_end
from migration_ls.sources.schema_doc.types import listed, type_at
from migration_ls.text.span import Span

Mode = Literal["entry", "words", "prose"]
"""An entry names a type first; words are conditions alone; prose is read only for what cannot mean anything else."""

_SEPARATORS = re.compile(r"[\s,;()·|+&]*(?:\.(?=\s|\Z)\s*)?")
_BOUNDARY = re.compile(
    r"\s*(?:[,;)(|·]|\.?\s*\Z|\.\s|\s[-\u2013—]\s|--|//)|\s+(?:and|y|e|&|\+|but|with|if|when|in\s+lower)\s"
)
_GROUPED = re.compile(r"\s*\(\s*(?:per|with(?:in)?|together|combined|composite|case|for|in)\b", re.IGNORECASE)
_ITEM_END = re.compile(r"[,;()]|\s[-\u2013—]\s|\Z")
_SAID_OF_ANYTHING = re.compile(r"(?:links?|points?|refers)\s", re.IGNORECASE)
"""How references are told, and much else: `link to the photo`."""
_CONJUNCTION = re.compile(r"(?:and|y|e|but|with)\s+", re.IGNORECASE)
_LITERAL = re.compile(
    r"(?:'[^']*'|\"[^\"]*\"|-?\d[\d.]*|true|false|now\(\)|now|current[_ ]timestamp|[a-z_]+\(\))\Z", re.IGNORECASE
)


def scan(said: Said, text: str, base: int, mode: Mode) -> None:
    """Adds what `text`, which must be masked, says; it stands at `base` in the document."""
    position = 0
    end = min(len(text), LONGEST)
    while position < end:
        separators = _SEPARATORS.match(text, position)
        position = separators.end() if separators else position
        if conjunction := _CONJUNCTION.match(text, position):
            position = conjunction.end()
        if position >= end:
            return
        if (after := _type(said, text, position, base, mode)) or (after := _clause(said, text, position, base, mode)):
            position = max(after, position + 1)
            continue
        said.unread += 1
        skipped = _ITEM_END.search(text, position + 1)
        position = skipped.start() if skipped else end


def _type(said: Said, text: str, position: int, base: int, mode: Mode) -> int | None:
    if mode == "prose":
        return None
    found = type_at(text, position)
    if found is None or (mode == "words" and not found[0].values):
        return None
    read, end = found
    if said.type is not None or mode == "words":
        if not read.values:
            return None
        said.values = read.values
        return end
    said.type = read
    said.values = read.values or said.values
    said.autoincrement = said.autoincrement or read.serial
    if read.nullable and said.nullable is None:
        said.nullable = True
    said.places.setdefault("type", Span(base + position, base + end))
    return end


def _clause(said: Said, text: str, position: int, base: int, mode: Mode) -> int | None:
    for clause in CLAUSES:
        if clause.sure == "loose" and mode == "prose":
            continue
        match = clause.pattern.match(text, position)
        if match is None or match.end() == position:
            continue
        end, value_start = _end(clause, text, match.end())
        if not _fits(clause, text, match, end, mode, said.values):
            continue
        value = text[value_start:end]
        if clause.takes and not value.strip():
            continue
        hit = Hit(
            match=match,
            span=Span(base + position, base + end),
            value=value.strip().replace(HIDDEN, ""),
            value_span=Span(base + value_start, base + end),
        )
        clause.read(said, hit)
        return end
    return None


def _end(clause: Clause, text: str, start: int) -> tuple[int, int]:
    """Where the clause ends, and where its value begins."""
    match clause.takes:
        case "value":
            return value_end(text, start), start
        case "list":
            return listed(text, start)[1], start
        case "":
            return start, start


def _fits(clause: Clause, text: str, match: "re.Match[str]", end: int, mode: Mode, values: tuple[str, ...]) -> bool:
    if match[0].lower().startswith("unique") and _GROUPED.match(text, end):
        return False
    bounded = bool(_BOUNDARY.match(text, end)) or end >= len(text)
    if mode == "prose":
        if _SAID_OF_ANYTHING.match(match[0]) and "." not in match[0] and "(" not in match[0]:
            return False
        value = text[match.end() : end].strip()
        whole = not text[: match.start()].strip() and not text[end:].strip(" .") and value.isidentifier()
        return bounded and (clause.takes != "value" or value in values or bool(_LITERAL.match(value)) or whole)
    if clause.sure == "sql" or bounded or clause.takes:
        return True
    rest = len(text[end:]) - len(text[end:].lstrip())
    following = end + rest
    return rest > 0 and (
        type_at(text, following) is not None or any(other.pattern.match(text, following) for other in CLAUSES)
    )
