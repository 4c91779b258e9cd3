"""Walks one document: knows the table it is in, and what the list it is in is about."""

import re
from collections.abc import Callable, Sequence
from itertools import zip_longest

from migration_ls.schema.schema import Enum
from migration_ls.sources.markdown.blocks import Block, Bullet, Comment, Fence, Heading, Paragraph, TableBlock
from migration_ls.sources.markdown.document import Section, read_document
from migration_ls.sources.markdown.inline import plain
from migration_ls.sources.problem import Problem
from migration_ls.sources.schema_doc.constraint_rows import constraint_rows
from migration_ls.sources.schema_doc.entries import bullet_entries, name_only
from migration_ls.sources.schema_doc.enum_lists import listed_enums
from migration_ls.sources.schema_doc.fenced import PYTHON, is_sql, not_read, stated_in
from migration_ls.sources.schema_doc.fences import Listed
from migration_ls.sources.schema_doc.index_rows import index_rows
from migration_ls.sources.schema_doc.inline import column_lines, defined_entries, inline_table, pieces
from migration_ls.sources.schema_doc.labels import is_statement, reader_of
from migration_ls.sources.schema_doc.lists import is_unread, told_by_constraint, told_by_index
from migration_ls.sources.schema_doc.nested import Nested
from migration_ls.sources.schema_doc.notations.psql import Printed
from migration_ls.sources.schema_doc.notations.values import Noted
from migration_ls.sources.schema_doc.notes import Note, apply_notes, legend_of, note_of
from migration_ls.sources.schema_doc.outline import Outline
from migration_ls.sources.schema_doc.overview import Overview
from migration_ls.sources.schema_doc.prose import told_in_prose
from migration_ls.sources.schema_doc.python import tables_in_python
from migration_ls.sources.schema_doc.registry import Candidate, Registry
from migration_ls.sources.schema_doc.relation_rows import relation_rows
from migration_ls.sources.schema_doc.rows import row_entries
from migration_ls.sources.schema_doc.said import LONGEST
from migration_ls.sources.schema_doc.stated import Stated
from migration_ls.sources.schema_doc.topics import (
    INDEX_BULLET,
    INLINE_CONSTRAINT,
    INLINE_INDEXES,
    MANAGED,
    TABLE_LINE,
    Topic,
    topic_of,
)
from migration_ls.sources.schema_doc.where import Where
from migration_ls.text.span import Span

_LONGEST_LABEL = 40
_LONGEST_OUTLINE = 20_000
"""Code points; longer sections are read block by block."""


def _unread_entry(span: Span) -> Problem:
    return Problem(
        code="schema-doc-not-read",
        message="Nothing of this entry is read as an index or a constraint",
        help="Write it as SQL, for instance `UNIQUE (a, b)`, `CHECK (a > 0)` or `INDEX ON t (a, b)`",
        span=span,
        serious=False,
    )


