"""Entries about one column, and how bullets are read as such."""

import re
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache

from migration_ls.schema.origin import Origin
from migration_ls.sources.markdown.inline import masked
from migration_ls.sources.schema_doc.said import LONGEST, Said, balanced
from migration_ls.sources.schema_doc.scan import scan
from migration_ls.sources.schema_doc.types import TypeSaid, type_at, unknown_type
from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One column as an entry declares it; `table` is the row's own table where a table lists columns of several.

    `said` may be shared with other readings of the same words: its places count from `base`, and it is not changed.
    """

    name: str
    said: Said
    span: Span
    table: str = ""
    base: int = 0

    def moved(self, by: int) -> "Entry":
        """The entry as it stands `by` code points later."""
        span = Span(self.span.start + by, self.span.end + by)
        return Entry(name=self.name, said=self.said, span=span, table=self.table, base=self.base + by)

    def owned(self) -> "Entry":
        """The entry with words of its own, to which more may be added."""
        return replace(self, said=copied(self.said))


def places_of(entry: Entry, origin: Origin) -> tuple[tuple[str, Origin], ...]:
    """The finer places of an entry that stands at `origin`."""
    base = entry.base
    return tuple(
        [
            (part, Origin(origin.path, Span(span.start + base, span.end + base), origin.line))
            for part, span in sorted(entry.said.places.items())
        ]
    )


NAME = r"\"?[^\W\d][\w$]*\"?"
"""A column's name; quoted names keep their case."""
NAMES = re.compile(rf"\s*(?P<names>{NAME}(?:\s*,\s*{NAME})*)(?P<optional>\?)?")
_GAP = re.compile(r"\s*(?P<mark>:(?!:)|=(?!=)|[-\u2013—](?=\s)|(?=\()|,)|\s+(?=\S)|\s*\Z")
_DASH = re.compile(r"\s(?:[-\u2013—]|--|//|#)\s+(?=\S)|\s*--\s*(?=\S)|(?<=\))\s*(?::|[-\u2013—]\s)\s*(?=\S)")
_ENUM_NAME = re.compile(
    r"\s*(?P<name>[^\W\d]\w*(?:\.\w+)?)(?P<more>\s*\([\d,\s]*\))?(?P<array>\[\])?(?P<optional>\?)?\s*(?=[(,;]|\Z|"
    r"\s(?:NOT|NULL|DEFAULT)\b)"
)
_IN_BRACKETS = re.compile(r"\s*\(\s*(?P<name>[A-Z]\w*)(?P<more>)(?P<array>\[\])?(?P<optional>\?)?\s*(?=[,;)])")
_LABELS = frozenset(
    """Unique Index Indexes Constraint Constraints Relationship Relationships Primary Foreign Note Notes Description
    Purpose Table Check Example Examples Indexed Default Defaults Values""".split()
)
_ARTICLES = frozenset(
    "a an the each every no all only see note it this that when if for on in every any some one see use".split()
)


def folded_name(name: str) -> str:
    """The name without quotes; in lower case where PostgreSQL would fold a name in capitals."""
    return name.lower() if name.isupper() and '"' not in name else name.strip('"')


def written(text: str, start: int, name: str) -> Span:
    """Where a name stands that begins at `start`, with the backslashes in it that markdown takes away."""
    end = start
    for letter in name:
        end += text[end : end + 1] == "\\" and letter != "\\"
        end += 1
    return Span(start, end)


def bullet_entries(text: str, base: int) -> tuple[Entry, ...]:
    """The columns that a bullet of that text at `base` declares, usually one; none where it declares none."""
    return tuple([entry.moved(base) for entry in _bullet(text)]) if len(text) <= LONGEST else ()


@lru_cache(maxsize=16384)
def _bullet(text: str) -> tuple[Entry, ...]:
    mask = masked(text)
    head = NAMES.match(mask)
    gap = _GAP.match(mask, head.end()) if head else None
    if head is None or gap is None:
        return ()
    names = [
        (folded_name(match[0]), match) for match in re.finditer(NAME, mask[head.start("names") : head.end("names")])
    ]
    spelled = text.lstrip().startswith(("`", "**", "__", '"')) or "_" in names[0][0]
    mark = gap["mark"]
    start = gap.end()
    if (
        mark != ":"
        and not spelled
        and (names[0][0].lower() in _ARTICLES or (mark is None and type_at(mask, start) is None))
    ):
        return ()
    said = Said()
    if head["optional"]:
        said.nullable = True
    _read_rest(said, mask, start, 0)
    strict = mark is None or mark in "-\u2013—,"
    if (not said.is_typed and not (spelled and said.is_described)) or (mark == ":" and names[0][0] in _LABELS):
        return ()
    if strict and said.unread and not spelled:
        return ()
    whole = Span(0, len(text))
    found: list[Entry] = []
    for name, match in names:
        offset = head.start("names") + match.start()
        own = said if len(names) == 1 else copied(said)
        own.places["name"] = written(text, offset, match[0])
        found.append(Entry(name=name, said=own, span=whole))
    return tuple(found)


