"""What lists and sentences tell of tables: indexes, constraints, references."""

from collections.abc import Iterator
from dataclasses import dataclass

from migration_ls.schema.tables import Constraint, FkAction, ForeignKey, Index
from migration_ls.sources.schema_doc.facts import ToldDeletion, ToldFact


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldIndex:
    """An index; an empty `table` means the one the list stands under, or the only one with such columns."""

    index: Index
    table: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldName:
    """An index of which nothing but the name is told."""

    name: str
    unique: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldConstraint:
    """A constraint that is no foreign key; a condition `guessed` from a piece of code counts if its columns exist."""

    constraint: Constraint
    table: str = ""
    guessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldReference:
    """A foreign key, its other side as written."""

    columns: tuple[str, ...]
    target: str
    ref_columns: tuple[str, ...] = ()
    on_delete: FkAction | None = None
    table: str = ""
    name: str | None = None


Told = ToldIndex | ToldName | ToldConstraint | ToldReference | ToldFact | ToldDeletion


def constraint_told(constraint: Constraint, table: str = "") -> Iterator[Told]:
    """A constraint that was read from SQL, as an entry tells it."""
    if isinstance(constraint, ForeignKey):
        yield ToldReference(
            columns=constraint.columns,
            target=str(constraint.ref_table),
            ref_columns=constraint.ref_columns,
            on_delete=constraint.on_delete,
            table=table,
            name=constraint.name,
        )
    else:
        yield ToldConstraint(constraint=constraint, table=table)
