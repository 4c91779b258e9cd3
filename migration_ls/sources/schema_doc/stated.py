"""Tables that a document states in SQL or Python."""

from collections.abc import Callable
from dataclasses import replace

from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_type import SetType
from migration_ls.schema.names import name_from_text
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Enum, schema_of
from migration_ls.schema.tables import Column, Index, Table
from migration_ls.sources.markdown.blocks import Fence
from migration_ls.sources.problem import Problem
from migration_ls.sources.schema_doc.draft import STATED, STATED_IN_PYTHON, STATED_IN_SQL, Draft, mention_of
from migration_ls.sources.schema_doc.entries import places_of
from migration_ls.sources.schema_doc.fences import Added, MadeTable, read_sql_fence
from migration_ls.sources.schema_doc.notations.values import Noted
from migration_ls.sources.schema_doc.registry import Candidate, Registry
from migration_ls.sources.schema_doc.told import ToldIndex, constraint_told
from migration_ls.sources.schema_doc.topics import Topic
from migration_ls.text.span import Span


class Stated:
    """Takes what fences state into the registry; `python` are the document's classes, read beforehand."""

    def __init__(self, registry: Registry, origin: Callable[[Span], Origin]) -> None:
        self._registry = registry
        self._origin = origin
        self.python: tuple[Table, ...] = ()
        self.enums: list[Enum] = []
        self.found = False

    def sql(self, block: Fence) -> tuple[Draft, ...]:
        """The tables that a fence of SQL makes."""
        made: list[Draft] = []
        for item in read_sql_fence(block.text, block.content.start):
            match item:
                case MadeTable():
                    made.append(self._made(item))
                case Added():
                    self._added(item)
        return tuple(made)

    def _made(self, made: MadeTable) -> Draft:
        topic = Topic(kind="table", name=str(made.name), marked=True)
        candidate = Candidate(name=made.name, sure=STATED_IN_SQL, origin=self._origin(made.span), topic=topic)
        draft = self._registry.draft(candidate)
        self.found = True
        if not draft.takes("sql") or draft.columns or draft.entries:
            draft.mentions += [mention_of("sql", entry, self._origin(entry.span)) for entry in made.entries]
            return draft
        if made.table is not None:
            self._take(draft, made.table, made)
            return draft
        self._registry.notes.add(f"`CREATE TABLE {made.name}` is no PostgreSQL and is read as if it were")
        self._registry.problems.append((candidate.origin.path, _refused(made)))
        draft.comments.update(made.comments)
        for entry in made.entries:
            draft.add_entry(entry, self._origin(entry.span))
        self._registry.told += [(told, self._origin(span), candidate) for told, span in made.told]
        return draft

    def _take(self, draft: Draft, table: Table, made: MadeTable) -> None:
        """A table as PostgreSQL reads it, with places."""
        whole = self._origin(made.span)
        entries = {entry.name: entry for entry in made.entries} | {entry.name.lower(): entry for entry in made.entries}
        for column in table.columns:
            entry = entries.get(column.name)
            comment = column.comment or made.comments.get(entry.name if entry else column.name)
            origin = self._origin(entry.span) if entry else whole
            places = places_of(entry, origin) if entry else ()
            draft.columns[column.name] = replace(column, origin=origin, places=places, comment=comment)
        _take_constraints(draft, table, whole)

    def _added(self, added: Added) -> None:
        origin = self._origin(added.span)
        draft = self._registry.exact(added.table) if added.table else None
        match added.what:
            case Enum() as enum:
                if all(known.name != enum.name for known in self.enums):
                    self.enums.append(replace(enum, origin=origin))
            case Index() as index:
                self._registry.told.append((ToldIndex(index=index, table=str(added.table)), origin, None))
            case Column() as column:
                if draft is not None and draft.form == "sql":
                    draft.columns.setdefault(column.name, replace(column, origin=origin))
            case SetDefault() | SetNotNull() | SetIdentity() | SetType() as altered:
                if draft is not None and draft.form == "sql" and altered.column in draft.columns:
                    draft.columns[altered.column] = _altered(draft.columns[altered.column], altered)
            case (column_name, comment):
                if draft is not None:
                    draft.comments[column_name] = comment
            case constraint:
                told = constraint_told(constraint, table=str(added.table))
                self._registry.told += [(item, origin, None) for item in told]

    def noted(self, noted: Noted) -> tuple[Draft, ...]:
        """The tables that a fence in a language for schemas states."""
        made: list[Draft] = []
        for enum, span in noted.enums:
            if all(known.name != enum.name for known in self.enums):
                self.enums.append(replace(enum, origin=self._origin(span)))
        for table in noted.tables:
            topic = Topic(kind="table", name=table.name, class_name=table.class_name, marked=True)
            name = name_from_text(table.name)
            candidate = Candidate(name=name, sure=STATED_IN_SQL, origin=self._origin(table.span), topic=topic)
            draft = self._registry.draft(candidate)
            self.found = True
            made.append(draft)
            if draft.takes("notation"):
                for entry in table.entries:
                    draft.add_entry(entry, self._origin(entry.span))
                self._registry.told += [(told, self._origin(span), candidate) for told, span in table.told]
            else:
                draft.mentions += [mention_of("notation", entry, self._origin(entry.span)) for entry in table.entries]
        self._registry.told += [(told, self._origin(span), None) for told, span in noted.told]
        return tuple(made)

    def classes(self, block: Fence) -> tuple[Draft, ...]:
        """The tables that the classes in a fence define."""
        made: list[Draft] = []
        for table in self.python:
            if table.origin is None or not block.content.covers(table.origin.span):
                continue
            derived = table.name.name == (table.class_name or "").lower()
            candidate = Candidate(
                name=table.name,
                sure=STATED_IN_PYTHON if derived else STATED,
                origin=table.origin,
                topic=Topic(kind="table", name=str(table.name), class_name=table.class_name),
            )
            draft = self._registry.draft(candidate)
            self.found = True
            made.append(draft)
            if not draft.takes("python"):
                draft.mention_columns(table.columns)
            elif not draft.columns:
                draft.columns.update({column.name: column for column in table.columns})
                _take_constraints(draft, table, table.origin)
        return tuple(made)


def _refused(made: MadeTable) -> Problem:
    return Problem(
        code="schema-doc-foreign-sql",
        message=f"PostgreSQL refuses this `CREATE TABLE {made.name}`, so its columns are read one by one",
        help="Write the statement as PostgreSQL takes it",
        span=made.span,
        serious=False,
    )


def _altered(column: Column, operation: SetDefault | SetNotNull | SetIdentity | SetType) -> Column:
    """The column after the statement; a default that takes the next number of a sequence makes it count."""
    alone = schema_of((Table(name=operation.table, columns=(column,)),), ())
    found = operation.apply(alone).tables[operation.table].column(column.name) or column
    if found.default is not None and found.default.functions == frozenset({"nextval"}):
        return replace(found, default=None, autoincrement=True)
    return found


def _take_constraints(draft: Draft, table: Table, origin: Origin) -> None:
    key = table.primary_key
    draft.primary_key = replace(key, origin=key.origin or origin) if key else None
    draft.uniques += [replace(item, origin=item.origin or origin) for item in table.uniques]
    draft.checks += [replace(item, origin=item.origin or origin) for item in table.checks]
    draft.foreign_keys += [replace(item, origin=item.origin or origin) for item in table.foreign_keys]
    for index in table.indexes:
        draft.add_index(replace(index, origin=index.origin or origin))
