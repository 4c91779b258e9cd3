"""Walks one document: knows the table it is in, and what the list it is in is about."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import zip_longest

from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Enum
from migration_ls.sources.markdown.blocks import Block, Bullet, Comment, Fence, Heading, Paragraph, TableBlock
from migration_ls.sources.markdown.document import Section, read_document
from migration_ls.sources.markdown.inline import plain
from migration_ls.sources.problem import Problem
from migration_ls.sources.schema_doc.constraint_rows import constraint_rows
from migration_ls.sources.schema_doc.draft import STATED, TITLE, Draft, Form, mention_of
from migration_ls.sources.schema_doc.entries import Entry, bullet_entries, name_only
from migration_ls.sources.schema_doc.enum_lists import listed_enums
from migration_ls.sources.schema_doc.fenced import PYTHON, is_sql, not_read, stated_in
from migration_ls.sources.schema_doc.fences import Listed
from migration_ls.sources.schema_doc.index_rows import index_rows
from migration_ls.sources.schema_doc.inline import defined_entries, inline_table, pieces
from migration_ls.sources.schema_doc.labels import is_statement, reader_of
from migration_ls.sources.schema_doc.lists import (
    Told,
    told_by_constraint,
    told_by_index,
)
from migration_ls.sources.schema_doc.nested import Nested
from migration_ls.sources.schema_doc.notations.psql import Printed
from migration_ls.sources.schema_doc.notations.values import Noted
from migration_ls.sources.schema_doc.outline import Outline
from migration_ls.sources.schema_doc.overview import Overview
from migration_ls.sources.schema_doc.python import tables_in_python
from migration_ls.sources.schema_doc.registry import Candidate, Registry
from migration_ls.sources.schema_doc.rows import row_entries
from migration_ls.sources.schema_doc.said import LONGEST
from migration_ls.sources.schema_doc.stated import Stated
from migration_ls.sources.schema_doc.topics import (
    INDEX_BULLET,
    INLINE_CONSTRAINT,
    INLINE_INDEXES,
    MANAGED,
    TABLE_LINE,
    Kind,
    Topic,
    topic_of,
)
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span

_LONGEST_OUTLINE = 20_000
"""Code points; longer sections are read block by block."""


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
        self._here: Candidate | None = None
        self._pending: Candidate | None = None
        self._label: Kind | None = None
        self._by_heading: dict[Span, Candidate] = {}
        self._nested = Nested()
        self._next: Block | None = None
        self._overview = Overview(self._document, text, trusting=trusting)
        self._stated = Stated(registry, self._origin)
        self._listed_any = False
        self.problems: tuple[Problem, ...] = self._document.problems

    @property
    def found(self) -> bool:
        """Whether the document stated any table."""
        return self._listed_any or self._stated.found

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
                    self._heading(block)
                elif not self._overview.is_elsewhere(block):
                    self._block(block)

    def _outlined(self, section: Section) -> bool:
        """Takes a section that states one table by a list or a table of columns, and nothing else, as a whole."""
        heading = section.blocks[0] if section.blocks else None
        if self._outlines is None or not isinstance(heading, Heading) or len(section.text) > _LONGEST_OUTLINE:
            return False
        topic = self._overview.topic(heading)
        if topic.kind != "table" or topic.weak or (topic.is_title and self._overview.distrusts_titles):
            return False
        if self._overview.is_elsewhere(heading) or self._overview.is_document_title(heading):
            return False
        outline = self._outlines(section.text)
        if outline is None:
            return False
        self._heading(heading)
        if self._here is None or not self._registry.draft(self._here).takes_outline(
            outline, self._path, section.start, section.line
        ):
            return False
        self._listed_any = True
        return True

    def _look_ahead(self) -> None:
        tables, enums = tables_in_python(self._path, self._text, self._overview.python_fences())
        self._stated.python = tables
        if self._overview.has_enums:
            self._stated.enums += listed_enums(self._overview.read_blocks(), self._origin)
        self._stated.enums += enums

    @cached_property
    def _index(self) -> LineIndex:
        return LineIndex(self._text)

    def _origin(self, span: Span) -> Origin:
        return Origin(self._path, span, self._index.line(span.start))

    def _name(self, text: str) -> Name:
        namespace, dot, name = text.rpartition(".")
        return Name(name, namespace if dot else self._overview.namespace or "public")

    def _candidate(self, topic: Topic, span: Span, line: int | None = None) -> Candidate:
        if topic.is_title and self._overview.distrusts_titles and not topic.weak:
            topic = replace(topic, weak=True)
        return Candidate(
            name=self._name(topic.name),
            sure=TITLE if topic.class_name else STATED,
            origin=self._origin(span) if line is None else Origin(self._path, span, line),
            topic=topic,
            external=topic.external,
        )

    def _heading(self, block: Heading) -> None:
        self._pending, self._label = None, None
        self._nested.leave()
        topic = self._overview.topic(block)
        if topic.kind == "table" and not self._overview.is_document_title(block):
            self._here = self._candidate(topic, block.span, block.line)
            self._by_heading[block.span] = self._here
            return
        outer = next(
            (self._by_heading[item.span] for item in reversed(block.section) if item.span in self._by_heading), None
        )
        self._here = outer
        self._label = None if topic.kind == "group" or (self._trusting and topic.kind == "elsewhere") else topic.kind

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
            self._add("bullets", entries)
            return
        for match in re.finditer(r"[^\r\n]+", block.text):
            if len(match[0]) > LONGEST:
                continue
            start = block.span.start + match.start()
            self._line(match[0], Span(start, start + len(match[0])), bold=block.bold)

    def _line(self, line: str, span: Span, *, bold: bool) -> None:
        words = plain(line)
        if self._inline(line, span):
            return
        if match := TABLE_LINE.match(words):
            self._named(match["name"], span)
        elif MANAGED.match(words) and self._here is not None:
            self._here.external = True
            if self._here.draft:
                self._here.draft.external = True
        elif match := INLINE_INDEXES.match(line.strip()):
            unique = bool(match["unique"] or match["after"])
            rest = match["rest"]
            for start, end in pieces(rest, 0):
                self._tell(told_by_index(("unique index on " if unique else "") + rest[start:end]), span)
        elif bold or words.endswith(":"):
            self._label_line(line, span, bold=bold)
        elif INLINE_CONSTRAINT.match(words):
            self._tell(told_by_constraint(line), span)
        else:
            self._label = None if self._label != "elsewhere" else "elsewhere"

    def _inline(self, line: str, span: Span) -> bool:
        """Columns one after the other, of the table named before them or of the one the document is in."""
        found = inline_table(line, span.start) if self._label != "elsewhere" else None
        if found is None:
            return False
        if not found.name:
            self._add("bullets", found.entries)
        elif (topic := topic_of(found.name)).kind == "table":
            self._add("bullets", found.entries, self._candidate(topic, span))
        return True

    def _label_line(self, line: str, span: Span, *, bold: bool) -> None:
        if INLINE_CONSTRAINT.match(plain(line)) and not plain(line).endswith(":"):
            self._tell(told_by_constraint(line), span)
            return
        topic = topic_of(line.strip().rstrip(":"))
        if topic.kind == "table":
            self._pending = self._candidate(topic, span) if bold else self._pending
            self._label = None
        elif topic.kind not in {"other", "group"}:
            self._label = topic.kind
        else:
            self._label = None

    def _named(self, name: str, span: Span) -> None:
        """`Table: users` under the heading of an entity, or on its own."""
        topic = Topic(kind="table", name=name, marked=True)
        candidate = self._candidate(topic, span)
        if self._here is not None and self._here.draft is None:
            candidate.external = self._here.external
            self._rename(self._here, candidate)
        elif self._here is not None and self._here.draft is not None:
            self._registry.name(self._here.draft, candidate)
            return
        self._here, self._pending = candidate, None

    def _add(self, form: Form, entries: Iterable[Entry], candidate: Candidate | None = None) -> None:
        """Columns of the candidate, of the pending one, or of the table the document is in."""
        owner = candidate or self._pending or self._here
        if owner is None:
            return
        if candidate is None and self._pending is not None:
            self._here, self._pending = self._pending, None
        draft = self._registry.draft(owner)
        if draft.takes(form):
            self._listed_any = True
            for entry in entries:
                draft.add_entry(entry, self._origin(entry.span))
        else:
            for entry in entries:
                draft.add_comment(entry)
                draft.mentions.append(mention_of(form, entry, self._origin(entry.span)))

    def _tell(self, told: Iterable[Told], span: Span) -> None:
        origin = self._origin(span)
        self._registry.told += [(item, origin, self._here) for item in told]

    def _bullet(self, block: Bullet) -> None:
        if self._label == "elsewhere" or len(block.text) > LONGEST:
            return
        reader = reader_of(self._label)
        if reader is not None:
            self._tell(reader(block.text), block.span)
            return
        if self._label == "enums":
            return
        if match := TABLE_LINE.match(plain(block.text)):
            if self._has_children(block):
                self._here = None
            self._named(match["name"], block.span)
            return
        if self._inline(block.text, block.span):
            return
        if self._nested.detail(block):
            if ready := self._nested.ready():
                self._add("bullets", ready)
            return
        entries = bullet_entries(block.text, block.span.start)
        if self._has_children(block):
            entries = tuple(entry.owned() for entry in entries)
        if entries and not is_statement(block.text):
            self._enter_parent(block)
            self._nested.columns(block, entries)
            self._add("bullets", entries)
            return
        if INDEX_BULLET.match(plain(block.text)):
            self._tell(told_by_index(block.text), block.span)
        elif is_statement(block.text):
            self._tell(told_by_constraint(block.text), block.span)
        elif name := name_only(block.text):
            self._nested.start(block, name)
        else:
            self._nested.table(block)

    def _has_children(self, block: Bullet) -> bool:
        return isinstance(self._next, Bullet) and self._next.depth > block.depth

    def _enter_parent(self, block: Bullet) -> None:
        """A table named by the bullet above these: `- users` over `- id: uuid`."""
        parent = self._nested.parent_table(block)
        if parent is not None and (topic := topic_of(parent.text)).kind == "table" and not topic.weak:
            self._pending, self._here = None, self._candidate(topic, parent.span)

    def _table(self, block: TableBlock) -> None:
        self._nested.leave()
        if self._label == "elsewhere":
            return
        told = [
            *index_rows(self._text, block, in_list=self._label == "indexes"),
            *constraint_rows(self._text, block, in_list=self._label == "constraints"),
        ]
        if told:
            for span, items in told:
                self._tell(items, span)
            return
        if self._label in {"indexes", "relations", "enums"}:
            return
        entries = list(row_entries(self._text, block))
        owners = dict.fromkeys(entry.table for entry in entries)
        for owner in owners:
            own = [entry for entry in entries if entry.table == owner]
            if not owner:
                self._add("rows", own)
            elif (topic := topic_of(owner)).kind == "table":
                self._add("rows", own, self._candidate(topic, own[0].span))

    def _fence(self, block: Fence) -> None:
        if self._label == "elsewhere":
            return
        if is_sql(block):
            self._bind(self._stated.sql(block))
        elif block.language in PYTHON:
            self._bind(made := self._stated.classes(block))
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
                    self._bind(self._stated.noted(item))
        self._unread(block, found)

    def _unread(self, block: Fence, found: Sequence[object]) -> None:
        if not found and not is_sql(block) and (problem := not_read(block)) is not None:
            self.problems = (*self.problems, problem)

    def _listed(self, listed: Listed) -> None:
        if not listed.name:
            self._add(listed.form, listed.entries)
            return
        topic = topic_of(f"`{listed.name}`" if listed.name.islower() else listed.name)
        if topic.kind == "table":
            self._add(listed.form, listed.entries, self._candidate(topic, listed.span))

    def _printed(self, printed: Printed) -> None:
        """A table that a program printed, with what it says below of keys and indexes."""
        owner = None
        if printed.name:
            owner = self._candidate(Topic(kind="table", name=printed.name, marked=True), printed.name_span)
        entries = list(row_entries(self._text, printed.block))
        if printed.is_psql:
            entries = [entry.owned() for entry in entries]
            for entry in entries:
                entry.said.nullable = True if entry.said.nullable is None else entry.said.nullable
        if not entries or (owner or self._pending or self._here) is None:
            return
        self._add("rows", entries, owner)
        owner = owner or self._here
        self._registry.told += [(told, self._origin(span), owner) for told, span in printed.told]

    def _bind(self, made: Sequence[Draft]) -> None:
        """What follows in the section is about the table that its fence made, if it made one and no other is known."""
        if len(made) != 1 or (self._here is not None and self._here.draft is not None):
            return
        draft = made[0]
        topic = Topic(kind="table", name=str(draft.name), marked=True)
        candidate = Candidate(name=draft.name, sure=draft.sure, origin=draft.origin, topic=topic, draft=draft)
        if self._here is not None:
            draft.external = draft.external or self._here.external
            self._rename(self._here, candidate)
        self._here = candidate

    def _rename(self, known: Candidate, candidate: Candidate) -> None:
        for heading, other in self._by_heading.items():
            if other is known:
                self._by_heading[heading] = candidate
