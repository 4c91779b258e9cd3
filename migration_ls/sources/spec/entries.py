"""Lines and rows that declare: columns, changes of columns, keys."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.request import Grade
from migration_ls.sources.markdown.blocks import Block, Bullet, Cell, Fence, Paragraph, TableBlock
from migration_ls.sources.problem import Problem
from migration_ls.sources.spec.clauses import Clause, stores_nothing
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.change_tables import ChangeColumns, change_columns, change_row
from migration_ls.sources.spec.declared.columns import column_bullet, column_rows, has_types, type_cell
from migration_ls.sources.spec.declared.fences import new_table_lines, row_said
from migration_ls.sources.spec.declared.inline import inline, new_name
from migration_ls.sources.spec.declared.key_rows import key_rows
from migration_ls.sources.spec.declared.keys import key_line as key_of_line
from migration_ls.sources.spec.declared.lines import change_cells
from migration_ls.sources.spec.declared.lines import change_line as change_of_line
from migration_ls.sources.spec.declared.placed import listed, placed
from migration_ls.sources.spec.declared.sql import read_sql_fence
from migration_ls.sources.spec.declared.unread import unread_type
from migration_ls.sources.spec.habits import Habits
from migration_ls.sources.spec.items import Item, Said, SaidColumn, SaidDefault, SaidTable
from migration_ls.sources.spec.leads import (
    ALL_COLUMNS,
    COLUMN_LINE,
    DEFINITION,
    DOTTED,
    DOTTED_LINE,
    EXISTING,
    KEYED,
    LEADING_COLUMN,
    LONGEST,
    MARKED,
    NAMES_COLUMN,
    OWNED_COLUMN,
    SQL_PARAGRAPH,
    STATUS_LINE,
)
from migration_ls.sources.spec.sections import Mood, Section
from migration_ls.sources.spec.sentences import Sentence, sentences, whole
from migration_ls.sources.spec.tables import Tables
from migration_ls.sources.spec.words import words_of
from migration_ls.text.span import Span

_KINDS = {
    "indexes": "index", "indices": "index", "índices": "index", "unique": "unique", "foreign keys": "foreign key",
}  # fmt: skip
"""What lists are of, by the words above them."""


@dataclass(slots=True)
class Entries:
    """Reads the lines and rows of one document that declare."""

    path: str
    text: str
    tables: Tables
    habits: Habits
    place: Said | None = None
    """The line that names the table of what follows, while there is one."""
    sublist: str = ""
    """What the line above says the list is of."""
    problems: list[Problem] = field(default_factory=list)
    """Lines that look like columns and are not understood."""

    def paragraph(self, block: Paragraph, section: Section, context: Context, *, asks: bool) -> list[Item]:
        """What a paragraph declares: SQL where the part `asks` for changes, columns on lines of their own, keys."""
        if asks and SQL_PARAGRAPH.match(block.text):
            return list(read_sql_fence(self.text, block.span, context) or ())
        return self._definitions(block, section, context) or self._column_lines(block, section, context)

    def _definitions(self, block: Paragraph, section: Section, context: Context) -> list[Item]:
        """Columns as terms with their definitions: the name on a line, what is said of it after a colon below."""
        if "\n:" not in block.span.of(self.text) or not section.declares_columns:
            return []
        found: list[Item] = []
        for match in DEFINITION.finditer(self.text, block.span.start, block.span.end):
            part = replace(block, span=Span(match.start("term"), match.end("words")))
            found += self.column_line(f"`{match['term'].strip('`* ')}`: {match['words']}", part, section, context)
        return found

    def _column_lines(self, block: Paragraph, section: Section, context: Context) -> list[Item]:
        """Columns on lines of their own without any marks of a list, and keys of the table said in a sentence."""
        if section.mood is not Mood.DECLARES:
            return []
        if (keys := self.key_line(section, whole(self.text, block.span), context)) is not None:
            return keys
        lines = [line for line in block.span.of(self.text).split("\n") if line.strip()]
        if len(lines) > 1 and len(STATUS_LINE.findall(block.span.of(self.text))) == len(lines):
            return [
                item
                for part in self._lines(block)
                for item in self.change_line(part.text, section, part, context) or ()
            ]
        dotted = list(DOTTED_LINE.finditer(self.text, block.span.start, block.span.end))
        if len(dotted) == len(lines):
            made: list[Item] = []
            for match in dotted:
                part = replace(block, span=Span(match.start(), match.end()))
                made += self.column_line(f"`{match['dotted']}`: {match['rest']}", part, section, context)
            if made:
                return made
        if section.subject is None and section.named is None:
            return []
        sentence = whole(self.text, block.span)
        if "`" in sentence.text:
            parts = list(sentences(self.text, block.span))
            changes = [self.change_line(part.text, section, part, context) for part in parts]
            if all(changes):
                return [item for found in changes for item in found or ()]
        found: list[Item] = []
        for match in COLUMN_LINE.finditer(self.text, block.span.start, block.span.end):
            part = replace(block, span=Span(match.start(), match.end()))
            found += self.column_line(match[0].strip(), part, section, context)
        return found if len(lines) == len(COLUMN_LINE.findall(block.span.of(self.text))) else []

    def _lines(self, block: Paragraph) -> Iterator[Sentence]:
        """The lines of a paragraph, each by itself."""
        for match in STATUS_LINE.finditer(self.text, block.span.start, block.span.end):
            yield whole(self.text, Span(*match.span()))

    def placed_line(
        self, text: str, block: Bullet | Paragraph, section: Section, sentence: Sentence, context: Context
    ) -> list[Item] | None:
        """What a line says that names its table before or after."""
        if len(text) > LONGEST:
            return None
        found = placed(text, self.tables, declares=section.mood is Mood.DECLARES)
        if found is None or stores_nothing(text):
            return None
        inner = Section(mood=Mood.DECLARES, subject=found.table)
        items: list[Item] = []
        for entry in listed(found.text) if found.adds else (found.text,):
            said = context.said(sentence, Grade.DECLARED)
            changed = key_of_line(entry, said, replace(context, subject=found.table))
            if changed is None and not found.adds:
                changed = self.change_line(entry, inner, sentence, context)
            if changed is None:
                columns = self.column_line(entry, block, inner, context)
                changed = [replace(item, said=said) if isinstance(item, SaidColumn) else item for item in columns]
            items += changed
        return items or None

    def change_line(self, text: str, section: Section, sentence: Sentence, context: Context) -> list[Item] | None:
        """A change of columns in one line; outside of parts that declare, only one that names table and column."""
        subject = section.table(self.tables)
        if section.mood is not Mood.DECLARES and not NAMES_COLUMN.search(text):
            return None
        if section.mood is Mood.DECLARES:
            text = self._with_verb(text, section)
        said = context.said(sentence, Grade.DECLARED)
        found = change_of_line(text, said, replace(context, subject=subject))
        return [self._nothing()] if found == [] else found

    def _with_verb(self, text: str, section: Section) -> str:
        """The line with what its section says of all its lines."""
        if section.verb == "drop" and ALL_COLUMNS.fullmatch(text):
            return f"removed: {text.replace(' and ', ', ')}"
        if section.verb == "drop" and text.startswith("`") and (owned := OWNED_COLUMN.match(text)):
            return f"drop {owned[0]}"
        if section.verb == "drop" and (column := LEADING_COLUMN.match(text)):
            return f"drop {column[0].strip()}"
        return f"rename {text}" if section.verb == "rename" and LEADING_COLUMN.match(text) else text

    def column_line(self, text: str, block: Bullet | Paragraph, section: Section, context: Context) -> list[Item]:
        """The columns that a line declares for the table that it, or its section, is about."""
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

    def _table_of(self, section: Section) -> Name | None:
        return section.subject or (self.tables.find(section.named.phrase) if section.named else None)

    def key_line(self, section: Section, sentence: Sentence, context: Context) -> list[Item] | None:
        """A key or an index; bare columns will do under `Indexes:` or `Unique:`."""
        if len(sentence.text) > LONGEST:
            return None
        said = context.said(sentence, Grade.DECLARED)
        return key_of_line(
            sentence.text, said, replace(context, subject=self._table_of(section)), _KINDS.get(self.sublist, "")
        )

    def _says_changes(self, block: Block) -> bool:
        """Whether the heading is about changes, so that a column said to be otherwise than it is shall become so."""
        return any(re.search(r"\bchanges\b|\bmigration\b", heading.text, re.IGNORECASE) for heading in block.section)

    def _describes(self, block: Block) -> bool:
        """Whether the heading is about what is there, so that rows without words of change describe it."""
        return any(EXISTING.search(heading.text) for heading in block.section[-1:])

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

    def rows(self, block: TableBlock, section: Section, context: Context) -> Iterator[Item]:
        """What the rows of a table ask for, where they are columns or changes of columns."""
        if section.mood is Mood.DECLARES and not self._describes(block):
            above = " ".join([self.sublist, *(heading.text for heading in block.section[-1:])])
            keys = key_rows(block, self.text, replace(context, subject=self._table_of(section)), above)
            if keys is not None:
                yield from keys
                return
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

    def fenced(self, block: Fence, section: Section, context: Context) -> Iterator[Item]:
        """The lines of a block without a language, under the name of a new table."""
        if not block.language:
            name = self._named_table(section, context)
            yield from new_table_lines(self.text, block, name, self._table_place(block, context), context)

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
                yield from self.placed_line(entry.text, entry, section, said, context) or self._table_row(
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
        return key_of_line(f"{match[0]} on {target['on']}", row_said(self.text, place, context), context)

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
        if self.place is not None:
            return self.place
        if block.section:
            heading = block.section[-1]
            origin = Origin(self.path, heading.span, heading.line)
            return Said(origin=origin, evidence=heading.text, grade=Grade.DECLARED, block=context.block)
        return replace(context.said(whole(self.text, block.span)), grade=Grade.DECLARED)
