"""What a line of changes is about: columns of a table."""

import re
from dataclasses import dataclass

from migration_ls.schema.names import Name
from migration_ls.schema.tables import Index, IndexPart, Unique
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.items import Item, Said, SaidConstraint, SaidIndex

ID = r"[^\W\d]\w*"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a line is about: columns of a table, one or a list in brackets."""

    table: Name
    columns: tuple[str, ...]
    is_list: bool = False


def subject_of(what: str, context: Context) -> Subject | None:
    """What the words name: a column of the table at hand, one with its table, or a list of columns; None for others."""
    words = what.replace("`", "").strip()
    listed = re.fullmatch(rf"(?P<table>{ID}(?:\.{ID})?)?\s*\((?P<columns>[\w\s,]+)\)", words)
    if listed:
        table = context.tables.find(listed["table"]) if listed["table"] else context.subject
        columns = tuple(re.findall(r"\w+", listed["columns"]))
        return Subject(table, columns, is_list=True) if table and columns else None
    if not re.fullmatch(rf"{ID}(?:\.{ID}){{0,2}}", words):
        return None
    owner, dot, column = words.rpartition(".")
    table = context.tables.find(owner) if dot else context.subject
    return Subject(table, (column,)) if table else None


def keyed(subject: Subject, said: Said, *, unique: bool, using: str = "btree") -> Item:
    """A unique constraint or an index over the columns."""
    if unique:
        return SaidConstraint(table=subject.table, constraint=Unique(name=None, columns=subject.columns), said=said)
    parts = tuple(IndexPart(text=column) for column in subject.columns)
    return SaidIndex(table=subject.table, index=Index(name=None, parts=parts, using=using), said=said)
