"""Schema documents to a schema."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_table import CreateTable
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Column, ForeignKey, Index, Table, Unique
from migration_ls.sources.markdown.document import (
    Block,
    Bullet,
    Document,
    Fence,
    Heading,
    Paragraph,
    TableBlock,
    plain,
    read_document,
)
from migration_ls.sources.models import ModelFile, read_models
from migration_ls.sources.problem import Problem
from migration_ls.sources.reading import SchemaReading
from migration_ls.sources.schema_doc.draft import Draft
from migration_ls.sources.schema_doc.rules_in_words import Told, told_by_constraint, told_by_index_entry
from migration_ls.sources.spec.declared.columns import column_bullet, column_rows
from migration_ls.sources.spec.declared.names import read_name
from migration_ls.sources.sql.expressions import expression
from migration_ls.sources.sql.reader import read_sql
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span

_ELSEWHERE = re.compile(
    r"\b(?:future|planned|ideas?|later|roadmap|examples?|samples?|migrations?|rollback|quer(?:y|ies)|api|endpoints?|seed|"
    r"deprecated|out of scope|draft|sketch|proposal|retenci[oó]n|retention|request|response)\b",
    re.IGNORECASE,
)
_EXTERNAL = re.compile(r"\b(?:managed by|owned by|provided by|external|maintained by)\b", re.IGNORECASE)
_INDEXES = re.compile(r"^(?:\W*)(?:.*\b)?(?:index(?:es)?|indices|índices?)\b", re.IGNORECASE)
_CONSTRAINTS = re.compile(r"\b(?:constraints?|restricciones|keys?|rules|checks?)\b", re.IGNORECASE)
_COLUMN_LABEL = re.compile(
    r"^(?:columns?|fields?|attributes?|campos|columnas|schema|definition|structure)\b", re.IGNORECASE
)
_OTHER_LABEL = re.compile(
    r"\b(?:relationships?|relations|relaciones|transitions|notes?|triggers?|policies|usage|validation|access)\b",
    re.IGNORECASE,
)
_TABLE_LINE = re.compile(r"^(?:table(?: name)?|tabla)\s*:\s*[`\"]?(?P<name>[\w.]+)[`\"]?\s*$", re.IGNORECASE)
_SQL = frozenset({"sql", "postgresql", "postgres", "pgsql", "psql"})


def read_schema_document(path: str, text: str) -> SchemaReading:
    """What one document says; total."""
    return read_schema_documents(((path, text),))


def read_schema_documents(files: Sequence[tuple[str, str]]) -> SchemaReading:
    """What documents say together: paths and texts. A table that stands several times is read once."""
    drafts: dict[Name, Draft] = {}
    problems: list[tuple[str, Problem]] = []
    for path, text in files:
        reader = _Reader(path, text, drafts)
        reader.read()
        problems += [(path, problem) for problem in reader.problems]
    schema = Schema()
    for draft in drafts.values():
        if not draft.columns:
            continue
        schema = schema.with_table(draft.table())
        for enum in draft.enums:
            schema = schema.with_enum(enum)
    return SchemaReading(schema=_keyed(schema), problems=tuple(problems))


def _keyed(schema: Schema) -> Schema:
    """With foreign keys that name no column led to the other table's key."""
    for table in tuple(schema.tables.values()):
        keys = tuple(_resolved(key, schema) for key in table.foreign_keys)
        if keys != table.foreign_keys:
            schema = schema.with_table(replace(table, foreign_keys=keys))
    return schema


def _resolved(key: ForeignKey, schema: Schema) -> ForeignKey:
    other = schema.table(key.ref_table)
    if other is None:
        same = [name for name in schema.tables if name.name == key.ref_table.name]
        return replace(key, ref_table=same[0]) if len(same) == 1 else key
    return key


