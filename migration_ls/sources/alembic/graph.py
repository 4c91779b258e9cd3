"""How revisions follow each other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from migration_ls.sources.alembic.reader import Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The revisions of a project, by path.

    `order` is how Alembic runs them: parents first, else by path; revisions of a circle come last. `heads` are those
    that no other follows, by the folder of their environment. `lost` are parents that are not there, with the path of
    the file that names them, and `twice` pairs of files that call themselves the same.
    """

    revisions: Mapping[str, Revision]
    order: tuple[str, ...] = ()
    heads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lost: tuple[tuple[str, str], ...] = ()
    twice: tuple[tuple[str, str], ...] = ()
    circle: tuple[str, ...] = ()


def environment_of(path: str) -> str:
    """The folder whose revisions are one graph: the one above `versions`, else the file's own."""
    folders = path.split("/")[:-1]
    if "versions" in folders:
        folders = folders[: len(folders) - folders[::-1].index("versions") - 1]
    return "/".join(folders)


def graph_of(revisions: Mapping[str, Revision]) -> Graph:
    """The graph of revisions by path; those of different environments may have the same names."""
    names: dict[tuple[str, str], str] = {}
    anywhere: dict[str, str] = {}
    twice: list[tuple[str, str]] = []
    for path in sorted(revisions):
        revision = revisions[path].revision
        first = names.setdefault((environment_of(path), revision), path)
        anywhere.setdefault(revision, path)
        if first != path:
            twice.append((first, path))

    def found(path: str, name: str) -> str | None:
        own = names.get((environment_of(path), name))
        return own or _by_prefix(name, environment_of(path), names) or anywhere.get(name)

    parents = {path: list(_known(path, revision.parents, found)) for path, revision in revisions.items()}
    edges = {
        path: [*parents[path], *_known(path, revision.needed, found)] for path, revision in sorted(revisions.items())
    }
    order, circle = _ordered(edges)
    followed = {parent for items in parents.values() for parent in items}
    doubled = {second for _, second in twice}
    heads: dict[str, tuple[str, ...]] = {}
    for path in order:
        if path not in followed and path not in doubled:
            folder = environment_of(path)
            heads[folder] = (*heads.get(folder, ()), path)
    lost = tuple(
        (path, name)
        for path, revision in sorted(revisions.items())
        for name in (*revision.parents, *revision.needed)
        if found(path, name) is None
    )
    return Graph(revisions=revisions, order=order, heads=heads, lost=lost, twice=tuple(twice), circle=circle)


def _by_prefix(name: str, environment: str, names: Mapping[tuple[str, str], str]) -> str | None:
    """Alembic takes the beginning of an identifier, and a branch's label with `@`, for the whole."""
    wanted = name.rpartition("@")[2]
    same = [path for (folder, revision), path in names.items() if folder == environment and revision.startswith(wanted)]
    return same[0] if len(same) == 1 and len(wanted) > 3 else None


def _known(path: str, names: tuple[str, ...], found: "_Find") -> Iterator[str]:
    for name in names:
        parent = found(path, name)
        if parent is not None and parent != path:
            yield parent


def _ordered(edges: Mapping[str, list[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parents first, else by path; what is part of a circle, or behind one, last."""
    sorter = TopologicalSorter(edges)
    circle: tuple[str, ...] = ()
    try:
        sorter.prepare()
    except CycleError as error:
        circle = tuple(dict.fromkeys(error.args[1]))
    result: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted([*ready, *sorter.get_ready()])
        if not ready:
            break
        path = ready.pop(0)
        result.append(path)
        sorter.done(path)
    done = set(result)
    return (*result, *sorted(path for path in edges if path not in done)), circle


_Find = Callable[[str, str], str | None]
