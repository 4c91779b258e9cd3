"""All ways to make a document say a fact, or no longer say it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migration_ls.rendering.schema_doc.change_ways import changes
from migration_ls.rendering.schema_doc.column_ways import additions, removals
from migration_ls.rendering.schema_doc.facts import Fact
from migration_ls.rendering.schema_doc.key_ways import said, unsaid
from migration_ls.rendering.schema_doc.mending import Attempt, Version
from migration_ls.rendering.schema_doc.vocabulary import facts_of
from migration_ls.schema.schema import Schema
from migration_ls.text.edits import Edit, insert
from migration_ls.text.span import Span

_OF_COLUMNS = frozenset({"type", "nullable", "default", "counts", "generated"})


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways for one wanted schema; `renamed` are the new names of columns by table and old name."""

    wanted: Schema
    newline: str

    def say(self, version: Version, fact: Fact) -> Iterator[Attempt]:
        """Ways to say a fact."""
        table = self.wanted.tables.get(fact.table)
        if fact.aspect == "enum":
            yield from _labels(version, fact)
        elif table is not None and fact.aspect in _OF_COLUMNS:
            column = table.column(fact.what[0])
            told = version.schema.tables.get(fact.table)
            if column is None or told is None:
                return
            facts = facts_of(table, column, "", self.wanted)
            if told.column(column.name) is None:
                yield from additions(version, table, facts)
            else:
                yield from changes(version, table, facts, fact.aspect)
        else:
            yield from said(version, self.wanted, fact, self.newline)

    def unsay(self, version: Version, fact: Fact) -> Iterator[Attempt]:
        """Ways to take out what says a fact."""
        table = version.schema.tables.get(fact.table)
        if table is None:
            return
        if fact.aspect == "type":
            column = table.column(fact.what[0])
            if column is not None:
                yield from removals(version, column)
        elif fact.aspect not in _OF_COLUMNS:
            yield from unsaid(version, fact)


def _labels(version: Version, fact: Fact) -> Iterator[Attempt]:
    """Ways to write a new label beside its neighbour, or a label in the place of another."""
    values = [str(value) for value in fact.value] if isinstance(fact.value, tuple) else []
    known = next((enum for name, enum in version.schema.enums.items() if name == fact.table), None)
    if known is None:
        known = next((enum for enum in version.schema.enums.values() if set(enum.values) < set(values)), None)
    if known is None or known.origin is None:
        return
    text = version.text
    begin = known.origin.span.start
    new = [value for value in values if value not in known.values]
    gone = [value for value in known.values if value not in values]
    if len(new) != 1:
        return
    window = text[begin : begin + 2000]
    if gone:
        for match in re.finditer(rf"(?<!\w){re.escape(gone[0])}(?!\w)", window):
            yield (Edit(Span(begin + match.start(), begin + match.end()), new[0]),)
        return
    at = values.index(new[0])
    neighbour, is_behind = (values[at - 1], True) if at else (values[1], False)
    for match in re.finditer(rf"(?P<open>['\"`]*)(?<!\w){re.escape(neighbour)}(?!\w)(?P<close>['\"`]*)", window):
        shown = match["open"] + new[0] + match["close"]
        start, end = begin + match.start(), begin + match.end()
        line = Span(text.rfind("\n", 0, start) + 1, (text + "\n").find("\n", end) + 1)
        for mark in _marks(text, start, end):
            yield (insert(end, mark + shown) if is_behind else insert(start, shown + mark),)
        bare = text[line.start : start] + shown
        rest = re.match(r"[ \t]*[|,;]?", text[end : line.end])
        bars = "|" * text[end : line.end].count("|") if text[line.start : start].strip().startswith("|") else ""
        tail = (" " + " ".join(bars)) if bars else (rest[0].rstrip() if rest else "")
        ended = "" if text[line.start : line.end].endswith("\n") else "\n"
        yield (insert(min(line.end, len(text)) if is_behind else line.start, f"{ended}{bare}{tail}\n"),)


def _marks(text: str, start: int, end: int) -> tuple[str, ...]:
    """What stands between labels here."""
    after = re.compile(r"\s*(?:\\\||[,|/;]|or)\s*").match(text, end)
    before = re.search(r"(?:\s*(?:\\\||[,|/;])\s*)\Z", text[max(0, start - 6) : start])
    found = [match[0] for match in (before, after) if match and "\n" not in match[0]]
    return tuple(dict.fromkeys([*found, ", "]))
