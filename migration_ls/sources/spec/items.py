"""What a document says, place by place, before it is put together."""

from dataclasses import dataclass

from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.request import Change, Grade
from migration_ls.schema.tables import Constraint, Index
from migration_ls.sources.problem import Problem
from migration_ls.sources.spec.details import Details


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Where something is said, in which words, and how plainly."""

    origin: Origin
    evidence: str
    grade: Grade
    block: int = -1
    """The block of the document; sentences of one block speak of the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidTable:
    """A new table. `is_whole` says that its columns are listed with it; `key` are the columns of its primary key."""

    name: Name
    said: Said
    is_whole: bool = False
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidColumn:
    """A column, or more about one. `must` is None where the words do not say whether every row has a value."""

    table: Name
    name: str
    details: Details
    said: Said
    must: bool | None = None
    is_detail: bool = False
    """Only adds to a column that is asked for elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidConstraint:
    """A constraint of a table; its columns must be known in the end."""

    table: Name
    constraint: Constraint
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidIndex:
    """An index of a table; its columns must be known in the end."""

    table: Name
    index: Index
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidUnique:
    """Columns, by the words for them, whose values occur once; a table among them means the key that refers to it."""

    table: Name
    phrases: tuple[str, ...]
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidCheck:
    """A condition on columns, by the words for them, `{}` for each; no table means one that the block speaks of."""

    table: Name | None
    phrases: tuple[str, ...]
    check: str
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidFilter:
    """What rows are looked up by, in words."""

    table: Name
    phrases: tuple[str, ...]
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidTags:
    """Things of a table that carry several words each: an array, or two tables."""

    table: Name
    name: str
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidDefault:
    """A value that counts where none is chosen, with the words of the sentence, which may name table or column."""

    value: str
    words: frozenset[str]
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidChange:
    """Any other change, whole."""

    change: Change
    said: Said
    assumption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidProblem:
    """What is asked for too vaguely to be a request."""

    problem: Problem
    said: Said


Item = (
    SaidTable
    | SaidColumn
    | SaidConstraint
    | SaidIndex
    | SaidUnique
    | SaidCheck
    | SaidFilter
    | SaidTags
    | SaidDefault
    | SaidChange
    | SaidProblem
)
