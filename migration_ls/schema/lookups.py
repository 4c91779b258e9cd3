"""The tables of a schema with what leads to them: index names, foreign keys, partitions."""

from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from dataclasses import dataclass
from typing import TypeVar, overload

from migration_ls.schema.maps import SharedMap, SharedSet
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Table

D = TypeVar("D")
_Key = str | Name
_Users = SharedMap[_Key, SharedSet[Name]]


@dataclass(frozen=True, slots=True)
class _Lookups:
    """For each index name, constraint's index name, referenced table, parent and owned sequence who has it."""

    indexes: _Users
    keys: _Users
    references: _Users
    parents: _Users
    sequences: _Users

    def after(self, old: Table | None, new: Table | None, name: Name) -> "_Lookups":
        """With one table changed, added (no `old`) or gone (no `new`)."""
        if old is not None and new is not None and _same(old, new):
            return self
        return _Lookups(
            _moved(self.indexes, name, _index_names(old), _index_names(new)),
            _moved(self.keys, name, _key_names(old), _key_names(new)),
            _moved(self.references, name, _references(old), _references(new)),
            _moved(self.parents, name, _parents(old), _parents(new)),
            _moved(self.sequences, name, _sequences(old), _sequences(new)),
        )


class Tables(Mapping[Name, Table]):
    """Tables by name, in the order they came. The lookups are made when first asked for, and kept up from then on."""

    __slots__ = ("_lookups", "_tables")

    def __init__(self, tables: Mapping[Name, Table] | Iterable[tuple[Name, Table]] = ()) -> None:
        self._tables: SharedMap[Name, Table] = SharedMap(tables)
        self._lookups: _Lookups | None = None

    def __getitem__(self, key: Name) -> Table:
        return self._tables[key]

    @overload
    def get(self, key: Name) -> Table | None: ...

    @overload
    def get(self, key: Name, default: Table | D) -> Table | D: ...

    def get(self, key: Name, default: object = None) -> object:
        """The table of that name, without an exception on the way."""
        return self._tables.get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self._tables

    def __len__(self) -> int:
        return len(self._tables)

    def __iter__(self) -> Iterator[Name]:
        return iter(self._tables)

    def items(self) -> ItemsView[Name, Table]:
        """Names and tables, in order."""
        return self._tables.items()

    def values(self) -> ValuesView[Table]:
        """The tables, in order."""
        return self._tables.values()

    def __hash__(self) -> int:
        return hash(self._tables)

    def __eq__(self, other: object) -> bool:
        return self is other or self._tables == (other._tables if isinstance(other, Tables) else other)

    def __repr__(self) -> str:
        return f"Tables({dict(self.items())!r})"

    def with_table(self, table: Table) -> "Tables":
        """With the table added or changed."""
        old = self._tables.get(table.name)
        if old is table:
            return self
        lookups = self._lookups and self._lookups.after(old, table, table.name)
        return self._of(self._tables.with_item(table.name, table), lookups)

    def without(self, name: Name) -> "Tables":
        """Without the table of that name."""
        old = self._tables.get(name)
        if old is None:
            return self
        lookups = self._lookups and self._lookups.after(old, None, name)
        return self._of(self._tables.without(name), lookups)

    def differences(self, other: "Tables") -> Iterator[tuple[tuple[int, Table] | None, tuple[int, Table] | None]]:
        """What stands at each name where the two may differ: its place in the order, and the table."""
        return self._tables.differences(other._tables)  # noqa: SLF001 - of the same class

    def with_index(self, name: str) -> tuple[Table, ...]:
        """The tables with an index of that name, in order."""
        return self._ordered(self._asked().indexes.get(name))

    def with_key(self, name: str) -> tuple[Table, ...]:
        """The tables with a key, unique or exclusion constraint of that name, in order."""
        return self._ordered(self._asked().keys.get(name))

    def referencing(self, name: Name) -> tuple[Table, ...]:
        """The tables with a foreign key to the table, in order."""
        return self._ordered(self._asked().references.get(name))

    def children(self, name: Name) -> tuple[Table, ...]:
        """The direct partitions of the table and the tables that inherit from it, in order."""
        return self._ordered(self._asked().parents.get(name))

    def with_sequence(self, name: Name) -> Table | None:
        """The table with a column that owns the sequence."""
        return next(iter(self._ordered(self._asked().sequences.get(name))), None)

    @staticmethod
    def _of(tables: SharedMap[Name, Table], lookups: _Lookups | None) -> "Tables":
        made = Tables.__new__(Tables)
        made._tables, made._lookups = tables, lookups  # noqa: SLF001 - of the same class
        return made

    def _ordered(self, names: SharedSet[Name] | None) -> tuple[Table, ...]:
        if not names:
            return ()
        return tuple(self._tables[name] for name in sorted(names, key=self._tables.place))

    def _asked(self) -> _Lookups:
        if self._lookups is None:
            self._lookups = _Lookups(
                _users((name, item) for name, table in self.items() for item in _index_names(table)),
                _users((name, item) for name, table in self.items() for item in _key_names(table)),
                _users((name, item) for name, table in self.items() for item in _references(table)),
                _users((name, item) for name, table in self.items() for item in _parents(table)),
                _users((name, item) for name, table in self.items() for item in _sequences(table)),
            )
        return self._lookups


def _same(old: Table, new: Table) -> bool:
    return (
        old.indexes is new.indexes
        and old.primary_key is new.primary_key
        and old.uniques is new.uniques
        and old.exclusions is new.exclusions
        and old.foreign_keys is new.foreign_keys
        and old.columns is new.columns
        and old.partition_of == new.partition_of
        and old.inherits == new.inherits
    )


def _index_names(table: Table | None) -> frozenset[_Key]:
    return frozenset(index.name for index in table.indexes if index.name) if table else frozenset()


def _key_names(table: Table | None) -> frozenset[_Key]:
    """The names under which constraints have their indexes."""
    if table is None:
        return frozenset()
    keys = (table.primary_key, *table.uniques, *table.exclusions)
    return frozenset(key.name for key in keys if key is not None and key.name)


def _references(table: Table | None) -> frozenset[_Key]:
    return frozenset(key.ref_table for key in table.foreign_keys) if table else frozenset()


def _parents(table: Table | None) -> frozenset[_Key]:
    if table is None:
        return frozenset()
    return frozenset((table.partition_of, *table.inherits) if table.partition_of else table.inherits)


def _sequences(table: Table | None) -> frozenset[_Key]:
    return frozenset(table.owned_sequences) if table else frozenset()


def _users(pairs: Iterable[tuple[Name, _Key]]) -> _Users:
    found: dict[_Key, list[Name]] = {}
    for name, item in pairs:
        found.setdefault(item, []).append(name)
    return SharedMap((item, SharedSet(names)) for item, names in found.items())


def _moved(users: _Users, name: Name, old: frozenset[_Key], new: frozenset[_Key]) -> _Users:
    for item in old - new:
        rest = users[item].without(name)
        users = users.with_item(item, rest) if rest else users.without(item)
    for item in new - old:
        users = users.with_item(item, users.get(item, _NOBODY).with_item(name))
    return users


_NOBODY: SharedSet[Name] = SharedSet()
