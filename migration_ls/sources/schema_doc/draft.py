"""A table while documents are read: every form in which it stands adds to it."""

from dataclasses import dataclass, field, replace
from typing import Literal

from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.tables import Check, Column, ForeignKey, Index, PrimaryKey, Unique
from migration_ls.sources.schema_doc.entries import Entry

Form = Literal["sql", "rows", "bullets", "python", "diagram"]
_AUTHORITY: tuple[Form, ...] = ("sql", "rows", "bullets", "python", "diagram")
"""Where a document states a table several times: the most formal statement is read, the others repeat it."""

STATED_IN_SQL, STATED, STATED_IN_PYTHON, TITLE = range(4)
"""How sure a table's name is: made by SQL, spelled as tables are, after a class, after a heading of words."""


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
    entries: dict[str, tuple[Entry, Origin]] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)
    primary_key: PrimaryKey | None = None
    uniques: list[Unique] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    comments: dict[str, str] = field(default_factory=dict)

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
        for name, (entry, _) in self.entries.items():
            if entry.said.comment:
                self.comments.setdefault(name, entry.said.comment)
        self.entries.clear()
        self.columns.clear()
        self.primary_key = None
        for constraints in (self.uniques, self.checks, self.foreign_keys):
            constraints.clear()

    def add_entry(self, entry: Entry, origin: Origin) -> None:
        """A column in words; the first statement of a column counts."""
        self.entries.setdefault(entry.name, (entry, origin))

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
