"""Names for new constraints and indexes: the project's own habit, else ours."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from migration_ls.postgres.quoting import object_name
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Constraint, Exclusion, ForeignKey, Index, PrimaryKey, Table, Unique


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How one kind of object is named: `prefix_table_words`, or `table_words_suffix`."""

    prefix: str = ""
    suffix: str = ""

    def name(self, table: str, words: Iterable[str]) -> str:
        """The name of an object of the table."""
        return object_name(self.prefix, table, *words, self.suffix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """The habits of a project."""

    index: Habit = Habit(prefix="idx")
    check: Habit = Habit(prefix="chk")
    unique: Habit = Habit(prefix="uq")
    foreign_key: Habit = Habit(prefix="fk")

    def index_name(self, table: Name, index: Index) -> str:
        """A name for the index."""
        words = [part.text if not part.is_expression else "expr" for part in index.parts]
        return self.index.name(table.name, [_word(word) for word in words])

    def constraint_name(self, table: Name, constraint: Constraint) -> str:
        """A name for the constraint."""
        match constraint:
            case PrimaryKey():
                return object_name("", table.name, "pkey")
            case Unique():
                return self.unique.name(table.name, constraint.columns)
            case ForeignKey():
                return self.foreign_key.name(table.name, constraint.columns)
            case Check():
                return self.check.name(table.name, sorted(constraint.expression.columns))
            case Exclusion():
                return object_name("", table.name, "excl")


def naming_of(schema: Schema) -> Naming:
    """The habits that the names in the schema show; ours where it has too few names to tell."""
    tables = schema.tables.values()
    ours = Naming()
    return Naming(
        index=_habit(
            [(table, index.name, index.columns) for table in tables for index in table.indexes if not index.unique]
        )
        or ours.index,
        check=_habit(
            [(table, check.name, tuple(sorted(check.expression.columns))) for table in tables for check in table.checks]
        )
        or ours.check,
        unique=_habit([(table, unique.name, unique.columns) for table in tables for unique in table.uniques])
        or ours.unique,
        foreign_key=_habit([(table, key.name, key.columns) for table in tables for key in table.foreign_keys])
        or ours.foreign_key,
    )


def _habit(named: list[tuple[Table, str | None, tuple[str, ...]]]) -> Habit | None:
    """The commonest way in which the names are made of table and columns."""
    seen: Counter[Habit] = Counter()
    for table, name, columns in named:
        if name is None:
            continue
        core = table.name.name
        whole = "_".join([core, *columns])
        for middle in (whole, core):
            if name.endswith("_" + middle):
                seen[Habit(prefix=name[: -len(middle) - 1])] += 1
                break
            if name.startswith(whole + "_"):
                seen[Habit(suffix=name[len(whole) + 1 :])] += 1
                break
            if middle is core and name.partition("_" + core + "_")[1]:
                seen[Habit(prefix=name.partition("_" + core + "_")[0])] += 1
                break
    if not seen:
        return None
    best = max(seen.items(), key=lambda item: (item[1], item[0].prefix, item[0].suffix))[0]
    return best if "_" not in best.prefix and "_" not in best.suffix else None


def _word(text: str) -> str:
    return "".join(char if char.isalnum() or char == "_" else "_" for char in text).strip("_") or "expr"
