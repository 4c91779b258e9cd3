"""What marks in a document stand for: its legend, and notes below a table."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from migration_ls.sources.markdown.blocks import Block, Bullet, Paragraph
from migration_ls.sources.markdown.inline import NOTE, masked
from migration_ls.sources.schema_doc.entries import Entry
from migration_ls.sources.schema_doc.registry import Candidate, Registry
from migration_ls.sources.schema_doc.said import LONGEST, Said
from migration_ls.sources.schema_doc.scan import scan

_LEGEND = re.compile(
    r"\W*(?:legend|key|keys|symbols|notation|abbreviations|legende|abkürzungen|légende|leyenda|legenda|simbolog[ií]a)\b\W*:",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"(?P<mark>`[^`\s]{1,3}`|\*\*[^*\s]{1,3}\*\*|[^\s`,;=]{1,3})\s*(?:=|:|→|means|\u2013|—)\s*(?P<words>[^=;,|]+?)\s*(?=[,;|]|\.?\s*\Z|\s·\s)"
)
_NOTE = re.compile(rf"\s*(?:>\s*)?(?P<mark>{NOTE.pattern})\s*[:.)]?\s+(?P<words>\S.*)")
_KNOWN = frozenset({"pk", "fk", "uq", "uk", "nn"})


@dataclass(frozen=True, slots=True)
class Note:
    """A mark and what it says of the column that carries it."""

    mark: str
    words: str


def legend_of(blocks: tuple[Block, ...]) -> tuple[Note, ...]:
    """The marks that a document explains and that say something of columns; usual ones (PK, FK) need no legend."""
    found: list[Note] = []
    for block in blocks:
        if isinstance(block, Paragraph | Bullet) and len(block.text) < LONGEST and (lead := _LEGEND.match(block.text)):
            found += _pairs(block.text[lead.end() :])
    return tuple(found)


def _pairs(text: str) -> Iterator[Note]:
    for match in _PAIR.finditer(text.lstrip("*_ ")):
        mark = match["mark"].strip("`") if "`" in match["mark"] else match["mark"].replace("**", "")
        trial = Said()
        words = masked(match["words"])
        scan(trial, words, 0, "words")
        if mark and mark.lower() not in _KNOWN and not trial.unread:
            yield Note(mark, words)


def note_of(line: str) -> Note | None:
    """A line that says what a mark above it stands for: `¹ auto-increment`, `[^1]: CHECK (price > 0)`."""
    match = _NOTE.match(line)
    return Note(match["mark"], masked(match["words"]).strip().rstrip(".")) if match else None


def marked(entry: Entry, text: str, legend: tuple[Note, ...]) -> Entry:
    """The entry with what its marks say; `text` is its own."""
    quiet = re.sub(r"'[^']*'", "", masked(text))
    carried = [note for note in legend if carries(quiet, note.mark)]
    if not carried:
        return entry
    own = entry.owned()
    for note in carried:
        _say(own.said, note)
    return own


def _say(said: Said, note: Note) -> None:
    """Adds what the note says; the places stay those of the column's own words."""
    places = dict(said.places)
    scan(said, note.words, 0, "words")
    said.places = places


def apply_notes(registry: Registry, notes: Sequence[tuple[Note, Candidate | None]], path: str, text: str) -> None:
    """Gives columns what notes below say of the marks that they carry; those in brackets hold for the document."""
    for note, candidate in notes:
        for draft in registry.drafts:
            is_meant = candidate is None or note.mark.startswith("[") or draft is candidate.draft
            for name, (entry, origin) in draft.entries.items() if is_meant else ():
                if origin.path == path and note.mark in origin.span.of(text):
                    own = entry.owned()
                    _say(own.said, note)
                    draft.entries[name] = (own, origin)


def carries(text: str, mark: str) -> bool:
    """Whether the mark stands in the text, not as a part of a word."""
    if re.fullmatch(r"\w+", mark):
        return bool(re.search(rf"(?<!\w){re.escape(mark)}(?!\w)", text))
    return mark in text
