"""Entries whose details stand in entries under them: `priority`, and below it `Type: smallint` and `Not null`."""

import re
from collections.abc import Iterator
from dataclasses import replace

from migration_ls.sources.markdown.blocks import Block, Bullet

_COLUMN = re.compile(r"(?:[`*_]*)[^\W\d]\w*(?:[`*_]*)(?:\s*\([^()]*\))?\s*:?\Z")
_DETAIL = re.compile(
    r"[*_`]*(?:(?P<label>(?:data\s*)?type|typ|tipo|nullable|null|required|pflicht|obligatorio|default(?:\s+value)?|vorgabe|constraints?|"
    r"references|foreign\s+key|fk|values|allowed\s+values|unique|index(?:ed)?|max(?:imum)?\s+length|description|purpose|notes?|comment)"
    r"[*_`]*\s*:[*_`]*\s*(?P<words>.*)|(?:not\s+null|nullable|required|optional|unique|indexed|primary\s+key|default\b|references\b|"
    r"foreign\s+key\b).*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_TYPE = re.compile(
    r"[*_`]*(?:(?:data\s*)?type|typ|tipo|references|foreign\s+key|fk|values|allowed\s+values)\b", re.IGNORECASE
)
_SAYS_NOTHING = frozenset({"description", "purpose", "note", "notes", "comment"})
_YES = frozenset({"yes", "true", "ja", "sí", "oui"})
_NO = frozenset({"no", "false", "nein", "non"})


def with_details(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks, with details of columns in the entries of the columns."""
    if not any(isinstance(block, Bullet) and block.depth and _TYPE.match(block.text) for block in blocks):
        return blocks
    return tuple(_joined(blocks))


def _joined(blocks: tuple[Block, ...]) -> Iterator[Block]:
    number = 0
    while number < len(blocks):
        block = blocks[number]
        number += 1
        if isinstance(block, Bullet) and _COLUMN.match(block.text):
            details: list[str] = []
            until = number
            while until < len(blocks) and isinstance(below := blocks[until], Bullet) and below.depth > block.depth:
                details.append(below.text)
                until += 1
            if details and all(map(_DETAIL.match, details)) and any(map(_TYPE.match, details)):
                words = ", ".join(said for text in details if (said := spelled_out(text)))
                block = replace(block, text=f"{block.text.strip().rstrip(':')}: {words}")
                number = until
        yield block


def spelled_out(text: str) -> str:
    """The detail as an entry of one line has it; empty for mere descriptions."""
    match = _DETAIL.match(text)
    if match is None or match["label"] is None:
        return text
    label, words = " ".join(match["label"].lower().split()), match["words"].strip()
    if label in _SAYS_NOTHING:
        return ""
    lowered = words.lower().strip("`* .")
    if label in {"nullable", "null"}:
        return "nullable" if lowered in _YES else "not null" if lowered in _NO else words
    if label in {"required", "pflicht", "obligatorio"}:
        return "required" if lowered in _YES else "optional" if lowered in _NO else words
    if label in {"unique", "index", "indexed"}:
        return label if lowered in _YES else "" if lowered in _NO else f"{label} {words}"
    if label.startswith(("type", "data", "typ", "tip", "constraint")):
        return words
    if label in {"values", "allowed values"}:
        return f"one of {words}"
    return f"{label} {words}"
