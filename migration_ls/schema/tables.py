"""Tables and what stands in them. Frozen: every change makes a new value and shares the rest.

Provenance (`origin`) and what PostgreSQL does not know (`python_default`) take no part in equality.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeVar

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.changed import changed
from migration_ls.schema.expression import Expression, mentions
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonDefault:
    """A default that only the application knows: a value, a callable's name or an SQL expression it sends."""

    kind: Literal["value", "callable", "sql"]
    text: str
    """`medium`, `datetime.utcnow`, `list`; a value as its SQL literal's content."""
    applied_by: Literal["column", "model"] = "column"
    """Who fills it in: the column, for every INSERT of the application's, or the model's constructor alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column. `nullable` is None where a document does not say; `autoincrement` means SERIAL."""

    name: str
    type: ColumnType
    nullable: bool | None = True
    default: Expression | None = None
    autoincrement: bool = False
    identity: Literal["always", "by default"] | None = None
    generated: Expression | None = None
    virtual: bool = False
    """A generated column that is computed when it is read (18 and later)."""
    collation: str | None = None
    comment: str | None = field(default=None, compare=False)
    python_default: PythonDefault | None = field(default=None, compare=False)
    origin: Origin | None = field(default=None, compare=False)
    sequence: Name | None = field(default=None, compare=False)
    """The sequence that SERIAL or an identity made for it; None where that is not known, or there is none."""
    renamed_from: str | None = field(default=None, compare=False)
    """The name it had, where its source says so."""
    inherited: bool = field(default=False, compare=False)
    """Brought by a table above alone, and gone with it there."""
    places: tuple[tuple[str, Origin], ...] = field(default=(), compare=False)
    """Finer places, by what they say: `name`, `type`, `nullable`, `default`, `length`."""

    @property
    def has_default(self) -> bool:
        """Whether an INSERT that leaves the column out gets a value from the server."""
        return bool(
            (self.default is not None and not self.default.is_null)
            or self.autoincrement
            or self.identity
            or self.generated
        )

    def place(self, part: str) -> Origin | None:
        """Where `part` of the column is said, else where the column is."""
        return next((origin for name, origin in self.places if name == part), self.origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryKey:
    """The primary key."""

    name: str | None
    columns: tuple[str, ...]
    include: tuple[str, ...] = ()
    deferrable: bool = False
    deferred: bool = False
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique:
    """A unique constraint."""

    name: str | None
    columns: tuple[str, ...]
    nulls_not_distinct: bool = False
    include: tuple[str, ...] = ()
    deferrable: bool = False
    deferred: bool = False
    """INITIALLY DEFERRED."""
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check constraint; not `validated` means added NOT VALID and not proven since."""

    name: str | None
    expression: Expression
    validated: bool = True
    no_inherit: bool = field(default=False, compare=False)
    origin: Origin | None = field(default=None, compare=False)


FkAction = Literal["NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A foreign key; empty `ref_columns` mean the other table's primary key."""

    name: str | None
    columns: tuple[str, ...]
    ref_table: Name
    ref_columns: tuple[str, ...]
    on_delete: FkAction = "NO ACTION"
    on_update: FkAction = "NO ACTION"
    deferrable: bool = False
    validated: bool = True
    deferred: bool = False
    """INITIALLY DEFERRED."""
    full: bool = False
    """MATCH FULL: either all of its columns are null, or none."""
    emptied: tuple[str, ...] = ()
    """The columns that ON DELETE SET NULL or SET DEFAULT names; none mean all of them."""
    origin: Origin | None = field(default=None, compare=False)

    def referred(self, other: "Table | None") -> tuple[str, ...]:
        """The columns it refers to, `other` being the table they are in; empty where that has no primary key."""
        return self.ref_columns or (other.primary_key.columns if other and other.primary_key else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """An exclusion constraint, its definition as SQL."""

    name: str | None
    definition: str
    origin: Origin | None = field(default=None, compare=False)


Constraint = PrimaryKey | Unique | Check | ForeignKey | Exclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPart:
    """A column or an expression of an index, with its order.

    `text` is a column's name or an expression's canonical spelling.
    """

    text: str
    is_expression: bool = False
    descending: bool = False
    nulls: Literal["first", "last"] | None = None
    """Only where it is not the default of the direction."""
    opclass: str | None = None
    collation: str | None = None
    expression: Expression | None = field(default=None, compare=False)
    """What it computes, where it is no plain column."""

    def __str__(self) -> str:
        """As `samples` write it: `created_at DESC NULLS LAST`."""
        words = [self.text]
        words += ["DESC"] if self.descending else []
        words += [f"NULLS {self.nulls.upper()}"] if self.nulls else []
        return " ".join(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index that is no constraint's; not `valid` means a concurrent build failed."""

    name: str | None
    parts: tuple[IndexPart, ...]
    unique: bool = False
    using: str = "btree"
    where: Expression | None = None
    include: tuple[str, ...] = ()
    nulls_not_distinct: bool = False
    valid: bool = field(default=True, compare=False)
    attached: bool = field(default=False, compare=False)
    """Of a partition: part of the index of its parent."""
    origin: Origin | None = field(default=None, compare=False)

    def uses(self, column: str) -> bool:
        """Whether the column stands in a part, beside the parts, or in the condition."""
        return (
            column in self.columns
            or column in self.include
            or (self.where is not None and column in self.where.columns)
            or any(part.is_expression and mentions(part.text, column) for part in self.parts)
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """The plain columns among its parts."""
        return tuple(part.text for part in self.parts if not part.is_expression)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependent:
    """What stands at a table besides constraints and indexes, and the columns it cannot do without."""

    kind: Literal["policy", "trigger", "rule"]
    name: str
    columns: frozenset[str] = frozenset()

    def is_same(self, other: "Dependent") -> bool:
        """Whether the other is meant, whatever its columns."""
        return (self.kind, self.name) == (other.kind, other.name)


def index_of(constraint: Unique | PrimaryKey, name: str | None) -> Index:
    """The unique index that the constraint rests on, or can be made from, under that name."""
    return Index(
        name=name,
        parts=tuple(IndexPart(text=column) for column in constraint.columns),
        unique=True,
        include=constraint.include,
        nulls_not_distinct=isinstance(constraint, Unique) and constraint.nulls_not_distinct,
    )


class RelationKind(StrEnum):
    """What a relation is."""

    TABLE = "table"
    PARTITIONED = "partitioned table"
    VIEW = "view"
    MATERIALIZED_VIEW = "materialized view"
    FOREIGN = "foreign table"
    SEQUENCE = "sequence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table, or a materialized view with its indexes."""

    name: Name
    columns: tuple[Column, ...] = ()
    primary_key: PrimaryKey | None = None
    uniques: tuple[Unique, ...] = ()
    checks: tuple[Check, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    indexes: tuple[Index, ...] = ()
    kind: RelationKind = RelationKind.TABLE
    partition_key: str | None = None
    partition_of: Name | None = None
    is_default_partition: bool = False
    bound: str | None = field(default=None, compare=False)
    """Of a partition: `FOR VALUES ...`, or `DEFAULT`."""
    inherits: tuple[Name, ...] = ()
    unlogged: bool = False
    of_type: Name | None = field(default=None, compare=False)
    """Of a typed table: the composite type whose attributes are its columns."""
    dependents: tuple[Dependent, ...] = field(default=(), compare=False)
    unpopulated: bool = field(default=False, compare=False)
    """A materialized view WITH NO DATA."""
    external: bool = field(default=False, compare=False)
    """Managed elsewhere: referenced, never changed."""
    assumed: bool = field(default=False, compare=False)
    """Not made by the migrations, but said to exist by another source."""
    comment: str | None = field(default=None, compare=False)
    origin: Origin | None = field(default=None, compare=False)
    class_name: str | None = field(default=None, compare=False)
    """The class that defines it in Python."""
    renamed_from: str | None = field(default=None, compare=False)
    """The name it had, where its source says so."""

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        return None

    @property
    def owned_sequences(self) -> tuple[Name, ...]:
        """The sequences that SERIAL types and identities made for its columns."""
        return tuple(column.sequence for column in self.columns if column.sequence is not None)

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """All constraints, the primary key first."""
        key: tuple[Constraint, ...] = (self.primary_key,) if self.primary_key else ()
        return (*key, *self.uniques, *self.checks, *self.foreign_keys, *self.exclusions)

    def constraint(self, name: str) -> Constraint | None:
        """The constraint of that name."""
        return next((constraint for constraint in self.constraints if constraint.name == name), None)

    def index(self, name: str) -> Index | None:
        """The index of that name."""
        return next((index for index in self.indexes if index.name == name), None)

    def with_column(self, column: Column) -> "Table":
        """With the column changed in its place, or added at the end."""
        if self.column(column.name) is None:
            return changed(self, columns=(*self.columns, column))
        return changed(self, columns=tuple(column if old.name == column.name else old for old in self.columns))

    def with_constraint(self, constraint: Constraint) -> "Table":
        """With the constraint added, or changed when one of that kind and name exists."""
        match constraint:
            case PrimaryKey():
                return changed(self, primary_key=constraint)
            case Unique():
                return changed(self, uniques=_put(self.uniques, constraint))
            case Check():
                return changed(self, checks=_put(self.checks, constraint))
            case ForeignKey():
                return changed(self, foreign_keys=_put(self.foreign_keys, constraint))
            case Exclusion():
                return changed(self, exclusions=_put(self.exclusions, constraint))

    def without_constraint(self, name: str) -> "Table":
        """Without the constraint of that name."""
        return changed(
            self,
            primary_key=None if self.primary_key and self.primary_key.name == name else self.primary_key,
            uniques=tuple(item for item in self.uniques if item.name != name),
            checks=tuple(item for item in self.checks if item.name != name),
            foreign_keys=tuple(item for item in self.foreign_keys if item.name != name),
            exclusions=tuple(item for item in self.exclusions if item.name != name),
        )

    def needing(self, column: str) -> tuple[Dependent, ...]:
        """The policies and triggers that cannot do without the column."""
        return tuple(item for item in self.dependents if column in item.columns)

    def generated_from(self, columns: Collection[str]) -> tuple[Column, ...]:
        """The generated columns that are computed from any of these."""
        return tuple(item for item in self.columns if item.generated and not item.generated.columns.isdisjoint(columns))

    def with_index(self, index: Index) -> "Table":
        """With the index added, or changed when one of that name exists."""
        return changed(self, indexes=_put(self.indexes, index))


_Named = TypeVar("_Named", Unique, Check, ForeignKey, Exclusion, Index)


def _put(items: tuple[_Named, ...], new: _Named) -> tuple[_Named, ...]:
    if new.name is not None and any(item.name == new.name for item in items):
        return tuple([new if item.name == new.name else item for item in items])
    return items + (new,)  # noqa: RUF005 - mypy cannot follow a starred tuple of a constrained variable
