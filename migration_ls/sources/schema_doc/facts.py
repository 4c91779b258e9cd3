"""Sentences of lists about one column, or about what happens when a row goes: `tasks.title cannot be null`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migration_ls.schema.tables import FkAction
from migration_ls.sources.markdown.inline import masked
from migration_ls.sources.schema_doc.said import Said
from migration_ls.sources.schema_doc.scan import scan


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldFact:
    """What a sentence says of a column; an empty `table` means the one the list stands under, or the only fitting."""

    column: str
    said: Said
    table: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDeletion:
    """What becomes of rows that refer to a row of `parent` when it is deleted; `words` name them or their column."""

    parent: str
    words: tuple[str, ...]
    action: FkAction


_SUBJECT = re.compile(
    r"(?:the\s+)?(?:(?P<table>[^\W\d]\w*)\.)?(?P<column>[^\W\d]\w*)\s*(?:(?:column|field)\s+)?"
    r"(?:(?:\s(?:is|are|has|have|(?:must|should)(?:\s+(?:be|have)(?:\s+(?:an?|its))?)?))\b(?!\s+not\b)|(?=\s)|:|"
    r"\s[-\u2013—](?=\s))\s*",
    re.IGNORECASE,
)
_PARENT = re.compile(
    r"(?:\W|.*?[:.(]\s*)?(?:(?:when|if|once)\s+(?:an?|the)\s+(?P<when>\w+)\s+(?:is|gets|are)\s+(?:deleted|removed)\W+|"
    r"(?:deleting|removing)\s+(?:an?|the)\s+(?P<deleting>\w+)\s+)(?P<rest>.+)",
    re.IGNORECASE,
)
_NULLS = re.compile(r"\bset(?:s|\s+to)?\b.*\bnull\b|\bbecomes?\s+null\b", re.IGNORECASE)
_REFUSES = re.compile(
    r"\b(?:refused|prevented|blocked|forbidden|rejected|not\s+allowed|restrict(?:ed)?)\b", re.IGNORECASE
)
_GOES = re.compile(r"\b(?:delet\w+|remov\w+|cascad\w+)\b", re.IGNORECASE)


def fact_of(text: str) -> Iterator[ToldFact]:
    """The fact that a sentence is, if every word of it is understood."""
    words = " ".join(masked(text).split())
    match = _SUBJECT.match(words)
    if match is None:
        return
    said = Said()
    scan(said, words[match.end() :].rstrip(" ."), match.end(), "words")
    if not said.unread and _says_something(said):
        yield ToldFact(column=match["column"], said=said, table=match["table"] or "")


def _says_something(said: Said) -> bool:
    return bool(
        said.nullable is not None
        or said.default
        or said.unique
        or said.values
        or said.checks
        or said.length
        or said.low
        or said.high
    )


def deletion_of(text: str) -> Iterator[ToldDeletion]:
    """What the sentence says becomes of rows when those they refer to are deleted."""
    words = " ".join(masked(text).split())
    match = _PARENT.match(words)
    if match is None:
        return
    rest = match["rest"]
    action: FkAction
    if _NULLS.search(rest):
        action = "SET NULL"
    elif _REFUSES.search(rest):
        action = "RESTRICT"
    elif _GOES.search(rest):
        action = "CASCADE"
    else:
        return
    named = tuple(dict.fromkeys(re.findall(r"[^\W\d]\w*", rest)))
    yield ToldDeletion(parent=match["when"] or match["deleting"], words=named, action=action)
