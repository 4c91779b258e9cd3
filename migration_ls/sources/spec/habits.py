"""What a project does everywhere: its keys, time stamps, amounts of money, names of flags and tables."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column
from migration_ls.sources.spec.words import plural, singular

_TIMESTAMPS = ("timestamp with time zone", "timestamp without time zone")
_T = TypeVar("_T", bound=Hashable)


_TIMESTAMP = ColumnType(_TIMESTAMPS[0])
_MONEY = ColumnType("numeric", ("12", "2"))
_KEY = Column(name="id", type=ColumnType("integer"), nullable=False, autoincrement=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """The choices that the current schema shows; ours where it shows none."""

    timestamp: ColumnType = _TIMESTAMP
    money: ColumnType = _MONEY
    key: Column = _KEY
    flag_prefix: str = ""
    plural_tables: bool = True
    namespace: str = "public"

    def table_name(self, words: tuple[str, ...]) -> Name:
        """The name of a new table for a thing called so."""
        if not words:
            return Name("", self.namespace)
        last = singular(words[-1])
        return Name("_".join((*words[:-1], plural(last) if self.plural_tables else last)), self.namespace)


def habits_of(schema: Schema) -> Habits:
    """The habits of a project, as its tables show them."""
    ours = Habits()
    columns = [column for table in schema.tables.values() if not table.external for column in table.columns]
    keys = [
        column
        for table in schema.tables.values()
        if table.primary_key and table.primary_key.columns == ("id",) and (column := table.column("id"))
    ]
    key = _commonest((item.type, item.autoincrement, item.identity, item.default) for item in keys)
    sample = next((item for item in keys if (item.type, item.autoincrement, item.identity, item.default) == key), None)
    flags = [column.name for column in columns if column.type.name == "boolean"]
    prefixed = sum(name.startswith("is_") for name in flags)
    names = [name.name for name in schema.tables]
    plurals = sum(singular(name.rpartition("_")[2]) != name.rpartition("_")[2] for name in names)
    return Habits(
        timestamp=_commonest(item.type for item in columns if item.type.name in _TIMESTAMPS and not item.type.is_array)
        or ours.timestamp,
        money=_commonest(item.type for item in columns if is_money(item.type)) or ours.money,
        key=Column(
            name="id",
            type=sample.type,
            nullable=False,
            autoincrement=sample.autoincrement,
            identity=sample.identity,
            default=sample.default,
        )
        if sample and sample.has_default
        else ours.key,
        flag_prefix="is_" if flags and prefixed * 2 > len(flags) else "",
        plural_tables=plurals * 2 >= len(names),
        namespace=_commonest(name.namespace for name in schema.tables) or ours.namespace,
    )


def is_money(type_: ColumnType) -> bool:
    """Whether the type is one that amounts of money have: two places, and room for more than a few thousand."""
    whole, *places = type_.modifiers or ("0",)
    return type_.name == "numeric" and places == ["2"] and whole.isdigit() and int(whole) >= _MONEY_DIGITS


_MONEY_DIGITS = 8


def _commonest(items: Iterable[_T]) -> _T | None:
    counted = Counter(items)
    return counted.most_common(1)[0][0] if counted else None
