"""Results kept between snapshots, found again by what their inputs are: what did not change is the same object."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def remembered(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A pure function whose last `most` results are kept for the same arguments.

    Texts, numbers and sets are the same when equal, tuples when their items are, all else when it is one object.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        kept: Kept[R] = Kept(most)

        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            inputs = (*args, *kwargs.values())
            return kept.get(inputs, lambda: function(*args, **kwargs))

        return call

    return decorate


class Kept(Generic[R]):
    """The last results of one question, by its inputs; thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._results: OrderedDict[Hashable, tuple[object, R]] = OrderedDict()

    def get(self, inputs: tuple[object, ...], make: Callable[[], R]) -> R:
        """The result for the inputs, made if it is not there."""
        key = _key(inputs)
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key][1]
        result = make()
        with self._lock:
            # The inputs are kept with it: as long as they live, nothing else has their identity.
            self._results[key] = inputs, result
            while len(self._results) > self._most:
                self._results.popitem(last=False)
        return result

    def results(self) -> list[R]:
        """Every result that is kept, the one asked for last first."""
        with self._lock:
            return [result for _, result in reversed(self._results.values())]


class KeptByPath(Generic[R]):
    """The last results for each file: one that changes often pushes no other out."""

    def __init__(self, each: int, files: int = 4_000) -> None:
        self._each = each
        self._files = files
        self._lock = threading.Lock()
        self._paths: OrderedDict[str, Kept[R]] = OrderedDict()

    def of(self, path: str) -> Kept[R]:
        """The results for one file."""
        with self._lock:
            kept = self._paths.setdefault(path, Kept(self._each))
            self._paths.move_to_end(path)
            while len(self._paths) > self._files:
                self._paths.popitem(last=False)
            return kept


def _key(value: object) -> Hashable:
    if value is None or isinstance(value, str | int | frozenset):
        return value
    if isinstance(value, tuple):
        return tuple([_key(item) for item in value])
    return _Same(id(value))


class _Same(int):
    """An object's identity, which is no number that somebody passed."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and int(self) == int(other)

    def __hash__(self) -> int:
        return int.__hash__(self)
