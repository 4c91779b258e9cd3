"""Lines that name their table first or last: ``Table `tasks`: drop `notes` ``, ``add `due_on` (date) to `tasks` ``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from migration_ls.schema.names import Name
from migration_ls.sources.spec.tables import Tables

_ID = r"[^\W\d]\w*(?:\.[^\W\d]\w*)?"
_TABLE_WORD = r"(?:table|tabelle|tabla|tabela|model|entity)"
_FIRST = re.compile(
    rf"(?:(?P<place>in|on|to|für|in\s+der|en|dans)\s+)?(?:(?:the|la|el|die|der)\s+)?(?P<word>(?:existing\s+)?{_TABLE_WORD}\s+)?"
    rf"(?P<mark>\*\*|__)?(?P<tick>`)?(?P<table>{_ID})`?(?:\*\*|__)?(?:\s+{_TABLE_WORD})?"
    r"\s*(?::(?:\*\*)?|,(?=\s)|\s[-\u2013—](?=\s)|(?=\s+(?:se\s+a(?:ñad|greg)|we\s+add|on\s+ajoute|kommt|kommen)))\s*(?P<rest>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_VERB = re.compile(
    r"(?:se\s+añaden?|se\s+agregan?|we\s+add|on\s+ajoute|kommt|kommen|add|new|drop|remove|delete|rename|change|alter|make|set|widen|extend|convert|neue?|nuev[oa]|nouvelle|ajouter|"
    r"añadir|agregar|eliminar|renombrar|supprimer|renommer|hinzufügen|entfernen|löschen|umbenennen|unique|index|check|gets?|gains?|composite|partial|gin|gist|brin)"
    r"\b|\+",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"(?:(?:se\s+añaden?|se\s+agregan?|we\s+add|on\s+ajoute|kommt|kommen|add(?:ing|s)?|new|gets?|gains?|neue?|nuev[oa]|nouvelle|ajouter|añadir|agregar|hinzufügen)\b|\+)\s*:?\s*",
    re.IGNORECASE,
)
_LAST = re.compile(
    rf"(?P<verb>se\s+añaden?|se\s+agregan?|on\s+ajoute|we\s+add|add(?:ing)?|new|neue?|nuev[oa]|nouvelle|ajouter|añadir|agregar|introduce|create)\s+(?P<column>.+?)"
    rf"\s+(?:to|on|in|for|zu|zur|auf|an|a|à|en|dans)\s+(?:(?:the|la|el|der|die)\s+)?(?P<word>{_TABLE_WORD}\s+)?"
    rf"(?P<tick>`)?(?P<table>{_ID})`?(?:\s+{_TABLE_WORD})?(?P<more>\s*(?:[:,(]|\s[-\u2013—]\s).*)?",
    re.IGNORECASE | re.DOTALL,
)
_COLUMN_WORDS = re.compile(
    r"(?:(?:an?|the|one|una?|eine?|une|die|das|la|el|le)\s+)?(?:(?:new|neue?s?|nuev[oa]|nouvelle)\s+)?(?:(?P<quality>nullable|optional|required|mandatory|unique|indexed)\s+)?"
    r"(?:column|field|attribute|spalte|feld|columna|campo|colonne|champ)\s*:?\s+",
    re.IGNORECASE,
)
_TYPED_COLUMN = re.compile(
    r"(?:an?\s+)?(?:(?P<quality>nullable|optional|required|mandatory|unique"
    r"|indexed)\s+)?`?(?P<type>[a-z][\w ]*?(?:\([\d, ]+\))?)`?\s+"
    r"(?:column|field)\s+(?P<rest>`.+)",
    re.IGNORECASE | re.DOTALL,
)
"""`a nullable `date` column `wrapped_on``."""
_APART = re.compile(r"\s+(?:hinzu|hinzugefügt|ergänzt)\Z")
"""The part of a German verb that stands last: `kommt die Spalte ... hinzu`."""
_TICKED = re.compile(r"`(?P<words>[^`]+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A line whose table is known: what it says without that."""

    table: Name
    text: str
    adds: bool


def placed(text: str, tables: Tables, *, declares: bool) -> Placed | None:
    """The table that a line names, and the rest of it; None for lines that name none, or speak of more than columns."""
    text = _APART.sub("", " ".join(text.split()).rstrip("."))
    match = _FIRST.fullmatch(text)
    if match and (table := tables.find(match["table"])):
        rest = match["rest"]
        ticked = bool(match["tick"] or match["mark"] or match["word"])
        if ticked and (_VERB.match(rest) or (declares and match["word"] and rest.startswith("`"))):
            added = _ADDED.match(rest)
            return Placed(table=table, text=_bare(rest[added.end() :]) if added else rest, adds=bool(added))
    match = _LAST.fullmatch(text) if _VERB.match(text) else None
    if match is None or "`" not in text or (table := tables.find(match["table"])) is None:
        return None
    column = _bare(match["column"])
    if "`" in column and not column.startswith("`"):
        return None
    more = (match["more"] or "").strip().lstrip(":,-\u2013— ")
    return Placed(table=table, text=_joined((column, more)), adds=True)


def _bare(words: str) -> str:
    """Without `the new column`, which may say how it is."""
    if typed := _TYPED_COLUMN.fullmatch(words):
        return _joined((f"{typed['rest']}: {typed['type']}", typed["quality"] or ""))
    match = _COLUMN_WORDS.match(words)
    if match is None:
        return words
    return _joined((words[match.end() :], match["quality"] or ""))


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)


def listed(text: str) -> tuple[str, ...]:
    """The columns of ``add `a` (integer), `b` (text) and `c` ``, each with what is said of it."""
    starts = [match.start() for match in _TICKED.finditer(text) if _begins(text, match.start())]
    if len(starts) < 2 or starts[0] != 0:
        return (text,)
    ends = [*starts[1:], len(text)]
    return tuple(
        re.sub(r"[\s,;]*(?:\b(?:and|und|y|et|plus)\b)?\s*\Z", "", text[start:end])
        for start, end in zip(starts, ends, strict=True)
    )


def _begins(text: str, offset: int) -> bool:
    """Whether the code stands at the beginning of an entry, outside of brackets."""
    before = text[:offset]
    if before.count("(") != before.count(")"):
        return False
    return not before.strip() or bool(re.search(r"(?:[,;]|\b(?:and|und|y|et|plus))\s*\Z", before))