class Walk:
    """One document read into a registry; `found` says whether it stated any table."""

    def __init__(
        self,
        path: str,
        text: str,
        registry: Registry,
        *,
        trusting: bool = False,
        outlines: Callable[[str], Outline | None] | None = None,
    ) -> None:
        self._path = path
        self._text = text
        self._registry = registry
        self._trusting = trusting
        self._outlines = None if trusting else outlines
        self._document = read_document(text)
        self._nested = Nested()
        self._next: Block | None = None
        self._overview = Overview(self._document, text, trusting=trusting)
        self._at = Where(path, text, registry, self._overview, legend_of(self._document.blocks))
        self._notes: list[tuple[Note, Candidate | None]] = []
        self._stated = Stated(registry, self._at.origin)
        self.problems: tuple[Problem, ...] = self._document.problems

    @property
    def found(self) -> bool:
        """Whether the document stated any table."""
        return self._at.found or self._stated.found

    @property
    def enums(self) -> "list[Enum]":
        """The enum types that the document's SQL and Python make."""
        return self._stated.enums

    def read(self) -> None:
        """Everything in the document."""
        self._registry.texts.append(self._text)
        self._look_ahead()
        for section in self._document.sections:
            if self._outlined(section):
                continue
            for block, self._next in zip_longest(section.blocks, section.blocks[1:]):
                if isinstance(block, Heading):
                    self._nested.leave()
                    self._at.heading(block, trusting=self._trusting)
                elif not self._overview.is_elsewhere(block):
                    self._block(block)
        apply_notes(self._registry, self._notes, self._path, self._text)

    def _outlined(self, section: Section) -> bool:
        """Takes a section that states one table by a list or a table of columns, and nothing else, as a whole."""
        heading = section.blocks[0] if section.blocks else None
        if (
            self._outlines is None
            or self._at.legend
            or not isinstance(heading, Heading)
            or len(section.text) > _LONGEST_OUTLINE
        ):
            return False
        topic = self._overview.topic(heading)
        if topic.kind != "table" or topic.weak or (topic.is_title and self._overview.distrusts_titles):
            return False
        if self._overview.is_elsewhere(heading) or self._overview.is_document_title(heading):
            return False
        outline = self._outlines(section.text)
        if outline is None:
            return False
        self._nested.leave()
        self._at.heading(heading, trusting=self._trusting)
        if self._at.here is None or not self._registry.draft(self._at.here).takes_outline(
            outline, self._path, section.start, section.line
        ):
            return False
        self._at.found = True
        return True

    def _look_ahead(self) -> None:
        tables, enums = tables_in_python(self._path, self._text, self._overview.python_fences())
        self._stated.python = tables
        if self._overview.has_enums:
            self._stated.enums += listed_enums(self._overview.read_blocks(), self._at.origin)
        self._stated.enums += enums

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph():
                self._nested.leave()
                self._paragraph(block)
            case Bullet():
                self._bullet(block)
            case TableBlock():
                self._table(block)
            case Fence():
                self._fence(block)
            case Comment() | Heading():
                pass

    def _paragraph(self, block: Paragraph) -> None:
        if entries := tuple(defined_entries(block.text, block.span.start)):
            self._at.add("bullets", entries)
            return
        if self._column_lines(block):
            return
        for match in re.finditer(r"[^\r\n]+", block.text):
            if len(match[0]) > LONGEST:
                continue
            start = block.span.start + match.start()
            self._line(match[0], Span(start, start + len(match[0])), bold=block.bold)

    def _column_lines(self, block: Paragraph) -> bool:
        """Columns on lines of their own, of the table that the line before them names or the document is in."""
        found = column_lines(block.text, block.span.start) if self._at.label != "elsewhere" else None
        if found is None:
            return False
        if not found.name:
            self._at.add("bullets", found.entries)
        elif (topic := topic_of(found.name)).kind == "table":
            self._at.add("bullets", found.entries, self._at.candidate(topic, block.span))
        for start, line in found.rest:
            place = Span(block.span.start + start, block.span.start + start + len(line))
            self._at.tell(told_by_constraint(line.strip()), place)
        return True

    def _line(self, line: str, span: Span, *, bold: bool) -> None:
        words = plain(line)
        if (note := note_of(line)) is not None:
            self._notes.append((note, self._at.here))
            return
        if self._inline(line, span):
            return
        if match := TABLE_LINE.match(words):
            self._at.named(match["name"], span)
        elif MANAGED.match(words) and self._at.here is not None:
            self._at.here.external = True
            if self._at.here.draft:
                self._at.here.draft.external = True
        elif match := INLINE_INDEXES.match(line.strip()):
            unique = bool(match["unique"] or match["after"])
            rest = match["rest"]
            for start, end in pieces(rest, 0):
                self._at.tell(told_by_index(("unique index on " if unique else "") + rest[start:end]), span)
        elif bold or words.endswith(":"):
            self._label_line(line, span, bold=bold)
        else:
            found = list(told_in_prose(line))
            self._at.tell(found, span)
            if not found:
                self._at.label = None if self._at.label != "elsewhere" else "elsewhere"

    def _inline(self, line: str, span: Span) -> bool:
        """Columns one after the other, of the table named before them or of the one the document is in."""
        found = inline_table(line, span.start) if self._at.label != "elsewhere" else None
        if found is None:
            return False
        if not found.name:
            self._at.add("bullets", found.entries)
        elif (topic := topic_of(found.name)).kind == "table":
            self._at.add("bullets", found.entries, self._at.candidate(topic, span))
        return True

    def _label_line(self, line: str, span: Span, *, bold: bool) -> None:
        if INLINE_CONSTRAINT.match(plain(line)) and not plain(line).endswith(":"):
            self._at.tell(told_by_constraint(line), span)
            return
        topic = topic_of(line.strip().rstrip(":"))
        if topic.kind == "table":
            if bold or self._heads_columns(line):
                self._at.pending = self._at.candidate(topic, span)
            self._at.label = None
        elif topic.kind not in {"other", "group"}:
            self._at.label = topic.kind
        else:
            self._at.label = None

    def _heads_columns(self, line: str) -> bool:
        """Whether a name with a colon stands over a list of columns."""
        following = self._next
        return (
            name_only(line) is not None
            and isinstance(following, Bullet)
            and bool(bullet_entries(following.text, following.span.start))
        )

    def _bullet(self, block: Bullet) -> None:
        if self._at.label == "elsewhere" or len(block.text) > LONGEST:
            return
        self._nested.enter(block)
        if self._is_label(block):
            return
        label = self._nested.label or self._at.label
        reader = reader_of(label)
        if reader is not None:
            told = tuple(reader(block.text))
            self._at.tell(told, block.span)
            if not told and is_unread(block.text):
                self.problems = (*self.problems, _unread_entry(block.span))
            return
        if label in {"enums", "elsewhere"}:
            return
        if match := TABLE_LINE.match(plain(block.text)):
            if self._has_children(block):
                self._at.here = None
            self._at.named(match["name"], block.span)
            return
        if self._inline(block.text, block.span):
            return
        if self._nested.detail(block):
            if ready := self._nested.ready():
                self._at.add("bullets", ready)
            return
        entries = bullet_entries(block.text, block.span.start)
        if self._has_children(block):
            entries = tuple(entry.owned() for entry in entries)
        if entries and not is_statement(block.text):
            self._enter_parent(block)
            self._nested.columns(block, entries)
            self._at.add("bullets", entries)
            return
        if INDEX_BULLET.match(plain(block.text)):
            self._at.tell(told_by_index(block.text), block.span)
        elif is_statement(block.text):
            self._at.tell(told_by_constraint(block.text), block.span)
        elif name := name_only(block.text):
            self._nested.start(block, name)
        else:
            self._nested.table(block)

    def _is_label(self, block: Bullet) -> bool:
        """Whether the bullet says what those under it are about: `- indexes`, `- Columns:`."""
        if not self._has_children(block) or len(block.text) > _LONGEST_LABEL:
            return False
        kind = topic_of(block.text.strip().rstrip(":")).kind
        if kind in {"table", "other"} or not self._nested.is_label(block, kind):
            return False
        self._enter_parent(block)
        return True

    def _has_children(self, block: Bullet) -> bool:
        return isinstance(self._next, Bullet) and self._next.depth > block.depth

    def _enter_parent(self, block: Bullet) -> None:
        """A table named by the bullet above these: `- users` over `- id: uuid`."""
        parent = self._nested.parent_table(block)
        if parent is not None and (topic := topic_of(parent.text)).kind == "table" and not topic.weak:
            self._at.pending, self._at.here = None, self._at.candidate(topic, parent.span)

    def _table(self, block: TableBlock) -> None:
        self._nested.leave()
        if self._at.label == "elsewhere":
            return
        told = [
            *relation_rows(self._text, block, in_list=self._at.label == "relations"),
            *index_rows(self._text, block, in_list=self._at.label == "indexes"),
            *constraint_rows(self._text, block, in_list=self._at.label == "constraints"),
        ]
        if told:
            for span, items in told:
                self._at.tell(items, span)
            return
        if self._at.label in {"indexes", "relations", "enums"}:
            return
        entries = list(row_entries(self._text, block))
        owners = dict.fromkeys(entry.table for entry in entries)
        for owner in owners:
            own = [entry for entry in entries if entry.table == owner]
            if not owner:
                self._at.add("rows", own)
            elif (topic := topic_of(owner)).kind == "table":
                self._at.add("rows", own, self._at.candidate(topic, own[0].span))

    def _fence(self, block: Fence) -> None:
        if self._at.label == "elsewhere":
            return
        if is_sql(block):
            self._at.bind(self._stated.sql(block))
        elif block.language in PYTHON:
            self._at.bind(made := self._stated.classes(block))
            self._unread(block, made)
            return
        found = tuple(stated_in(block))
        for item in found:
            match item:
                case Listed():
                    self._listed(item)
                case Printed():
                    self._printed(item)
                case Noted():
                    self._at.bind(self._stated.noted(item))
        self._unread(block, found)

    def _unread(self, block: Fence, found: Sequence[object]) -> None:
        if not found and not is_sql(block) and (problem := not_read(block)) is not None:
            self.problems = (*self.problems, problem)

    def _listed(self, listed: Listed) -> None:
        if not listed.name:
            self._at.add(listed.form, listed.entries)
            return
        topic = topic_of(f"`{listed.name}`" if listed.name.islower() else listed.name)
        if topic.kind == "table":
            self._at.add(listed.form, listed.entries, self._at.candidate(topic, listed.span))

    def _printed(self, printed: Printed) -> None:
        """A table that a program printed, with what it says below of keys and indexes."""
        owner = None
        if printed.name:
            owner = self._at.candidate(Topic(kind="table", name=printed.name, marked=True), printed.name_span)
        entries = list(row_entries(self._text, printed.block))
        if printed.is_psql:
            entries = [entry.owned() for entry in entries]
            for entry in entries:
                entry.said.nullable = True if entry.said.nullable is None else entry.said.nullable
        if not entries or (owner or self._at.pending or self._at.here) is None:
            return
        self._at.add("rows", entries, owner)
        owner = owner or self._at.here
        self._registry.told += [(told, self._at.origin(span), owner) for told, span in printed.told]