class _Reader:
    """Walks one document; knows the table it is in and what the list before it is about."""

    def __init__(self, path: str, text: str, drafts: dict[Name, Draft]) -> None:
        self._path = path
        self._text = text
        self._index = LineIndex(text)
        self._drafts = drafts
        self._here: Draft | None = None
        self._label = ""
        self._known = {str(name): name for name in drafts}
        self.problems: list[Problem] = []

    def read(self) -> None:
        """Everything in the document."""
        document: Document = read_document(self._text)
        self.problems += document.problems
        for block in document.blocks:
            if isinstance(block, Heading):
                self._heading(block)
            elif not self._is_elsewhere(block):
                self._block(block)

    def _is_elsewhere(self, block: Block) -> bool:
        return any(_ELSEWHERE.search(plain(heading.text)) for heading in block.section[1:] or ())

    def _origin(self, span: Span) -> Origin:
        return Origin(path=self._path, span=span, line=self._index.line(span.start))

    def _heading(self, block: Heading) -> None:
        self._label = ""
        words = plain(block.text)
        if _INDEXES.match(words) or _COLUMN_LABEL.match(words) or _OTHER_LABEL.search(words):
            self._label = words
            if not self._inside_table(block):
                self._here = None
            return
        self._here = self._named(block.text, block.span)

    def _inside_table(self, block: Heading) -> bool:
        return self._here is not None and any(heading.span == self._here.origin.span for heading in block.section)

    def _named(self, text: str, span: Span) -> Draft | None:
        """The table that a heading names: nothing is known of it before columns follow."""
        cut = re.split(r"\s+[—–]\s+", text, maxsplit=1)[0]
        named = read_name(cut)
        if named is None or not named.is_identifier:
            return None
        name = self._name_of(named.phrase)
        draft = self._drafts.get(name)
        if draft is None:
            draft = Draft(name=name, origin=self._origin(span))
            self._drafts[name] = draft
            self._known[str(name)] = name
        draft.external = draft.external or bool(_EXTERNAL.search(text))
        return draft

    def _name_of(self, phrase: str) -> Name:
        namespace, dot, last = phrase.replace(" ", "_").rpartition(".")
        if re.match(r"[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)*\Z", last):
            last = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", last).lower()
        return Name(last, namespace) if dot else Name(last)

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph():
                self._paragraph(block)
            case Bullet():
                self._bullet(block)
            case TableBlock():
                self._table(block)
            case Fence(language=language) if language in _SQL or (
                not language and "create table" in block.text.lower()
            ):
                self._sql(block)
            case Fence(language="python" | "py"):
                self._python(block)
            case _:
                pass

    def _paragraph(self, block: Paragraph) -> None:
        words = plain(block.text)
        if match := _TABLE_LINE.match(words):
            self._here = self._named(f"`{match['name']}`", block.span)
            return
        if block.bold or words.endswith(":"):
            bare = words.rstrip(":")
            if (
                _INDEXES.match(bare)
                or _COLUMN_LABEL.match(bare)
                or _OTHER_LABEL.search(bare)
                or _CONSTRAINTS.search(bare)
            ):
                self._label = bare
                return
            if block.bold and (draft := self._named(block.text, block.span)):
                self._here, self._label = draft, ""
                return
        self._label = ""
        self._sentences(block)

    def _sentences(self, block: Paragraph) -> None:
        """`Indexes: ...` and `Unique: ...` in one line; other prose tells constraints of the table it stands under."""
        if self._here is None:
            return
        for line in re.split(r"\r\n|\n|\r", block.text):
            text = line.strip()
            if match := re.match(
                r"(?i)\W*(?:unique\s+|único\s+)?(?:index(?:es)?|índices?(?:\s+único)?)\W*:\s*(?P<rest>.+)", text
            ):
                unique = "únic" in text.lower() or text.lower().startswith("unique")
                for entry in _entries(match["rest"]):
                    for told in told_by_index_entry(entry):
                        self._tell(replace(told, unique=told.unique or unique), block.span)
            elif re.match(r"(?i)\W*(?:unique|primary key|clave|check|constraint)\b", text):
                for told in told_by_constraint(text):
                    self._tell(told, block.span)

    def _bullet(self, block: Bullet) -> None:
        label = self._label
        if _INDEXES.match(label):
            for told in told_by_index_entry(block.text):
                self._tell(told, block.span)
            return
        if self._here is None or (_OTHER_LABEL.search(label) and not _COLUMN_LABEL.match(label)):
            return
        if match := _TABLE_LINE.match(plain(block.text)):
            self._rename(match["name"])
            return
        if _CONSTRAINTS.search(label) and not _COLUMN_LABEL.match(label):
            for told in told_by_constraint(block.text):
                self._tell(told, block.span)
            return
        read = column_bullet(block.text)
        if read is None:
            if re.match(r"(?i)\W*(?:unique|primary key|check|foreign key|(?:unique |composite )?index)\b", block.text):
                found = list(told_by_constraint(block.text)) or list(told_by_index_entry(block.text))
                for told in found:
                    self._tell(told, block.span)
            return
        names, details = read
        if self._here.takes("bullets"):
            for name in names:
                self._here.add(name, details, self._origin(block.span), self._known)

    def _rename(self, name: str) -> None:
        """`- **Table Name:** users` under a heading that names the entity."""
        if self._here is None:
            return
        self._drafts.pop(self._here.name, None)
        self._here.name = self._name_of(name)
        self._drafts[self._here.name] = self._here
        self._known[name] = self._here.name

    def _table(self, block: TableBlock) -> None:
        if self._here is None or _INDEXES.match(self._label):
            return
        rows = list(column_rows(block, declares=True))
        if rows and self._here.takes("table"):
            for _, name, details, span in rows:
                self._here.add(name, details, self._origin(span), self._known)

    def _tell(self, told: Told, span: Span) -> None:
        draft = self._draft_of(told.table) if told.table else self._here
        if draft is None:
            return
        origin = self._origin(span)
        match told.kind:
            case "index":
                index = Index(
                    name=told.name,
                    parts=told.parts,
                    unique=told.unique,
                    using=told.using,
                    where=expression(told.where) if told.where else None,
                    origin=origin,
                )
                if all(part.is_expression or part.text in draft.columns for part in told.parts):
                    draft.add_index(index)
            case "unique":
                draft.uniques.append(Unique(name=told.name, columns=told.columns, origin=origin))
            case "key":
                draft.key[:] = told.columns
                for name in told.columns:
                    if name in draft.columns:
                        draft.columns[name] = replace(draft.columns[name], nullable=False)
            case "check":
                draft.checks.append(Check(name=told.name, expression=expression(told.condition), origin=origin))
            case "reference":
                target = self._known.get(told.target) or self._name_of(told.target)
                draft.foreign_keys.append(
                    ForeignKey(
                        name=None, columns=told.columns, ref_table=target, ref_columns=told.others, origin=origin
                    )
                )

    def _draft_of(self, name: str) -> Draft | None:
        known = self._known.get(name)
        return self._drafts.get(known) if known else None

    def _sql(self, block: Fence) -> None:
        for statement in read_sql(block.text).statements:
            for clause in statement.clauses:
                span = clause.span.shifted(block.content.start)
                match clause.operation:
                    case CreateTable(table=table):
                        self._created(table, block, span)
                    case CreateIndex(table=name, index=index) if name in self._drafts:
                        self._drafts[name].add_index(replace(index, origin=self._origin(span)))
                    case CreateEnum(enum=enum):
                        owner = self._here or self._any()
                        if owner:
                            owner.enums.append(replace(enum, origin=self._origin(span)))
                    case AddConstraint(table=name, constraint=constraint) if name in self._drafts:
                        self._constraint(self._drafts[name], constraint, span)
                    case AddColumn(table=name, column=column) if name in self._drafts:
                        draft = self._drafts[name]
                        draft.columns.setdefault(column.name, replace(column, origin=self._origin(span)))
                    case _:
                        pass

    def _any(self) -> Draft | None:
        """A draft to keep types at that are made before any table."""
        holder = Name("", "")
        return self._drafts.setdefault(holder, Draft(name=holder, origin=self._origin(Span(0, 0))))

    def _constraint(self, draft: Draft, constraint: object, span: Span) -> None:
        origin = self._origin(span)
        match constraint:
            case Unique():
                draft.uniques.append(replace(constraint, origin=origin))
            case Check():
                draft.checks.append(replace(constraint, origin=origin))
            case ForeignKey():
                draft.foreign_keys.append(replace(constraint, origin=origin))
            case _:
                pass

    def _created(self, table: Table, block: Fence, span: Span) -> None:
        name = table.name
        draft = self._drafts.get(name)
        if draft is None:
            here = self._here.origin if self._here and not self._here.columns else self._origin(span)
            draft = Draft(name=name, origin=here)
            self._drafts[name] = draft
        self._known[str(name)] = name
        if not draft.takes("sql") or draft.columns:
            return
        for column in table.columns:
            place = (
                column.origin.span.shifted(block.content.start) if column.origin else self._column_span(block, column)
            )
            draft.columns[column.name] = replace(column, origin=self._origin(place))
        draft.key[:] = table.primary_key.columns if table.primary_key else ()
        draft.uniques += table.uniques
        draft.checks += table.checks
        draft.foreign_keys += table.foreign_keys

    def _column_span(self, block: Fence, column: Column) -> Span:
        """The line of a column inside a fence."""
        match = re.search(rf"(?m)^[ \t]*\"?{re.escape(column.name)}\"?[ \t]+[^\r\n]*", block.text)
        if match is None:
            return block.content
        text = match[0]
        start = match.start() + len(text) - len(text.lstrip())
        return Span(start, match.start() + len(text.rstrip().rstrip(","))).shifted(block.content.start)

    def _python(self, block: Fence) -> None:
        reading = read_models([ModelFile(path=self._path, text=block.text)])
        for table in reading.schema.tables.values():
            draft = self._drafts.get(table.name)
            if draft is None:
                draft = Draft(name=table.name, origin=self._shifted(table.origin, block))
                self._drafts[table.name] = draft
            self._known[str(table.name)] = table.name
            if not draft.takes("python") or draft.columns:
                continue
            for column in table.columns:
                draft.columns[column.name] = replace(column, origin=self._shifted(column.origin, block), places=())
            draft.key[:] = table.primary_key.columns if table.primary_key else ()
            draft.uniques += table.uniques
            draft.checks += table.checks
            draft.foreign_keys += table.foreign_keys
            for index in table.indexes:
                draft.add_index(replace(index, origin=self._shifted(index.origin, block)))
            draft.enums += [enum for enum in reading.schema.enums.values() if enum not in draft.enums]

    def _shifted(self, origin: Origin | None, block: Fence) -> Origin:
        span = origin.span.shifted(block.content.start) if origin else block.content
        return self._origin(span)


def _entries(text: str) -> Iterable[str]:
    """Entries of an inline list: commas inside brackets do not part them."""
    depth, start = 0, 0
    for offset, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            yield text[start:offset].strip()
            start = offset + 1
    yield text[start:].strip()