def copied(said: Said) -> Said:
    """The same said of another column: what is added to one is not added to the other."""
    other = copy(said)
    other.places = dict(said.places)
    other.checks = list(said.checks)
    return other


def name_only(text: str) -> str | None:
    """The name when a bullet is nothing else: `**id**`, `users:`."""
    match = re.fullmatch(rf"\s*({NAME})\s*:?\s*", masked(text))
    return match[1].strip('"') if match else None


def _read_rest(said: Said, mask: str, start: int, base: int) -> None:
    """What follows the name: type, conditions, and a description after a dash."""
    cut = _description(mask, start)
    end = cut.start() if cut else len(mask)
    head = mask[start:end]
    scan(said, head, base + start, "entry")
    if said.type is None:
        _read_own_type(said, head, base + start)
    if cut is None:
        return
    tail = mask[cut.end() :]
    if said.type is None and type_at(tail, 0):
        _read_rest(said, mask, cut.end(), base)
        return
    before = said.unread
    read_prose(said, tail, base + cut.end())
    if said.unread > before:
        said.comment = said.comment or " ".join(tail.split()) or None


def _read_own_type(said: Said, head: str, base: int) -> None:
    """A type that the project made: `status: TaskStatus`, `status: task_status (not null)`."""
    match = _ENUM_NAME.match(head) or _IN_BRACKETS.match(head)
    if match is None or not _names_a_type(match["name"]):
        said.type_word = match["name"] if match else ""
        return
    read = unknown_type(match["name"] + (match["array"] or ""))
    if read is None:
        return
    said.type = TypeSaid(type=read)
    said.unread = max(0, said.unread - 1)
    said.places["type"] = Span(base + match.start("name"), base + match.end("name"))
    if match["optional"] and said.nullable is None:
        said.nullable = True


def _names_a_type(word: str) -> bool:
    return "_" in word or bool(re.match(r"[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+\Z", word))


def _description(mask: str, start: int) -> "re.Match[str] | None":
    """The dash or colon that begins a description, outside brackets and quotes."""
    position = start
    while match := _DASH.search(mask, position):
        before = mask[start : match.start() + 1]
        if _depth(before) <= 0 and mask[start : match.start()].strip():
            return match
        position = match.end() if match.end() > position else position + 1
    return None


def _depth(text: str) -> int:
    outside = re.sub(r"'[^']*'|\"[^\"]*\"", "", text)
    return sum(outside.count(mark) for mark in "([{") - sum(outside.count(mark) for mark in ")]}")


def read_prose(said: Said, text: str, base: int) -> None:
    """A description: sentences that are nothing but conditions, what stands for itself in others, and brackets."""
    start = 0
    for end in (*[match.end() for match in _SENTENCE_END.finditer(text)], len(text)):
        if text[start:end].strip():
            _read_sentence(said, text[start:end], base + start)
        start = end


_SENTENCE_END = re.compile(r"[.;](?=\s+\S)")


def _read_sentence(said: Said, text: str, base: int) -> None:
    if _is_conditions(text, base):
        scan(said, text.rstrip(" .;"), base, "words")
        return
    scan(said, _hollow(text), base, "prose")
    for match in re.finditer(r"\(", text):
        end = balanced(text, match.start())
        inner = text[match.start() + 1 : max(match.start() + 1, end - 1)]
        if inner.strip() and _is_conditions(inner, base):
            scan(said, inner, base + match.start() + 1, "words")


def _is_conditions(text: str, base: int) -> bool:
    """Whether every item of the text says something of a column that we know."""
    trial = Said()
    scan(trial, text.rstrip(" .;"), base, "words")
    is_vague = trial.reference is not None and "." not in trial.reference.path and _LINKS.match(text.lower())
    return not trial.unread and not is_vague


_LINKS = re.compile(r"\s*(?:links?|points?|refers)\s")
"""Words of descriptions that speak of anything: `link to the photo`."""


def _hollow(text: str) -> str:
    """The text with what stands in brackets blanked, except after a name: `users(id)`, `gen_random_uuid()`."""
    return re.sub(r"(?<=\s)\([^()]*\)", lambda match: " " * len(match[0]), text)
