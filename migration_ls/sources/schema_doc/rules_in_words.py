"""Keys, indexes and conditions that documents tell in lists and sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from migration_ls.schema.tables import IndexPart

_COLUMN = r"[`\"]?[^\W\d]\w*[`\"]?"
_COLUMNS = rf"\(\s*`?(?P<columns>{_COLUMN}(?:\s+(?:ASC|DESC|NULLS\s+(?:FIRST|LAST)))*(?:\s*,\s*{_COLUMN}(?:\s+(?:ASC|DESC|NULLS\s+(?:FIRST|LAST)))*)*)`?\s*\)"  # noqa: E501
_WHERE = r"(?:\s*`?\s*\bwhere\b\s+`?(?P<where>[^`]+?)`?\s*[.)]?\s*\Z)?"
_METHODS = r"(?:btree|gin|gist|brin|hash|spgist)"

_ENTRY = re.compile(
    rf"""(?:(?P<unique1>unique|único|única)\s+)?(?:(?P<kind>composite|partial|compuesto)\s+)?
    (?:index|índice|indice)?\s*(?:on|sobre|:)?\s*
    (?:`?(?P<name>(?:ix|idx|ux|uix|uq)_\w+)`?\s*:?\s*)?
    (?P<unique2>unique)?\s*(?:index)?\s*(?:on)?\s*
    (?:using\s+)?(?P<method>{_METHODS})?\s*(?:index)?\s*(?:on)?\s*
    (?:`?(?P<table>[^\W\d]\w*(?:\.\w+)?)`?\s*(?=\())?
    (?:{_COLUMNS}|\((?P<expression>\w+\([^()]*\)(?:\s+(?:ASC|DESC))?)\))
    (?P<rest>.*)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_DOTTED = re.compile(
    r"`?(?P<table>[^\W\d]\w*(?:\.[^\W\d]\w*)?)\.(?P<column>[^\W\d]\w*)`?\s*(?:\((?P<note>.*)\))?(?P<rest>.*)",
    re.DOTALL,
)
_PLAIN = re.compile(r"`?(?P<column>[a-z_]\w*)`?\s*(?:\((?P<note>[^()]*)\))?\s*(?:[-–—:].*)?\Z", re.DOTALL)
_UNIQUE = re.compile(rf"\bunique\b(?!\s+index)[^()`]*`?\s*{_COLUMNS}", re.IGNORECASE)
_UNIQUE_INDEX = re.compile(
    rf"\bunique\s+index\b[^()`]*`?\s*{_COLUMNS}`?(?:\s*,?\s*where\s+`?(?P<where>[^`]+?)`?\s*\Z)?", re.IGNORECASE
)
_KEY = re.compile(rf"\b(?:primary key|pk|clave primaria)\b[^()`]*`?\s*{_COLUMNS}", re.IGNORECASE)
_CHECK = re.compile(
    r"\bcheck\b\s*(?:`?(?P<name>(?:ck|chk|check)_\w+)`?)?\s*:?\s*(?:`(?P<code>[^`]+)`|\((?P<bare>.+)\))",
    re.IGNORECASE | re.DOTALL,
)
_REFERENCE = re.compile(
    rf"{_COLUMNS}`?\s*(?:references|->|→)\s*`?(?P<target>[\w.]+)\s*\(\s*(?P<others>[\w\s,]+)\)", re.IGNORECASE
)
_NOT_INDEX = re.compile(r"\b(?:primary key|foreign key|clave)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing a sentence tells; `table` is empty where it speaks of the section's table."""

    kind: Literal["index", "unique", "key", "check", "reference"]
    table: str = ""
    name: str | None = None
    columns: tuple[str, ...] = ()
    parts: tuple[IndexPart, ...] = ()
    unique: bool = False
    using: str = "btree"
    where: str | None = None
    condition: str = ""
    target: str = ""
    others: tuple[str, ...] = ()


def told_by_constraint(text: str) -> Iterator[Told]:
    """What an entry under "Constraints", or a line such as `Unique: (a, b)`, tells."""
    if match := _REFERENCE.search(text):
        others = tuple(word.strip() for word in match["others"].split(","))
        yield Told(kind="reference", columns=_names(match["columns"]), target=match["target"], others=others)
        return
    if match := _UNIQUE_INDEX.search(text):
        yield Told(kind="index", parts=_parts(match["columns"]), unique=True, where=match["where"])
        return
    if match := _KEY.search(text):
        yield Told(kind="key", columns=_names(match["columns"]))
    if match := _UNIQUE.search(text):
        yield Told(kind="unique", columns=_names(match["columns"]))
    if match := _CHECK.search(text):
        condition = match["code"] or match["bare"] or ""
        yield Told(kind="check", name=match["name"], condition=_unwrapped(condition))


def _unwrapped(condition: str) -> str:
    text = condition.strip()
    inner = re.match(r"(?is)check\s*\((.*)\)\s*\Z", text)
    return inner[1].strip() if inner else text


def told_by_index_entry(text: str) -> Iterator[Told]:
    """What an entry of a list of indexes tells; primary and foreign keys in such lists are none."""
    words = " ".join(text.split())
    if _NOT_INDEX.search(words) and not re.search(r"\bindex|índice", words, re.IGNORECASE):
        return
    code = re.match(r"`([^`]*\bINDEX\b[^`]*)`", words, re.IGNORECASE)
    if code:
        words = re.sub(r"(?i)^create\s+", "", code[1])
    if match := _ENTRY.match(words):
        yield from _entry(match)
        return
    if match := _DOTTED.match(words):
        note = (match["note"] or "").lower()
        yield Told(
            kind="index",
            table=match["table"],
            parts=(IndexPart(text=match["column"]),),
            unique="unique" in note,
            using=_method(note),
        )
        return
    if match := _PLAIN.match(words):
        note = (match["note"] or "").lower()
        yield Told(kind="index", parts=(IndexPart(text=match["column"]),), unique="unique" in note, using=_method(note))


def _entry(match: "re.Match[str]") -> Iterator[Told]:
    rest = match["rest"] or ""
    where = re.search(r"(?i)\bwhere\b\s+`?(?P<where>[^`]+?)`?\s*\.?\s*\Z", rest)
    unique = bool(match["unique1"] or match["unique2"] or re.search(r"(?i)\bunique\b", rest))
    if match["expression"]:
        text = re.sub(r"(?i)\s+(?:ASC|DESC)\Z", "", match["expression"])
        descending = match["expression"].upper().endswith(" DESC")
        parts: tuple[IndexPart, ...] = (IndexPart(text=text, is_expression=True, descending=descending),)
    else:
        parts = _parts(match["columns"])
    method = re.search(rf"(?i)\b({_METHODS})\b", rest)
    using = (match["method"] or (method[1] if method else "btree")).lower()
    yield Told(
        kind="index",
        table=match["table"] or "",
        name=match["name"],
        parts=parts,
        unique=unique,
        using=using,
        where=where["where"] if where else None,
    )


def _method(note: str) -> str:
    match = re.search(rf"\b({_METHODS})\b", note)
    return match[1] if match else "btree"


def _names(columns: str) -> tuple[str, ...]:
    return tuple(part.strip(' `"').split()[0] for part in columns.split(",") if part.strip(' `"'))


def _parts(columns: str) -> tuple[IndexPart, ...]:
    found: list[IndexPart] = []
    for part in columns.split(","):
        words = part.strip(' `"').split()
        if not words:
            continue
        order = " ".join(words[1:]).upper()
        descending = "DESC" in order
        nulls: Literal["first", "last"] | None = None
        if "NULLS LAST" in order and descending:
            nulls = "last"
        elif "NULLS FIRST" in order and not descending:
            nulls = "first"
        found.append(IndexPart(text=words[0].strip('`"'), descending=descending, nulls=nulls))
    return tuple(found)
