"""Where in a document one is: the table it speaks of, and what its lists are about."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.sources.markdown.blocks import Heading
from migration_ls.sources.schema_doc.draft import STATED, TITLE, Draft, Form, mention_of
from migration_ls.sources.schema_doc.entries import Entry
from migration_ls.sources.schema_doc.notes import Note, marked
from migration_ls.sources.schema_doc.overview import Overview
from migration_ls.sources.schema_doc.registry import Candidate, Registry
from migration_ls.sources.schema_doc.told import Told
from migration_ls.sources.schema_doc.topics import Kind, Topic
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span


class Where:
    """The table that the next block is about; `found` says whether the document stated any column in words.

    `here` is the table of the section, `pending` one that a bold line named and that has no columns yet.
    """

    def __init__(self, path: str, text: str, registry: Registry, overview: Overview, legend: tuple[Note, ...]) -> None:
        self._path = path
        self._text = text
        self._registry = registry
        self._overview = overview
        self._by_heading: dict[Span, Candidate] = {}
        self.legend = legend
        self.here: Candidate | None = None
        self.pending: Candidate | None = None
        self.label: Kind | None = None
        self.found = False

    @cached_property
    def _index(self) -> LineIndex:
        return LineIndex(self._text)

    def origin(self, span: Span) -> Origin:
        """The place of a span."""
        return Origin(self._path, span, self._index.line(span.start))

    def _name(self, text: str) -> Name:
        namespace, dot, name = text.rpartition(".")
        return Name(name, namespace if dot else self._overview.namespace or "public")

    def candidate(self, topic: Topic, span: Span, line: int | None = None) -> Candidate:
        """Something that may be a table, named at a span."""
        if topic.is_title and self._overview.distrusts_titles and not topic.weak:
            topic = replace(topic, weak=True)
        return Candidate(
            name=self._name(topic.name),
            sure=TITLE if topic.class_name else STATED,
            origin=self.origin(span) if line is None else Origin(self._path, span, line),
            topic=topic,
            external=topic.external,
        )

    def heading(self, block: Heading, *, trusting: bool) -> None:
        """What follows stands under another heading; `trusting` reads sections about something else, too."""
        self.pending, self.label = None, None
        topic = self._overview.topic(block)
        if topic.kind == "table" and not self._overview.is_document_title(block):
            self.here = self.candidate(topic, block.span, block.line)
            self._by_heading[block.span] = self.here
            return
        outer = next(
            (self._by_heading[item.span] for item in reversed(block.section) if item.span in self._by_heading), None
        )
        self.here = outer
        self.label = None if topic.kind == "group" or (trusting and topic.kind == "elsewhere") else topic.kind

    def named(self, name: str, span: Span) -> None:
        """`Table: users` under the heading of an entity, or on its own."""
        topic = Topic(kind="table", name=name, marked=True)
        candidate = self.candidate(topic, span)
        if self.here is not None and self.here.draft is None:
            candidate.external = self.here.external
            self._rename(self.here, candidate)
        elif self.here is not None and self.here.draft is not None:
            self._registry.name(self.here.draft, candidate)
            return
        self.here, self.pending = candidate, None

    def _rename(self, known: Candidate, candidate: Candidate) -> None:
        for heading, other in self._by_heading.items():
            if other is known:
                self._by_heading[heading] = candidate

    def add(self, form: Form, entries: Iterable[Entry], candidate: Candidate | None = None) -> None:
        """Columns of the candidate, of the pending one, or of the table the document is in."""
        owner = candidate or self.pending or self.here
        if owner is None:
            return
        if candidate is None and self.pending is not None:
            self.here, self.pending = self.pending, None
        draft = self._registry.draft(owner)
        if draft.takes(form):
            self.found = True
            for entry in entries:
                said = marked(entry, entry.span.of(self._text), self.legend) if self.legend else entry
                draft.add_entry(said, self.origin(entry.span))
        else:
            for entry in entries:
                draft.add_comment(entry)
                draft.mentions.append(mention_of(form, entry, self.origin(entry.span)))

    def tell(self, told: Iterable[Told], span: Span) -> None:
        """Keeps what was told at a span of the table one is in."""
        origin = self.origin(span)
        self._registry.told += [(item, origin, self.here) for item in told]

    def bind(self, made: Sequence[Draft]) -> None:
        """What follows in the section is about the table that its fence made, if it made one and no other is known."""
        if len(made) != 1 or (self.here is not None and self.here.draft is not None):
            return
        draft = made[0]
        topic = Topic(kind="table", name=str(draft.name), marked=True)
        candidate = Candidate(name=draft.name, sure=draft.sure, origin=draft.origin, topic=topic, draft=draft)
        if self.here is not None:
            draft.external = draft.external or self.here.external
            self._rename(self.here, candidate)
        self.here = candidate
