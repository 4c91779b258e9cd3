"""Edits that are found by trying: what the usual ones leave wrong is said in the first way that reads as meant."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from migration_ls.rendering.schema_doc.facts import Fact, facts_of_schema
from migration_ls.schema.schema import Schema
from migration_ls.sources.schema_doc import read_schema_document
from migration_ls.text.edits import Edit, OverlappingEditsError, apply_edits
from migration_ls.text.span import Span

Attempt = tuple[Edit, ...]
_MOST = 160
"""Attempts per fact; who needs more has no such way."""


@dataclass(frozen=True, slots=True)
class Version:
    """A text and what it says."""

    text: str
    schema: Schema
    facts: frozenset[Fact]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads versions of a document; `labels` are the names of enum types by their labels."""

    path: str
    labels: dict[tuple[str, ...], str]

    def read(self, text: str) -> Version:
        """The version that a text is."""
        schema = read_schema_document(self.path, text).schema
        return Version(text, schema, facts_of_schema(schema, self.labels))


Ways = Callable[[Version, Fact], Iterable[Attempt]]
"""The ways to make a document say a fact, or no longer say it."""


def mended(reader: Reader, start: Version, wanted: frozenset[Fact], say: Ways, unsay: Ways) -> Version:
    """The version nearest to what is wanted that single steps lead to; a step never makes anything else wrong."""
    here = start
    tried: set[Fact] = set()
    while (fact := next(iter(_in_order((here.facts ^ wanted) - tried, wanted)), None)) is not None:
        tried.add(fact)
        ways = say if fact in wanted else unsay
        if (better := _first(reader, here, wanted, fact, ways(here, fact))) is not None:
            here = better
            tried.clear()
    return here


def stepped(reader: Reader, here: Version, wanted: frozenset[Fact], attempts: Iterable[Attempt]) -> Version:
    """The version nearest to what is wanted after one of the attempts that make nothing else wrong."""
    wrong = here.facts ^ wanted
    best, least = here, wrong
    for attempt in islice(attempts, _MOST):
        try:
            version = reader.read(apply_edits(here.text, attempt))
        except OverlappingEditsError:
            continue
        left = version.facts ^ wanted
        if left < wrong and len(left) < len(least):
            best, least = version, left
        if not left:
            break
    return best


def _in_order(facts: Iterable[Fact], wanted: frozenset[Fact]) -> list[Fact]:
    """What goes before what comes, columns before what speaks of them; another value is what comes alone."""
    order = (
        "type",
        "nullable",
        "default",
        "counts",
        "generated",
        "primary key",
        "unique",
        "check",
        "foreign key",
        "index",
    )
    rank = {aspect: at for at, aspect in enumerate(order)}
    replaced = {(fact.table, fact.aspect, fact.what) for fact in wanted if fact.aspect in order[:5]}
    kept = [fact for fact in facts if fact in wanted or (fact.table, fact.aspect, fact.what) not in replaced]
    return sorted(kept, key=lambda fact: (rank.get(fact.aspect, 99), fact in wanted, str(fact)))


def _first(
    reader: Reader, here: Version, wanted: frozenset[Fact], fact: Fact, ways: Iterable[Attempt]
) -> Version | None:
    """The first attempt that leaves nothing wrong about the same thing; else the one that leaves least."""
    wrong = here.facts ^ wanted
    nearest: Version | None = None
    for attempt in islice(ways, _MOST):
        try:
            text = apply_edits(here.text, attempt)
        except OverlappingEditsError:
            continue
        if text == here.text:
            continue
        version = reader.read(text)
        left = version.facts ^ wanted
        if left < wrong and (fact in version.facts or fact not in wanted):
            return version
        is_near = all((other.table, other.what) == (fact.table, fact.what) for other in left - wrong)
        if is_near and len(left) < len((nearest or here).facts ^ wanted):
            nearest = version
    return nearest


def edits_between(old: str, new: str) -> Iterator[Edit]:
    """The edits that lead from one text to the other, by lines, and inside of changed lines by what differs."""
    before, after = _lines(old), _lines(new)
    starts = [0]
    for line in before:
        starts.append(starts[-1] + len(line))
    for tag, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield _trimmed(starts[first], "".join(before[first:last]), "".join(after[start:end]))


def _lines(text: str) -> Sequence[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z", text)


def _trimmed(start: int, old: str, new: str) -> Edit:
    """The edit without what is the same at both ends."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return Edit(Span(start + head, start + len(old) - tail), new[head : len(new) - tail])
