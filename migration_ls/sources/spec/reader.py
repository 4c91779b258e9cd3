"""Feature specs into requests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from migration_ls.schema.request import Grade
from migration_ls.schema.schema import Schema
from migration_ls.sources.markdown.blocks import Block, Bullet, Comment, Fence, Heading, Paragraph, TableBlock
from migration_ls.sources.markdown.document import read_document
from migration_ls.sources.markdown.wiki import as_markdown
from migration_ls.sources.problem import Problem
from migration_ls.sources.reading import RequestReading
from migration_ls.sources.spec.clauses import clause_of, stores_nothing
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.allowed import ColumnAtHand, with_values_apart
from migration_ls.sources.spec.declared.entities import entity, entity_of
from migration_ls.sources.spec.declared.fences import read_fence
from migration_ls.sources.spec.declared.inline import new_name
from migration_ls.sources.spec.declared.nested import with_details
from migration_ls.sources.spec.declared.reshaping import reshaped
from migration_ls.sources.spec.declared.shorthand import shorthand
from migration_ls.sources.spec.declared.unread import unread_line
from migration_ls.sources.spec.entries import Entries
from migration_ls.sources.spec.gherkin import rules_of
from migration_ls.sources.spec.habits import Habits, habits_of
from migration_ls.sources.spec.items import Item, Said, SaidColumn, SaidTable
from migration_ls.sources.spec.leading import bold_section, lead_of
from migration_ls.sources.spec.leads import (
    ADDED_TABLE,
    BOLD_COLUMN,
    DATABASE_LABEL,
    MARKED,
    SAYS_RULES,
    SIGNS,
    SUBLIST,
    TAKEN_BACK,
    UNNAMED_LEAD,
)
from migration_ls.sources.spec.options import SpecOptions
from migration_ls.sources.spec.prose.passage import without_flags
from migration_ls.sources.spec.sections import (
    GENERIC_PLACE,
    NO_CHANGE,
    Mood,
    Section,
    section_of,
)
from migration_ls.sources.spec.sentences import Sentence, sentences, whole
from migration_ls.sources.spec.settle import settle
from migration_ls.sources.spec.tables import Tables
from migration_ls.sources.spec.talk import Talk
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span


def read_spec(path: str, text: str, schema: Schema, options: SpecOptions | None = None) -> RequestReading:
    """What one document asks for beyond the current schema, in its order. Never raises."""
    return read_feature(((path, text),), schema, options)[path]


def read_feature(
    documents: Sequence[tuple[str, str]], schema: Schema, options: SpecOptions | None = None
) -> Mapping[str, RequestReading]:
    """What the documents of one feature ask for together, by the path of the document that asks most plainly."""
    options = options or SpecOptions()
    tables, habits = Tables(schema), habits_of(schema)
    items: list[Item] = []
    unread: list[tuple[str, Problem]] = []
    for attempt in range(2):
        # The first reading only learns which tables the feature adds: sentences may speak of them before.
        items, unread = [], []
        for number, (path, text) in enumerate(documents):
            walk = _Walk(path, as_markdown(text), tables, habits, options, first_block=number * 100_000)
            items += walk.items()
            unread += [(path, problem) for problem in walk.problems]
        if attempt == 0 and not tables.new:
            break
    requests, problems = settle(items, tables, habits, options)
    return {
        path: RequestReading(
            requests=tuple(request for request in requests if request.origin.path == path),
            problems=tuple(problem for where, problem in (*problems, *unread) if where == path),
        )
        for path, _ in documents
    }


@dataclass(slots=True)
class _Lead:
    """A line that says what the list, table or fence under it is about; `depth` of a bullet, -1 for a paragraph."""

    section: Section
    depth: int
    listing: bool = True


@dataclass(slots=True)
class _Walk:
    """One document, block by block."""

    path: str
    text: str
    tables: Tables
    habits: Habits
    options: SpecOptions
    first_block: int = 0
    _lead: _Lead | None = None
    _bold: Section | None = None
    _place: Said | None = None
    _column: ColumnAtHand = field(default_factory=ColumnAtHand)
    _entries: Entries = field(init=False)
    _talk: Talk = field(init=False)
    _sections: dict[tuple[Heading, ...], Section] = field(default_factory=dict)
    _silent: set[tuple[Heading, ...]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._entries = Entries(self.path, self.text, self.tables, self.habits)
        self._talk = Talk(self.text)

    @property
    def problems(self) -> list[Problem]:
        """Lines that look like columns and are not understood."""
        return self._entries.problems

    def items(self) -> list[Item]:
        """Everything the document says."""
        lines = LineIndex(self.text)
        base = Context(path=self.path, lines=lines, tables=self.tables, habits=self.habits, options=self.options)
        blocks = with_values_apart(with_details(read_document(self.text).blocks), self.text)
        self._find_silence(blocks)
        reshapes = reshaped(
            blocks, self.text, replace(base, block=self.first_block), [self._asking(block) for block in blocks]
        )
        found: list[Item] = list(reshapes.items)
        for number, block in enumerate(blocks):
            if number in reshapes.taken:
                continue
            context = replace(base, block=self.first_block + number)
            following = blocks[number + 1] if number + 1 < len(blocks) else None
            for item in self._block(block, following, context):
                if isinstance(item, SaidTable):
                    self.tables.add(item.name.name, item.name)
                    if self._lead is not None and self._lead.section.subject is None:
                        self._lead.section = replace(self._lead.section, subject=item.name)
                self._column.spoken_of(item)
                found.append(item)
        return found

    def _find_silence(self, blocks: tuple[Block, ...]) -> None:
        """Notes the sections, or the whole document, that say that nothing changes in the database."""
        for block in blocks:
            if isinstance(block, Bullet | Paragraph) and NO_CHANGE.search(block.text):
                headings = block.section
                generic = len(headings) <= 1 or bool(GENERIC_PLACE.search(headings[-1].text))
                self._silent.add(() if generic else headings)

    def _section(self, block: Block) -> Section:
        self._entries.place = self._place if self._lead is not None or self._bold is not None else None
        if self._lead is not None:
            return self._lead.section
        if self._bold is not None:
            return self._bold
        return self._heading_section(block.section)

    def _heading_section(self, headings: tuple[Heading, ...]) -> Section:
        if headings not in self._sections:
            self._sections[headings] = section_of(headings, self.tables)
        return self._sections[headings]

    def _asking(self, block: Block) -> Section | None:
        """The section of a block that may ask for changes."""
        section = self._heading_section(block.section)
        quiet = section.mood in {Mood.IGNORED, Mood.MARKED, Mood.BACKGROUND} or self._is_silent(block)
        return None if quiet else section

    def _is_silent(self, block: Block) -> bool:
        return () in self._silent or any(block.section[: len(quiet)] == quiet for quiet in self._silent if quiet)

    def _block(self, block: Block, following: Block | None, context: Context) -> Iterator[Item]:
        if (
            isinstance(block, Paragraph | Bullet)
            and self._asking(block)
            and self._section(block).mood is not Mood.IGNORED
        ):
            more = self._column.more(block, self.text, context)
            if more is not None:
                yield from more
                return
        match block:
            case Heading():
                self._lead = self._bold = self._talk.passage = None
                self._talk.heading = block.text
                self._entries.sublist = ""
                yield from self._column.under(block, self._heading_section(block.section), context)
            case Paragraph():
                yield from self._paragraph(block, following, context)
            case Bullet():
                yield from self._bullet(block, following, context)
            case TableBlock():
                yield from self._rows(block, context)
            case Fence():
                yield from self._fence(block, context)
            case Comment():
                pass

    def _paragraph(self, block: Paragraph, following: Block | None, context: Context) -> Iterator[Item]:
        if block.bold:
            self._talk.passage = None
        if block.bold and self._heading_section(block.section).mood is not Mood.IGNORED:
            self._lead = None
            self._bold = bold_section(block, following, self._heading_section(block.section), self.tables)
            self._place = context.said(whole(self.text, block.span), Grade.DECLARED)
            if self._bold is not None:
                return
        leads = isinstance(following, Bullet | TableBlock | Fence)
        lead = self._lead_of(block, leads=leads)
        if lead is None and isinstance(following, TableBlock | Fence) and UNNAMED_LEAD.search(block.text):
            lead = Section(mood=Mood.DECLARES) if self._section(block).mood is not Mood.IGNORED else None
        if lead is not None:
            self._lead = _Lead(lead, -1)
            self._place = context.said(whole(self.text, block.span), Grade.DECLARED)
            yield from self._new_table(lead, whole(self.text, block.span), context)
            return
        if self._lead is not None and not block.text[:1].islower() and self._lead.section.mood is Mood.IGNORED:
            self._lead = None
        asks = self._asking(block) is not None
        if declared := self._entries.paragraph(block, self._section(block), context, asks=asks):
            yield from declared
            return
        yield from self._prose(block.span, block, context)
        sublist = SUBLIST.match(block.text)
        self._entries.sublist = sublist["kind"].lower() if sublist else ""
        if self._lead is not None and not sublist:
            self._lead.listing = False

    def _lead_of(self, block: Paragraph | Bullet, *, leads: bool) -> Section | None:
        """What the line makes of the list under it; None for a line that introduces nothing."""
        section = self._section(block)
        if section.mood is Mood.IGNORED and self._lead is None:
            return None
        return lead_of(block, whole(self.text, block.span).text.strip(), section, self.tables, leads=leads)

    def _new_table(self, section: Section, sentence: Sentence, context: Context) -> Iterator[Item]:
        """The new table that a lead names, if it is new."""
        if section.named is None or section.mood is not Mood.DECLARES:
            return
        name = section.subject or self.tables.find(section.named.phrase) or new_name(section.named.phrase, context)
        if self.tables.table(name) is None:
            yield SaidTable(name=name, said=context.said(sentence, Grade.DECLARED), is_whole=True)

    def _bullet(self, block: Bullet, following: Block | None, context: Context) -> Iterator[Item]:
        if (self._lead is not None and block.depth <= self._lead.depth) or (
            self._lead is not None and not self._lead.listing
        ):
            self._lead = None
        leads = isinstance(following, TableBlock | Fence) or (
            isinstance(following, Bullet) and following.depth > block.depth
        )
        section = self._section(block)
        if section.mood is Mood.DECLARES and (sign := SIGNS.match(block.text)):
            block = replace(
                block, text=block.text[sign.end() :], span=Span(block.span.start + sign.end(), block.span.end)
            )
        if (lead := self._lead_of(block, leads=leads)) is not None:
            self._lead = _Lead(lead, block.depth)
            self._place = context.said(whole(self.text, block.span), Grade.DECLARED)
            yield from self._new_table(lead, whole(self.text, block.span), context)
            return
        if section.mood is Mood.IGNORED:
            return
        if label := DATABASE_LABEL.match(block.text):
            span = Span(block.span.start + label.end(), block.span.end)
            block, section = (
                replace(block, text=block.text[label.end() :], span=span),
                replace(section, mood=Mood.DECLARES),
            )
        if section.mood is Mood.MARKED:
            if not MARKED.search(block.text):
                return
            section = replace(section, mood=Mood.DECLARES)
        sentence = whole(self.text, block.span)
        if section.verb == "add" and ADDED_TABLE.match(sentence.text):
            worded = Sentence(f"Add {sentence.text}", (*[sentence.span.start] * 4, *sentence.offsets))
            yield from self._talk.sentence(worded, context, implied=True)
            return
        if (lines := self._entries.placed_line(block.text, block, section, sentence, context)) is not None:
            yield from lines
            return
        if section.mood is Mood.DECLARES and (keys := self._entries.key_line(section, sentence, context)) is not None:
            yield from keys
            return
        words = sentence.text
        if section.mood is Mood.DECLARES and (bold := BOLD_COLUMN.match(block.text)):
            words = f"`{bold['name']}`{bold['rest']}"
        if (lines := self._entries.change_line(words, section, sentence, context)) is not None:
            yield from lines
            return
        if section.declares_columns and (found := self._entries.column_line(block.text, block, section, context)):
            yield from found
            return
        if section.mood in {Mood.ENTITIES, Mood.DECLARES} or entity_of(sentence, self.text):
            items = tuple(entity(sentence, self.text, context)) if section.subject is None else ()
            if items:
                yield from items
                return
            if section.mood is Mood.ENTITIES:
                return
        found = list(self._prose(block.span, block, context))
        if not found and not stores_nothing(block.text):
            unread = unread_line(block.text, block.span, section, self.tables)
            self._entries.problems += [unread] if unread else []
        yield from found

    def _rows(self, block: TableBlock, context: Context) -> Iterator[Item]:
        section = self._section(block)
        yield from self._entries.rows(block, section, context)
        if not section.declares_columns or (section.subject is None and section.named is None):
            for row in block.rows:
                for cell, header in zip(row, block.header, strict=False):
                    if SAYS_RULES.match(header.text.strip("*` ")):
                        yield from self._prose(cell.span, block, context)

    def _fence(self, block: Fence, context: Context) -> Iterator[Item]:
        section = self._section(block)
        if block.language in {"gherkin", "feature", "cucumber"} and section.mood is not Mood.IGNORED:
            for rule in rules_of(self.text, block):
                yield from self._talk.sentence(rule, context, implied=True)
            return
        if section.mood is Mood.MARKED:
            # only the lines that say so themselves are new
            items = read_fence(self.text, block, replace(context, subject=section.subject), Mood.DECLARES)
            yield from (item for item in items if isinstance(item, SaidColumn) and item.details.state == "new")
        elif section.mood not in {Mood.IGNORED, Mood.BACKGROUND}:
            subject = section.table(self.tables)
            found = tuple(read_fence(self.text, block, replace(context, subject=subject), section.mood))
            is_new = section.named is not None and (subject is None or self.tables.table(subject) is None)
            own = all(isinstance(item, SaidColumn) and self.tables.table(item.table) is None for item in found)
            if not block.language.strip("{}.").removeprefix("text") and section.mood is Mood.DECLARES:
                found = tuple(shorthand(self.text, block, context)) or found
            if is_new and section.declares_columns and own:
                found = tuple(self._entries.fenced(block, section, context)) or found
            yield from found

    def _prose(self, span: Span, block: Block, context: Context) -> Iterator[Item]:
        section = self._section(block)
        if section.mood in {Mood.IGNORED, Mood.MARKED}:
            return
        context = replace(context, subject=section.table(self.tables))
        implied = section.mood is not Mood.BACKGROUND and not self._is_silent(block)
        if implied and not stores_nothing(span.of(self.text)) and (statements := self._talk.code(span, context)):
            yield from statements
            return
        found: list[Item] = []
        for sentence in sentences(self.text, span):
            if TAKEN_BACK.match(sentence.text) and stores_nothing(sentence.text):
                # `A field has a status: dry or wet. The status is computed and not stored.`
                found = [item for item in found if item.said.grade is Grade.DECLARED]
            placed_items = None
            if implied and isinstance(block, Paragraph) and "`" in sentence.text and clause_of(sentence) is not None:
                placed_items = self._entries.placed_line(sentence.text, block, section, sentence, context)
            items = placed_items or list(self._talk.sentence(sentence, context, implied=implied))
            if made := [item.name for item in items if isinstance(item, SaidTable)]:
                # what follows in the paragraph is about the table that it introduces
                context = replace(context, subject=made[0])
            found = without_flags(found, items) + items
        yield from found
