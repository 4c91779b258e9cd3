"""What people ask to change, with where they ask for it and how plainly they say so."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Enum
from migration_ls.schema.tables import Column, Constraint, Index, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTable:
    """A new table, whole: its columns, constraints and indexes are part of it."""

    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTable:
    """A table that shall go."""

    table: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTable:
    """A table that shall be called otherwise."""

    table: Name
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColumn:
    """A new column; its constraints and indexes are requests of their own.

    `values` are the values the column may take, where the words name them.
    """

    table: Name
    column: Column
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DropColumn:
    """A column that shall go."""

    table: Name
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameColumn:
    """A column that shall be called otherwise."""

    table: Name
    column: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceColumns:
    """Columns that others take the place of: one that is split, several that become one.

    `forward` gives each new column's value from the old ones, in the order of `into`; `backward` each old column's from
    the new ones, in the order of `columns`, None where the new ones do not tell it.
    """

    table: Name
    columns: tuple[str, ...]
    into: tuple[Column, ...]
    forward: tuple[Expression, ...]
    backward: tuple[Expression | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveColumns:
    """Columns whose values live on in another table, in the rows that refer to this one by a foreign key.

    `into` are the columns there, in the order of `columns`. `new` is the other table, whole, where the wish makes it:
    with a key of its own reference it has at most one row for each row here, with a key of reference and value several.
    """

    table: Name
    columns: tuple[str, ...]
    to: Name
    into: tuple[Column, ...]
    new: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeType:
    """A column that shall have another type.

    `using` gives the new value from the old one, an expression over the column, where no cast does or another is
    meant; `back` gives the old value from the new one, over the same name.
    """

    table: Name
    column: str
    type: ColumnType
    using: Expression | None = None
    back: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNullable:
    """A column that shall take nulls, or not any more; `fill` is the value for rows that have none."""

    table: Name
    column: str
    nullable: bool
    fill: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDefault:
    """A column that shall have another default; None means none."""

    table: Name
    column: str
    default: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddIndex:
    """A new index."""

    table: Name
    index: Index


@dataclass(frozen=True, slots=True, kw_only=True)
class DropIndex:
    """An index that shall go."""

    table: Name
    index: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddConstraint:
    """A new constraint."""

    table: Name
    constraint: Constraint


@dataclass(frozen=True, slots=True, kw_only=True)
class DropConstraint:
    """A constraint that shall go."""

    table: Name
    constraint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEnum:
    """A new enum type."""

    enum: Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEnumValue:
    """A new label of an enum type; after `after`, or at the end."""

    enum: Name
    value: str
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEnum:
    """An enum type that shall have just these labels, in this order: some go, or stand elsewhere than they did."""

    enum: Name
    values: tuple[str, ...]


Change = (
    AddTable
    | DropTable
    | RenameTable
    | AddColumn
    | DropColumn
    | RenameColumn
    | ReplaceColumns
    | MoveColumns
    | ChangeType
    | ChangeNullable
    | ChangeDefault
    | AddIndex
    | DropIndex
    | AddConstraint
    | DropConstraint
    | AddEnum
    | AddEnumValue
    | ChangeEnum
)
"""Everything that can be asked for."""


class Grade(StrEnum):
    """Whether a request is spelled out or read from prose."""

    DECLARED = "declared"
    IMPLIED = "implied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Another reading of the same words: its name, what a person would call it, and the changes it means."""

    option: str
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One wish. `evidence` are the words of the document it rests on; `origin` is where they stand.

    Where the words can mean several things, the requests of the default reading share a `group` and name their
    `option`; the first of them carries the other readings in `alternatives`. `assumption` is a sentence, without a
    full stop, for the document when the default reading or a default value was taken without asking.
    `explains` are further places that belong to the wish (a sentence that gives the default).
    """

    change: Change
    origin: Origin
    grade: Grade
    evidence: str
    purpose: str = ""
    """What it is for, a short phrase for documents and descriptions, from the document's words."""
    group: str | None = None
    option: str | None = None
    alternatives: tuple[Reading, ...] = ()
    assumption: str | None = None
    explains: tuple[Origin, ...] = field(default=(), compare=False)


def tables_of(requests: Iterable[Request]) -> frozenset[Name]:
    """The tables that requests speak of."""
    names: set[Name] = set()
    for request in requests:
        match request.change:
            case AddTable(table=table):
                names.add(table.name)
            case AddEnum() | AddEnumValue() | ChangeEnum():
                pass
            case MoveColumns(table=table_name, to=to):
                names |= {table_name, to}
            case change:
                names.add(change.table)
    return frozenset(names)
