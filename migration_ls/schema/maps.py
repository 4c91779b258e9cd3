"""Maps and sets that share what they have in common: the next version costs what changed, not what is there."""

from collections.abc import Hashable, ItemsView, Iterable, Iterator, Mapping, ValuesView
from collections.abc import Set as AbstractSet
from typing import Any, TypeVar, overload

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
D = TypeVar("D")
_Entry = tuple[int, V]
_ABSENT: _Entry[Any] = (-1, None)
_RECENT, _MIDDLE = 16, 256
"""Most entries of the two small layers. A full one is merged into the next, so few entries are copied each time."""


class SharedMap(Mapping[K, V]):
    """A map that never changes; `with_item` and `without` make others. Ordered and compared as a `dict` is.

    Every entry has its place in the order. Changes since the large layer was made stand in two small ones above it,
    where None says that the key is gone.
    """

    __slots__ = ("_base", "_length", "_middle", "_next", "_recent")

    _base: dict[K, _Entry[V]]
    _middle: dict[K, _Entry[V] | None]
    _recent: dict[K, _Entry[V] | None]

    def __init__(self, items: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> None:
        self._base = {key: (number, value) for number, (key, value) in enumerate(dict(items).items())}
        self._middle = {}
        self._recent = {}
        self._length = self._next = len(self._base)

    def __getitem__(self, key: K) -> V:
        entry = self._entry(key)
        if entry is None:
            raise KeyError(key)
        return entry[1]

    @overload
    def get(self, key: K) -> V | None: ...

    @overload
    def get(self, key: K, default: V | D) -> V | D: ...

    def get(self, key: K, default: object = None) -> object:
        """The value at the key; asked for thousands of times per keystroke, so no exception on the way."""
        entry = self._entry(key)
        return default if entry is None else entry[1]

    def __contains__(self, key: object) -> bool:
        return self._entry(key) is not None  # type: ignore[arg-type]

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[K]:
        return iter(self.entries())

    def items(self) -> ItemsView[K, V]:
        """The entries, in order."""
        return _Items(self)

    def values(self) -> ValuesView[V]:
        """The values, in order."""
        return _Values(self)

    def __hash__(self) -> int:
        return hash(frozenset(self.items()))

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Mapping) and dict(self.items()) == dict(other.items()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(self.items())!r})"

    def place(self, key: K) -> int:
        """Where the key stands in the order; only comparisons between keys of one map mean something."""
        entry = self._entry(key)
        return -1 if entry is None else entry[0]

    def with_item(self, key: K, value: V) -> "SharedMap[K, V]":
        """With the value at the key: a new key comes last, another keeps its place."""
        old = self._entry(key)
        if old is not None:
            return self._changed(key, (old[0], value), self._length, self._next)
        return self._changed(key, (self._next, value), self._length + 1, self._next + 1)

    def without(self, key: K) -> "SharedMap[K, V]":
        """Without the key; the same map where it has none."""
        if self._entry(key) is None:
            return self
        return self._changed(key, None, self._length - 1, self._next)

    def differences(self, other: "SharedMap[K, V]") -> Iterator[tuple[_Entry[V] | None, _Entry[V] | None]]:
        """What stands at each key where the maps may differ: place and value, None for nothing."""
        keys = dict.fromkeys([*self._small(), *other._small()])  # noqa: SLF001 - of the same class
        if self._base is not other._base:  # noqa: SLF001 - of the same class
            keys |= dict.fromkeys([*self._base, *other._base])  # noqa: SLF001 - of the same class
        for key in keys:
            mine, its = self._entry(key), other._entry(key)  # noqa: SLF001 - of the same class
            if mine is not its:
                yield mine, its

    def _small(self) -> tuple[K, ...]:
        return (*self._recent, *self._middle)

    def _entry(self, key: K) -> _Entry[V] | None:
        # keys hash themselves in Python, so each layer is asked once
        if self._recent and (entry := self._recent.get(key, _ABSENT)) is not _ABSENT:
            return entry
        if self._middle and (entry := self._middle.get(key, _ABSENT)) is not _ABSENT:
            return entry
        return self._base.get(key)

    def _changed(self, key: K, entry: _Entry[V] | None, length: int, following: int) -> "SharedMap[K, V]":
        made: SharedMap[K, V] = SharedMap.__new__(SharedMap)
        made._base, made._middle, made._recent = self._base, self._middle, {**self._recent, key: entry}
        made._length, made._next = length, following
        if len(made._recent) > _RECENT:
            made._middle = {**self._middle, **made._recent}
            made._recent = {}
            if len(made._middle) > _MIDDLE:
                made._base = made.entries()
                made._middle = {}
        return made

    def entries(self) -> dict[K, _Entry[V]]:
        """All layers as one, in order: place and value by key."""
        if not self._middle and not self._recent:
            return self._base
        merged: dict[K, _Entry[V] | None] = {**self._base, **self._middle, **self._recent}
        entries = [(entry[0], key, entry) for key, entry in merged.items() if entry is not None]
        entries.sort(key=_first)
        return {key: entry for _, key, entry in entries}


def _first(item: tuple[int, object, object]) -> int:
    return item[0]


class _Items(ItemsView[K, V]):
    _mapping: SharedMap[K, V]

    def __iter__(self) -> Iterator[tuple[K, V]]:
        return ((key, entry[1]) for key, entry in self._mapping.entries().items())


class _Values(ValuesView[V]):
    _mapping: SharedMap[Hashable, V]

    def __iter__(self) -> Iterator[V]:
        return (entry[1] for entry in self._mapping.entries().values())


class SharedSet(AbstractSet[K]):
    """A set that never changes; `with_item` and `without` make others. Ordered by when items came."""

    __slots__ = ("_map",)

    def __init__(self, items: Iterable[K] = ()) -> None:
        self._map: SharedMap[K, None] = SharedMap((item, None) for item in items)

    def __contains__(self, item: object) -> bool:
        return item in self._map

    def __iter__(self) -> Iterator[K]:
        return iter(self._map)

    def __len__(self) -> int:
        return len(self._map)

    def __hash__(self) -> int:
        return self._hash()

    def is_like(self, other: "SharedSet[K]") -> bool:
        """Whether both have the same items in the same order; what they share costs nothing."""
        return all(mine == its for mine, its in self._map.differences(other._map))  # noqa: SLF001 - of the same class

    def with_item(self, item: K) -> "SharedSet[K]":
        """With the item."""
        return self if item in self._map else self._of(self._map.with_item(item, None))

    def without(self, item: K) -> "SharedSet[K]":
        """Without the item."""
        return self if item not in self._map else self._of(self._map.without(item))

    @staticmethod
    def _of(items: SharedMap[K, None]) -> "SharedSet[K]":
        made: SharedSet[K] = SharedSet.__new__(SharedSet)
        made._map = items
        return made
