"""A table while documents are read: every form in which it stands adds to it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.tables import Check, Column, ForeignKey, Index, PrimaryKey, Unique
from migration_ls.sources.schema_doc.entries import Entry
from migration_ls.sources.schema_doc.outline import Outline, Place
from migration_ls.text.span import Span

Form = Literal["sql", "notation", "rows", "bullets", "python", "diagram"]
_AUTHORITY: tuple[Form, ...] = ("sql", "notation", "rows", "bullets", "python", "diagram")
"""Where a document states a table several times: the most formal statement is read, the others repeat it."""

STATED_IN_SQL, STATED, STATED_IN_PYTHON, TITLE = range(4)
"""How sure a table's name is: made by SQL, spelled as tables are, after a class, after a heading of words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A column as a statement of the table says it that does not count; None and empty where it says nothing."""

    form: Form
    name: str
    type: ColumnType | None
    nullable: bool | None
    default: str
    origin: Origin
    place: Span


def mention_of(form: Form, entry: Entry, origin: Origin) -> Mention:
    """The mention that an entry is; loose types and enums say too little to differ from others."""
    said = entry.said
    read = said.type
    is_exact = read is not None and not read.loose and not read.native_enum and not said.length
    return Mention(
        form=form,
        name=entry.name,
        type=read.type if read is not None and is_exact else None,
        nullable=False if said.primary_key else said.nullable,
        default=said.default or "",
        origin=origin,
        place=entry.span,
    )


@dataclass(slots=True)
class Draft:
    """What documents say of one table so far; `form` is the one its columns come from."""

    name: Name
    sure: int
    origin: Origin
    weak: bool = False
    """Named by words that are often about something else; a table when it has a primary key."""
    dropped: bool = False
    """Found to be no table after all."""
    class_name: str | None = None
    external: bool = False
    form: Form | None = None
    outline: tuple[Outline, str, int, int] | None = None
    """The section that states all of it, with its path, start and line, while nothing else was said of its columns."""
    _entries: dict[str, tuple[Entry, Origin]] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)
    primary_key: PrimaryKey | None = None
    uniques: list[Unique] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    comments: dict[str, str] = field(default_factory=dict)
    mentions: list[Mention] = field(default_factory=list)
    """The columns as other statements of the table say them."""

    @property
    def entries(self) -> dict[str, tuple[Entry, Origin]]:
        """The columns in words. Who looks at them may change them, so an outline is given up for them."""
        if self.outline is not None:
            outline, path, start, line = self.outline
            place = Place(path, start, line)
            self.outline = None
            self._entries.update(
                {entry.name: (entry.moved(start), place.origin(origin)) for entry, origin in outline.entries}
            )
        return self._entries

    @property
    def is_stated(self) -> bool:
        """Whether anything says its columns."""
        return self.outline is not None or bool(self._entries or self.columns)

    @property
    def declared(self) -> tuple[str, ...]:
        """The columns that words declare."""
        if self.outline is not None:
            return tuple(column.name for column in self.outline[0].table.columns)
        return tuple(self._entries)

    def takes_outline(self, outline: Outline, path: str, start: int, line: int) -> bool:
        """Takes all its columns from a section; not where something was said of it already."""
        if self.form is not None or self.is_stated:
            return False
        self.form = outline.form
        self.outline = (outline, path, start, line)
        return True

    def takes(self, form: Form) -> bool:
        """Whether columns of that form count, before those of another; a more formal one takes the place of others."""
        if self.form in {None, form}:
            self.form = form
            return True
        if self.form is not None and _AUTHORITY.index(form) < _AUTHORITY.index(self.form):
            self._forget()
            self.form = form
            return True
        return False

    def _forget(self) -> None:
        for entry, origin in self.entries.values():
            self.add_comment(entry)
            if self.form is not None:
                self.mentions.append(mention_of(self.form, entry, origin))
        self.mention_columns(self.columns.values())
        self.entries.clear()
        self.columns.clear()
        self.primary_key = None
        for constraints in (self.uniques, self.checks, self.foreign_keys):
            constraints.clear()

    def add_entry(self, entry: Entry, origin: Origin) -> None:
        """A column in words; the first statement of a column counts."""
        self.entries.setdefault(entry.name, (entry, origin))

    def mention_columns(self, columns: Iterable[Column]) -> None:
        """Columns of a class that does not count."""
        for column in columns:
            if column.origin is not None:
                place = column.place("name") or column.origin
                self.mentions.append(
                    Mention(
                        form="python",
                        name=column.name,
                        type=column.type,
                        nullable=column.nullable,
                        default="",
                        origin=column.origin,
                        place=place.span,
                    )
                )

    def add_comment(self, entry: Entry) -> None:
        """The description of a column that a more formal statement has already."""
        if entry.said.comment:
            self.comments.setdefault(entry.name, entry.said.comment)

    def add_index(self, index: Index) -> None:
        """An index, unless the same is there already, or a key or a unique constraint makes it."""
        columns = index.columns if all(not part.is_expression for part in index.parts) else ()
        plain = index.where is None and index.using == "btree"
        if plain and columns and self.primary_key and columns == self.primary_key.columns:
            return
        if plain and columns and any(item.columns == columns for item in self.uniques):
            return
        for position, known in enumerate(self.indexes):
            if known.parts == index.parts and (known.where == index.where):
                self.indexes[position] = replace(
                    known,
                    name=known.name or index.name,
                    unique=known.unique or index.unique,
                    using=index.using if known.using == "btree" else known.using,
                )
                return
        self.indexes.append(index)

    def add_unique(self, unique: Unique) -> None:
        """A unique constraint, unless the table has it already."""
        for position, known in enumerate(self.uniques):
            if set(known.columns) == set(unique.columns):
                self.uniques[position] = replace(known, name=known.name or unique.name)
                return
        if any(index.unique and index.where is None and index.columns == unique.columns for index in self.indexes):
            return
        if self.primary_key is None or self.primary_key.columns != unique.columns:
            self.uniques.append(unique)

    def add_check(self, check: Check) -> None:
        """A check, unless the table has the same condition already."""
        if all(known.expression != check.expression for known in self.checks):
            self.checks.append(check)

    def add_foreign_key(self, key: ForeignKey) -> None:
        """A foreign key; for the same columns the first one counts, completed by what it leaves open."""
        for position, known in enumerate(self.foreign_keys):
            if known.columns == key.columns:
                action = key.on_delete if known.on_delete == "NO ACTION" else known.on_delete
                self.foreign_keys[position] = replace(known, on_delete=action, name=known.name or key.name)
                return
        self.foreign_keys.append(key)
