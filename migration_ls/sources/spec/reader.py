"""Feature specs into requests."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from migration_ls.schema.names import Name, name_from_text
from migration_ls.schema.origin import Origin
from migration_ls.schema.request import Grade
from migration_ls.schema.schema import Schema
from migration_ls.sources.markdown.blocks import Block, Bullet, Cell, Comment, Fence, Heading, Paragraph, TableBlock
from migration_ls.sources.markdown.document import read_document
from migration_ls.sources.problem import Problem
from migration_ls.sources.reading import RequestReading
from migration_ls.sources.spec.clauses import Clause, clause_of, pieces, stores_nothing
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.columns import column_bullet, column_rows, has_types, type_cell
from migration_ls.sources.spec.declared.entities import entity, entity_of
from migration_ls.sources.spec.declared.fences import read_fence, row_said
from migration_ls.sources.spec.declared.inline import indexes, inline, new_name
from migration_ls.sources.spec.declared.keys import key_line
from migration_ls.sources.spec.declared.lines import (
    ChangeColumns,
    change_cells,
    change_columns,
    change_line,
    change_row,
)
from migration_ls.sources.spec.declared.names import read_name
from migration_ls.sources.spec.declared.nested import with_details
from migration_ls.sources.spec.declared.placed import listed, placed
from migration_ls.sources.spec.declared.reshaping import reshaped
from migration_ls.sources.spec.declared.sql import read_sql_fence
from migration_ls.sources.spec.declared.unread import unread_line, unread_type
from migration_ls.sources.spec.families.order import GENERAL, IMPLIED, SPELLED_OUT, Families, first
from migration_ls.sources.spec.families.values import default_values
from migration_ls.sources.spec.gherkin import rules_of
from migration_ls.sources.spec.habits import Habits, habits_of
from migration_ls.sources.spec.items import Item, Said, SaidColumn, SaidDefault, SaidTable
from migration_ls.sources.spec.leads import (
    BARE_COLUMN,
    BOLD_COLUMN,
    COLUMN_LINE,
    COLUMNS_LEAD,
    DEFINITION,
    DOTTED,
    GETS_LEAD,
    INTRODUCED_LEAD,
    KEYED,
    LAST_PART,
    MARKED,
    NAMED_ENTRY,
    NAMES_COLUMN,
    NEW_LEAD,
    SAYS_RULES,
    SIGNS,
    STATEMENT,
    SUBLIST,
    TABLE_LINE,
    TAKEN_BACK,
    UNNAMED_LEAD,
    UPDATE_LEAD,
)
from migration_ls.sources.spec.options import SpecOptions
from migration_ls.sources.spec.prose.passage import SPEAKS_ON, Passage, without_flags
from migration_ls.sources.spec.sections import (
    GENERIC_PLACE,
    LEADS_AWAY,
    NO_CHANGE,
    Mood,
    Section,
    named_section,
    section_of,
)
from migration_ls.sources.spec.sentences import Sentence, sentences, whole
from migration_ls.sources.spec.settle import settle
from migration_ls.sources.spec.tables import Tables
from migration_ls.sources.spec.words import key_of, words_of
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
            walk = _Walk(path, text, tables, habits, options, first_block=number * 100_000)
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


_KINDS = {
    "indexes": "index", "indices": "index", "índices": "index", "unique": "unique", "foreign keys": "foreign key",
}  # fmt: skip
"""What lists are of, by the words above them."""
_LONGEST = 1000
"""Nobody requires anything in a longer sentence, and patterns would take their time over it."""


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
    _sublist: str = ""
    _passage: Passage | None = None
    problems: list[Problem] = field(default_factory=list)
    """Lines that look like columns and are not understood."""
    _sections: dict[tuple[Heading, ...], Section] = field(default_factory=dict)
    _silent: set[tuple[Heading, ...]] = field(default_factory=set)

    def items(self) -> list[Item]:
        """Everything the document says."""
        lines = LineIndex(self.text)
        base = Context(path=self.path, lines=lines, tables=self.tables, habits=self.habits, options=self.options)
        blocks = with_details(read_document(self.text).blocks)
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
        match block:
            case Heading():
                self._lead = self._bold = self._passage = None
                self._sublist = ""
            case Paragraph():
                yield from self._paragraph(block, following, context)
            case Bullet():
                yield from self._bullet(block, following, context)
            case TableBlock():
                yield from self._table(block, context)
            case Fence():
                yield from self._fence(block, context)
            case Comment():
                pass

    def _paragraph(self, block: Paragraph, following: Block | None, context: Context) -> Iterator[Item]:
        if block.bold:
            self._passage = None
        if block.bold and self._heading_section(block.section).mood is not Mood.IGNORED:
            self._lead = None
            self._bold = self._bold_section(block)
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
        if defined := self._definitions(block, context):
            yield from defined
            return
        if lines := self._column_lines(block, context):
            yield from lines
            return
        yield from self._prose(block.span, block, context)
        sublist = SUBLIST.match(block.text)
        self._sublist = sublist["kind"].lower() if sublist else ""
        if self._lead is not None and not sublist:
            self._lead.listing = False

    def _definitions(self, block: Paragraph, context: Context) -> list[Item]:
        """Columns as terms with their definitions: the name on a line, what is said of it after a colon below."""
        section = self._section(block)
        if "\n:" not in block.span.of(self.text) or not section.declares_columns:
            return []
        found: list[Item] = []
        for match in DEFINITION.finditer(self.text, block.span.start, block.span.end):
            part = replace(block, span=Span(match.start("term"), match.end("words")))
            found += self._column_line(f"`{match['term'].strip('`* ')}`: {match['words']}", part, section, context)
        return found

    def _column_lines(self, block: Paragraph, context: Context) -> list[Item]:
        """Columns on lines of their own without any marks of a list, and keys of the table said in a sentence."""
        section = self._section(block)
        if section.mood is not Mood.DECLARES:
            return []
        if (keys := self._key_line(section, whole(self.text, block.span), context)) is not None:
            return keys
        if section.subject is None and section.named is None:
            return []
        sentence = whole(self.text, block.span)
        if "`" in sentence.text and (changed := self._change_line(sentence.text, section, sentence, context)):
            return changed
        found: list[Item] = []
        for match in COLUMN_LINE.finditer(self.text, block.span.start, block.span.end):
            part = replace(block, span=Span(match.start(), match.end()))
            found += self._column_line(match[0].strip(), part, section, context)
        lines = [line for line in block.span.of(self.text).split("\n") if line.strip()]
        return found if len(lines) == len(COLUMN_LINE.findall(block.span.of(self.text))) else []

    def _bold_section(self, block: Paragraph) -> Section | None:
        words = re.sub(r"\*\*|__", "", block.text).strip().rstrip(":")
        section = self._heading_section(block.section)
        named = read_name(words)
        if LEADS_AWAY.search(words) and not (named and self.tables.find(named.phrase)):
            return Section(mood=Mood.IGNORED)
        if named is None or not (section.mood is Mood.DECLARES or self.tables.find(named.phrase)):
            return None
        return named_section(named, self.tables)

    def _lead_of(self, block: Paragraph | Bullet, *, leads: bool) -> Section | None:
        """What the line makes of the list under it; None for a line that introduces nothing."""
        words = whole(self.text, block.span).text.strip()
        section = self._section(block)
        if section.mood is Mood.IGNORED and self._lead is None:
            return None
        if (match := TABLE_LINE.match(words)) and section.mood is Mood.DECLARES:
            named = read_name(match["table"])
            name = self.tables.find(match["table"]) or name_from_text(match["table"])
            if named and section.named:
                self.tables.new[key_of(section.named.phrase)] = name
            return Section(mood=Mood.DECLARES, subject=name, named=named)
        if not leads:
            return None
        if isinstance(block, Bullet) and (named_lead := self._named_lead(words, section)) is not None:
            return named_lead
        last = re.split(r"(?<=[.!?])\s+", words)[-1]
        if match := NEW_LEAD.match(last):
            return Section(
                mood=Mood.DECLARES, subject=self.tables.find(match["table"]), named=read_name(match["table"])
            )
        if match := INTRODUCED_LEAD.match(last):
            phrase = match["table"] or match["other"]
            return Section(mood=Mood.DECLARES, subject=self.tables.find(phrase), named=read_name(phrase))
        for pattern in (GETS_LEAD, UPDATE_LEAD):
            if (match := pattern.match(last)) and (table := self.tables.find(match["table"])):
                return Section(mood=Mood.DECLARES, subject=table)
        if last.endswith(":") and LEADS_AWAY.search(last):
            return Section(mood=Mood.IGNORED)
        if last.endswith(":") and "`" in last and section.mood is Mood.DECLARES and (coded := read_name(last)):
            return named_section(coded, self.tables)
        if last.endswith(":") and COLUMNS_LEAD.search(last):
            owners = {table for table in map(self.tables.find, re.findall(r"`([^`]+)`", block.text)) if table}
            return Section(mood=Mood.DECLARES, subject=owners.pop()) if len(owners) == 1 else None
        return None

    def _named_lead(self, words: str, section: Section) -> Section | None:
        """An entry that is nothing but the name of a table, with its columns under it."""
        if section.mood is not Mood.DECLARES or section.subject is not None or len(words) > 60:
            return None
        named = read_name(words)
        if named is None or (
            self.tables.find(named.phrase) is None and not (named.is_identifier and NAMED_ENTRY.match(words))
        ):
            return None
        return named_section(named, self.tables)

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
        if section.mood is Mood.MARKED:
            if not MARKED.search(block.text):
                return
            section = replace(section, mood=Mood.DECLARES)
        sentence = whole(self.text, block.span)
        if (lines := self._placed_line(block.text, block, section, sentence, context)) is not None:
            yield from lines
            return
        if section.mood is Mood.DECLARES and (keys := self._key_line(section, sentence, context)) is not None:
            yield from keys
            return
        words = sentence.text
        if section.mood is Mood.DECLARES and (bold := BOLD_COLUMN.match(block.text)):
            words = f"`{bold['name']}`{bold['rest']}"
        if (lines := self._change_line(words, section, sentence, context)) is not None:
            yield from lines
            return
        if section.declares_columns and (found := self._column_line(block.text, block, section, context)):
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
            self.problems += [unread] if unread else []
        yield from found

    def _placed_line(
        self, text: str, block: Bullet | Paragraph, section: Section, sentence: Sentence, context: Context
    ) -> list[Item] | None:
        """What a line says that names its table before or after."""
        if len(text) > _LONGEST:
            return None
        found = placed(text, self.tables, declares=section.mood is Mood.DECLARES)
        if found is None or stores_nothing(text):
            return None
        inner = Section(mood=Mood.DECLARES, subject=found.table)
        items: list[Item] = []
        for entry in listed(found.text) if found.adds else (found.text,):
            said = context.said(sentence, Grade.DECLARED)
            changed = key_line(entry, said, replace(context, subject=found.table))
            if changed is None and not found.adds:
                changed = self._change_line(entry, inner, sentence, context)
            if changed is None:
                columns = self._column_line(entry, block, inner, context)
                changed = [replace(item, said=said) if isinstance(item, SaidColumn) else item for item in columns]
            items += changed
        return items or None

    def _change_line(self, text: str, section: Section, sentence: Sentence, context: Context) -> list[Item] | None:
        """A change of columns in one line; outside of parts that declare, only one that names table and column."""
        subject = section.subject
        if subject is None and section.named is not None and section.mood is Mood.DECLARES:
            subject = self.tables.find(section.named.phrase)
        if section.mood is not Mood.DECLARES and not NAMES_COLUMN.search(text):
            return None
        if section.mood is Mood.DECLARES and section.drops and BARE_COLUMN.fullmatch(text.strip()):
            text = f"drop {text.strip()}"
        said = context.said(sentence, Grade.DECLARED)
        found = change_line(text, said, replace(context, subject=subject))
        return [self._nothing()] if found == [] else found

    def _column_line(self, text: str, block: Bullet | Paragraph, section: Section, context: Context) -> list[Item]:
        sentence = whole(self.text, block.span)
        table = section.subject
        if (dotted := DOTTED.match(text)) and (owner := self.tables.find(dotted["table"])):
            table, text = owner, f"`{dotted['rest']}"
        if table is None and section.named is None:
            return []
        read = column_bullet(text, declares=True, enums=self.tables.enum_types)
        if read is None or (section.mood is Mood.ENTITIES and read[1].type is None):
            return []
        names, details = read
        if self._says_changes(block) and details.state is None:
            details = replace(details, state="changed")
        if details.state in {"existing", "computed"}:
            return [self._nothing()]
        said = context.said(sentence, Grade.DECLARED)
        found: list[Item] = []
        if table is None:
            table = self._named_table(section, context)
        if self.tables.table(table) is None:
            found.append(SaidTable(name=table, said=self._table_place(block, context), is_whole=True))
        return found + [SaidColumn(table=table, name=name, details=details, said=said) for name in names]

    def _key_line(self, section: Section, sentence: Sentence, context: Context) -> list[Item] | None:
        """A key or an index; bare columns will do under `Indexes:` or `Unique:`."""
        if len(sentence.text) > _LONGEST:
            return None
        table = section.subject or (self.tables.find(section.named.phrase) if section.named else None)
        said = context.said(sentence, Grade.DECLARED)
        return key_line(sentence.text, said, replace(context, subject=table), _KINDS.get(self._sublist, ""))

    def _says_changes(self, block: Block) -> bool:
        """Whether the heading is about changes, so that a column said to be otherwise than it is shall become so."""
        return any(re.search(r"\bchanges\b|\bmigration\b", heading.text, re.IGNORECASE) for heading in block.section)

    def _nothing(self) -> Item:
        """Stands for a line that was understood and asks for nothing."""
        said = Said(origin=Origin(self.path, Span(0, 0), 0), evidence="", grade=Grade.IMPLIED)
        return SaidDefault(value="", words=frozenset(), said=said)

    def _named_table(self, section: Section, context: Context) -> Name:
        assert section.named is not None
        phrase = section.named.phrase
        if known := self.tables.find(phrase):
            return known
        if phrase.islower() and " " not in phrase:
            return new_name(phrase, context)
        return self.habits.table_name(words_of(phrase))

    def _table(self, block: TableBlock, context: Context) -> Iterator[Item]:
        section = self._section(block)
        subject = change_columns([cell.text for cell in block.header])
        if subject and subject.after is None and section.subject and section.declares_columns and has_types(block):
            subject = None
        if section.mood is not Mood.IGNORED and subject:
            yield from self._change_table(block, subject, section, context)
            return
        if section.mood is Mood.MARKED:
            marked = tuple(row for row in block.rows if any(MARKED.search(cell.text) for cell in row))
            block, section = replace(block, rows=marked), replace(section, mood=Mood.DECLARES)
        if not section.declares_columns or (section.subject is None and section.named is None):
            yield from self._wide_table(block, section, context)
            for row in block.rows:
                for cell, header in zip(row, block.header, strict=False):
                    if SAYS_RULES.match(header.text.strip("*` ")):
                        yield from self._prose(cell.span, block, context)
            return
        rows = list(column_rows(block, declares=True, enums=self.tables.enum_types))
        if not rows:
            return
        table = section.subject or self._named_table(section, context)
        if self.tables.table(table) is None:
            heading = self._table_place(block, context)
            yield SaidTable(name=table, said=heading, is_whole=True)
        for _, name, details, span in rows:
            if details.state in {"existing", "computed"}:
                continue
            if not details.is_typed and details.state != "removed" and self.tables.column(table, name) is None:
                words = type_cell(block, span)
                self.problems += [unread_type(name, words, span, section)] if words else []
            yield SaidColumn(table=table, name=name, details=details, said=row_said(self.text, span, context))

    def _change_table(
        self, block: TableBlock, columns: ChangeColumns, section: Section, context: Context
    ) -> Iterator[Item]:
        """Rows that say what shall become of columns."""
        inner = replace(context, subject=section.subject)
        for row in block.rows:
            what, words = change_row([cell.text for cell in row], columns)
            if (keyed := self._keyed_row(what, words, row, context)) is not None:
                yield from keyed
                continue
            place = Span(row[0].span.start, max(cell.span.end for cell in row))
            if section.mood is Mood.DECLARES and section.subject is None and re.fullmatch(r"\w+", what):
                # The row is about a whole table, and what it says reads as an entry of a list would.
                entry = Bullet(text=f"table `{what}`: {words}", span=place, line=block.line, depth=0)
                said = whole(self.text, place)
                yield from self._placed_line(entry.text, entry, section, said, context) or self._table_row(
                    entry, context
                )
            elif section.mood is Mood.DECLARES or "." in what or "(" in what:
                yield from change_cells(what, words, row_said(self.text, place, context), inner) or ()

    def _keyed_row(self, what: str, words: str, row: tuple[Cell, ...], context: Context) -> list[Item] | None:
        """A row about an index or a key: ``| unique `uq_slots` | - | on `viewings (slot)` |``."""
        match = KEYED.match(what.replace("`", ""))
        target = re.search(r"(?:on\s+)?`?(?P<on>\w+\s*\([^()]+\))`?\s*\Z", words)
        if match is None or target is None:
            return None
        place = Span(row[0].span.start, max(cell.span.end for cell in row))
        return key_line(f"{match[0]} on {target['on']}", row_said(self.text, place, context), context)

    def _table_row(self, entry: Bullet, context: Context) -> Iterator[Item]:
        """A new table, with its columns, in a row of a table of changes."""
        text = re.sub(r"\Atable (`\w+`): (?:new|create)(?: table)?\s*[:,]?\s*", r"New table \1: ", entry.text)
        if text != entry.text:
            sentence = Sentence(
                text, (*[entry.span.start] * (len(text) - 1), max(entry.span.start, entry.span.end - 1))
            )
            yield from inline(Clause(words=sentence, whole=sentence), context)

    def _wide_table(self, block: TableBlock, section: Section, context: Context) -> Iterator[Item]:
        """Rows that name their table themselves: `| Table | Column | Type |`."""
        header = [cell.text.strip("*` ").lower() for cell in block.header]
        if (
            section.mood is not Mood.DECLARES
            or len(header) < 3
            or header[0] not in {"table", "tabla", "entity", "model"}
        ):
            return
        inner = replace(block, header=block.header[1:], rows=tuple(row[1:] for row in block.rows))
        owners = {row[1].span: row[0].text for row in block.rows}
        for cell, name, details, span in column_rows(inner, declares=True, enums=self.tables.enum_types):
            table = self.tables.find(owners[cell.span])
            if table and details.state not in {"existing", "computed"}:
                yield SaidColumn(table=table, name=name, details=details, said=row_said(self.text, span, context))

    def _table_place(self, block: Block, context: Context) -> Said:
        """The line that names the table, which stands for it: the lead, the bold line or the heading."""
        if self._place is not None and (self._lead is not None or self._bold is not None):
            return self._place
        if block.section:
            heading = block.section[-1]
            origin = Origin(self.path, heading.span, heading.line)
            return Said(origin=origin, evidence=heading.text, grade=Grade.DECLARED, block=context.block)
        return replace(context.said(whole(self.text, block.span)), grade=Grade.DECLARED)

    def _fence(self, block: Fence, context: Context) -> Iterator[Item]:
        section = self._section(block)
        if block.language in {"gherkin", "feature", "cucumber"} and section.mood is not Mood.IGNORED:
            for rule in rules_of(self.text, block):
                yield from self._sentence(rule, context, implied=True)
            return
        if section.mood not in {Mood.IGNORED, Mood.BACKGROUND, Mood.MARKED}:
            subject = section.subject
            if subject is None and section.named is not None and section.mood is Mood.DECLARES:
                subject = self.tables.find(section.named.phrase)
            yield from read_fence(self.text, block, replace(context, subject=subject), section.mood)

    def _code(self, span: Span, context: Context) -> list[Item]:
        """What SQL in code spans of a text declares."""
        found: list[Item] = []
        for match in STATEMENT.finditer(self.text, span.start, span.end):
            found += read_sql_fence(self.text, Span(*match.span("sql")), context) or ()
        return found

    def _prose(self, span: Span, block: Block, context: Context) -> Iterator[Item]:
        section = self._section(block)
        if section.mood in {Mood.IGNORED, Mood.MARKED}:
            return
        subject = section.subject
        if subject is None and section.named is not None and section.mood is Mood.DECLARES:
            subject = self.tables.find(section.named.phrase)
        context = replace(context, subject=subject)
        implied = section.mood is not Mood.BACKGROUND and not self._is_silent(block)
        if implied and not stores_nothing(span.of(self.text)) and (statements := self._code(span, context)):
            yield from statements
            return
        found: list[Item] = []
        for sentence in sentences(self.text, span):
            if TAKEN_BACK.match(sentence.text) and stores_nothing(sentence.text):
                # `A field has a status: dry or wet. The status is computed and not stored.`
                found = [item for item in found if item.said.grade is Grade.DECLARED]
            placed_items = None
            if implied and isinstance(block, Paragraph) and "`" in sentence.text and clause_of(sentence) is not None:
                placed_items = self._placed_line(sentence.text, block, section, sentence, context)
            items = placed_items or list(self._sentence(sentence, context, implied=implied))
            if context.subject is None and (made := [item.name for item in items if isinstance(item, SaidTable)]):
                # what follows in the paragraph is about the table that it introduces
                context = replace(context, subject=made[0])
            found = without_flags(found, items) + items
        yield from found

    def _sentence(self, sentence: Sentence, context: Context, *, implied: bool) -> Iterator[Item]:
        if len(sentence.text) > _LONGEST:
            return
        if implied and NAMES_COLUMN.search(sentence.text):
            lines = change_line(sentence.text, context.said(sentence, Grade.DECLARED), context)
            if lines is not None:
                yield from lines
                return
        if implied and "`" in sentence.text and (keys := self._keys_after(sentence, context)):
            yield from keys
            return
        for value in default_values(sentence.text):
            yield SaidDefault(value=value, words=frozenset(key_of(sentence.text)), said=context.said(sentence))
        clause = clause_of(sentence)
        if clause is None and not SPEAKS_ON.match(sentence.text):
            return
        clause = clause or Clause(words=sentence, whole=sentence)
        passage = self._passage = self._passage or Passage(context)
        found = None
        if implied and passage.is_of_new(sentence, context):
            found = list(passage.read(sentence, context)) or None
            if found:
                yield from found
                return
        found = self._heard(clause, context, IMPLIED if implied else ())
        if found is not None:
            passage.heard(sentence, found, context)
        elif implied:
            found = list(passage.read(sentence, context)) or self._heard(clause, context, GENERAL)
            found = list(entity(sentence, self.text, context)) if found is None else found
        yield from found or ()

    def _keys_after(self, sentence: Sentence, context: Context) -> list[Item]:
        """A key or a change that the last part of a sentence declares: ``..., so put a unique constraint on `a` ``."""
        match = LAST_PART.search(sentence.text)
        if match is None or context.subject is None:
            return []
        said = context.said(sentence, Grade.DECLARED)
        return key_line(match["part"], said, context) or change_line(match["part"], said, context) or []

    def _heard(self, clause: Clause, context: Context, families: Families) -> list[Item] | None:
        """What the families have to say of the parts of a clause; None when no part concerns them."""
        found: list[Item] = []
        heard = False
        for piece in pieces(clause):
            if stores_nothing(piece.text):
                heard = True
                continue
            items = list(first(piece, context, SPELLED_OUT))
            items += list(indexes(piece, context)) if piece.text == clause.text else []
            if not items and families and not piece.is_presentation:
                items = list(first(piece, context, families))
            found += items
            heard = heard or bool(items)
            if items and piece.text == clause.text and ";" not in piece.text:
                break
        return found if heard else None
