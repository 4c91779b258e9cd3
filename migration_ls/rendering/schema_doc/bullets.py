"""Bullets with a column each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migration_ls.rendering.schema_doc.request import Wish, after
from migration_ls.rendering.schema_doc.rows import changed_default, changed_maximum, changed_nullability, with_keys
from migration_ls.rendering.schema_doc.shape import BulletList, column_of
from migration_ls.rendering.schema_doc.vocabulary import Facts, Vocabulary, entries_of, vocabulary_of
from migration_ls.sources.markdown.blocks import Bullet
from migration_ls.sources.markdown.document import read_document
from migration_ls.sources.markdown.inline import masked
from migration_ls.sources.schema_doc.types import type_at
from migration_ls.text.edits import Edit, insert
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span

_BARE_WORDS = re.compile(
    r"(?:`\s*)?(?:\s*,\s*|\s+)(?P<words>(?:not\b|null|nullable|required|optional|default|unique|primary|references|fk|"
    r"obrigat[óo]ri[oa]|obligatori[oa]|opcional|pflicht|clave|check)\b[^\r\n]*?)(?=\s+(?:[-—\u2013]|--)\s|\s*\Z)",
    re.IGNORECASE,
)
"""What is said behind a type without brackets: `NUMERIC NOT NULL`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One bullet taken apart; spans are of the bullet's own text.

    `inside` says that the type is the first of the words in parentheses; `code` that name and type share a code span.
    """

    name: str
    decorated: str
    separator: str
    type: Span
    type_mark: str
    words: Span | None
    tail: Span
    inside: bool
    code: bool


_HEAD = re.compile(
    r"(?P<deco>`[A-Za-z_][\w$]*`|\*\*`?[A-Za-z_][\w$]*`?\*\*|[A-Za-z_][\w$]*)(?P<sep>\s*:\s*|\s+)(?P<mark>`?)"
)
_CODE = re.compile(r"`(?P<name>[A-Za-z_][\w$]*)(?P<sep>\s*:\s*|\s+)(?P<type>[^`]+)`")
_TYPE = re.compile(
    r"[A-Za-z_][\w.]*(?:[ ](?!\()[A-Za-z_]+)*\??(?:\(\s*[\w', ]+\))?(?:[ ](?:with|without)[ ]time[ ]zone)?(?:\[\])?\??"
)


def parse_entry(raw: str) -> Entry | None:
    """A bullet about a column, taken apart."""
    name = column_of(raw)
    if name is None:
        return None
    if match := _CODE.match(raw):
        words = _parenthesis(raw, match.end())
        return Entry(
            name=name, decorated=name, separator=match["sep"], type=Span(*match.span("type")), type_mark="",
            words=words, tail=Span((words.end + 1) if words else match.end(), len(raw)), inside=False, code=True,
        )  # fmt: skip
    head = _HEAD.match(raw)
    if head is None:
        return None
    if raw[head.end() : head.end() + 1] == "(" and not head["mark"]:
        inner = _parenthesis(raw, head.end())
        if inner is None:
            return None
        end = _first_part(raw, inner)
        return Entry(
            name=name, decorated=head["deco"], separator=head["sep"], type=Span(inner.start, end), type_mark="",
            words=Span(end, inner.end), tail=Span(inner.end + 1, len(raw)), inside=True, code=False,
        )  # fmt: skip
    kind = _TYPE.match(raw, head.end())
    if kind is None:
        return None
    mark_end = kind.end() + (1 if head["mark"] and raw[kind.end() : kind.end() + 1] == "`" else 0)
    words = _parenthesis(raw, mark_end)
    return Entry(
        name=name, decorated=head["deco"], separator=head["sep"], type=Span(kind.start(), kind.end()),
        type_mark=head["mark"], words=words, tail=Span((words.end + 1) if words else mark_end, len(raw)),
        inside=False, code=False,
    )  # fmt: skip


def _parenthesis(raw: str, start: int) -> Span | None:
    """What stands in the parentheses that follow, without them."""
    begin = start + len(raw[start:]) - len(raw[start:].lstrip())
    if raw[begin : begin + 1] != "(":
        return None
    depth, quoted = 0, False
    for number in range(begin, len(raw)):
        char = raw[number]
        if char == "'":
            quoted = not quoted
        elif not quoted and char in "()":
            depth += 1 if char == "(" else -1
            if depth == 0:
                return Span(begin + 1, number)
    return None


def _first_part(raw: str, inner: Span) -> int:
    depth = 0
    enum = raw[inner.start : inner.start + 5].lower() == "enum:"
    for number in range(inner.start, inner.end):
        char = raw[number]
        depth += (char in "([") - (char in ")]")
        if depth == 0 and (char == ";" or (char == "," and not enum)):
            return number
    return inner.end


def edit_bullets(text: str, form: BulletList, wish: Wish, newline: str) -> Iterator[Edit]:
    """Bullets for new columns, without dropped ones, words of changed ones."""
    writer = BulletWriter(text, form, newline)
    for column in wish.changes.dropped:
        if found := form.bullet(text, column):
            yield Edit(writer.lines(found), "")
    for old, new in wish.changes.renamed.items():
        if found := form.bullet(text, old):
            at = found.span.start + found.span.of(text).index(old)
            yield Edit(Span(at, at + len(old)), new)
    present = [column_of(item.span.of(text)) or "" for item in form.bullets]
    new_lines: dict[int, list[str]] = {}
    for column in wish.changes.columns:
        old = next((before for before, to in wish.changes.renamed.items() if to == column), column)
        facts = wish.facts(column)
        if facts is None:
            continue
        if found := form.bullet(text, old):
            yield from writer.changed(found, facts, wish.aspects.get(column, frozenset()))
        else:
            new_lines.setdefault(after(present, column), []).append(writer.line(facts))
    for count, lines in new_lines.items():
        yield writer.insertion(form.bullets[count - 1], lines)


class BulletWriter:
    """Writes bullets in the manner of a list."""

    def __init__(self, text: str, form: BulletList, newline: str) -> None:
        self._text = text
        self._form = form
        self._newline = newline
        self._index = LineIndex(text)
        self._entries = [entry for item in form.bullets if (entry := parse_entry(item.span.of(text)))]
        raws = [item.span.of(text) for item in form.bullets]
        types = [entry.type.of(raw) for raw in raws if (entry := parse_entry(raw))]
        self.words: Vocabulary = vocabulary_of([*raws, *entries_of(read_document(text))], types)

    def lines(self, bullet: Bullet) -> Span:
        """The whole lines of a bullet, the last one's end included."""
        starts = self._index.starts
        last = self._index.line(bullet.span.end)
        return Span(starts[bullet.line], starts[last + 1] if last + 1 < len(starts) else len(self._text))

    def insertion(self, anchor: Bullet, lines: list[str]) -> Edit:
        """The edit that puts lines behind a bullet."""
        end = self.lines(anchor).end
        ended = "" if end and self._text[end - 1] in "\r\n" else self._newline
        tail = "" if ended else self._newline
        return insert(end, ended + self._newline.join(lines) + tail)

    def line(self, facts: Facts) -> str:
        """The line of a new bullet."""
        model = self._form.bullets[-1]
        start = self._index.starts[model.line]
        return self._text[start : model.span.start] + self.entry(facts)

    def entry(self, facts: Facts) -> str:
        """A new bullet's text."""
        entry = next((item for item in reversed(self._entries) if item.words or item.inside), None) or (
            self._entries[-1] if self._entries else None
        )
        kind = self.words.type(facts)
        words = self.words.words(facts, lengths=True)
        if facts.values:
            words.append(self.words.values(facts.values))
        words += [f"CHECK ({item.expression.text})" for item in facts.checks if not item.expression.allowed_values]
        said = ", ".join(words)
        if facts.enum and re.search(r"(?i)\(enum: ", self.words.sample):
            kind, said = f"Enum: {', '.join(facts.enum)}", "; ".join(words)
        if entry is None:
            return f"{facts.column.name}: {kind} ({said})"
        name = entry.decorated.replace(entry.name, facts.column.name)
        if entry.code:
            body = f"`{facts.column.name}{entry.separator}{kind}` ({said})"
        elif entry.inside:
            mark = ";" if kind.startswith("Enum: ") else ","
            body = f"{name}{entry.separator}({kind}{mark} {said})"
        else:
            body = f"{name}{entry.separator}{entry.type_mark}{kind}{entry.type_mark} ({said})"
        return body + self._tail(facts)

    def _tail(self, facts: Facts) -> str:
        """The purpose, as neighbours add theirs."""
        if not facts.purpose:
            return ""
        for bullet in self._form.bullets:
            raw = bullet.span.of(self._text)
            entry = parse_entry(raw)
            match = re.match(r"(\s+[-—\u2013]\s+|:\s+)\S", entry.tail.of(raw)) if entry else None
            if match:
                return f"{match[1]}{facts.purpose}"
        return ""

    def changed(self, bullet: Bullet, facts: Facts, aspects: frozenset[str]) -> Iterator[Edit]:
        """Edits of the words that say what changed."""
        raw = bullet.span.of(self._text)
        entry = parse_entry(raw)
        if entry is None:
            return
        read = type_at(masked(raw), entry.type.start)
        type_ = Span(entry.type.start, min(read[1], entry.type.end)) if read else entry.type
        if "type" in aspects:
            kind = self.words.type(facts)
            if kind != type_.of(raw):
                yield Edit(type_.shifted(bullet.span.start), kind)
        if entry.words is None and (bare := _BARE_WORDS.match(raw, type_.end)):
            changed = self._changed_words(bare["words"], facts, aspects)
            if changed != bare["words"]:
                yield Edit(Span(bare.start("words"), bare.end("words")).shifted(bullet.span.start), changed)
            return
        old = entry.words.of(raw) if entry.words else ""
        lead = re.match(r"[,;]\s*", old)
        words = old[lead.end() :] if lead else old
        new = self._changed_words(words, facts, aspects)
        if new == words:
            return
        if entry.words:
            lead_text = lead[0] if lead else (", " if entry.inside else "")
            yield Edit(entry.words.shifted(bullet.span.start), lead_text + new if new else "")
        else:
            yield insert(bullet.span.start + entry.tail.start, f" ({new})")

    def _changed_words(self, words: str, facts: Facts, aspects: frozenset[str]) -> str:
        if "nullable" in aspects:
            words = changed_nullability(words, self.words, nullable=facts.column.nullable is not False)
        if "default" in aspects:
            words = changed_default(words, self.words, facts)
        if "type" in aspects:
            words = self._maximum(words, facts)
        return with_keys(words, self.words, facts, aspects)

    def _maximum(self, words: str, facts: Facts) -> str:
        length = facts.column.type.length
        changed = changed_maximum(words, facts)
        if changed == words and length and self.words.pseudo and str(length) not in words:
            said = self.words.maximum(length)
            return f"{words}, {said}" if words.strip() else said
        return changed
