"""Alembic's revisions of a project, read with the naming convention of its models."""

from collections.abc import Mapping
from dataclasses import dataclass

from migration_ls.sources.alembic.graph import Graph, environment_of, graph_of
from migration_ls.sources.alembic.reader import Revision, convention_in, read_revision
from migration_ls.sources.migrations import MigrationName
from migration_ls.workspace.files import Role, SourceFile
from migration_ls.workspace.memory import KeptByPath, remembered
from migration_ls.workspace.snapshot import Snapshot

Convention = tuple[tuple[str, str], ...]
"""Naming patterns by what they name, sorted."""
NO_CONVENTION: Convention = ()
HELD = "contract"
"""The folder of revisions that wait until no process of the previous release is left."""

_READ: KeptByPath[Revision | None] = KeptByPath(3)


@dataclass(frozen=True, slots=True)
class Revisions:
    """The revisions of a project: their graph, what they are called as migrations, and their naming convention."""

    graph: Graph
    names: Mapping[str, MigrationName]
    convention: Convention = NO_CONVENTION

    @property
    def heads(self) -> tuple[str, ...]:
        """The identifiers that a new revision follows: the heads of the environment that has the newest revision."""
        folder = next((environment_of(path) for path in reversed(self.graph.order)), "")
        return tuple(self.graph.revisions[path].revision for path in self.graph.heads.get(folder, ()))


NO_REVISIONS = Revisions(Graph(revisions={}), {})


def revision_of(path: str, text: str, convention: Convention = NO_CONVENTION) -> Revision | None:
    """What a revision file says; None when it is none."""
    return _READ.of(path).get((text, convention), lambda: read_revision(text, dict(convention)))


def revisions_of(snapshot: Snapshot) -> Revisions:
    """The revisions of a snapshot."""
    convention = convention_of(snapshot)
    files = tuple(file for file in snapshot.of_role(Role.ALEMBIC) if file.problem is None)
    return _revisions(files, convention)


@remembered(6)
def _revisions(files: tuple[SourceFile, ...], convention: Convention) -> Revisions:
    read = ((file.path, revision_of(file.path, file.text, convention)) for file in files)
    found = {path: revision for path, revision in read if revision is not None}
    running = {path: revision for path, revision in found.items() if not _is_held(path)}
    graph = graph_of(running)
    held = graph_of({path: revision for path, revision in found.items() if _is_held(path)})
    names = {
        path: MigrationName(
            folder=path.rpartition("/")[0],
            version=found[path].revision,
            sort_key=(number,),
            name=path.rpartition("/")[2].removesuffix(".py"),
            role="contract" if _is_held(path) else "forward",
            style="alembic",
        )
        for number, path in enumerate((*graph.order, *held.order))
    }
    return Revisions(graph, names, convention)


def _is_held(path: str) -> bool:
    return path.rpartition("/")[0].rpartition("/")[2] == HELD


def convention_of(snapshot: Snapshot) -> Convention:
    """The naming convention that Alembic takes from the models' metadata; empty without one."""
    files = tuple(snapshot.of_role(Role.ENVIRONMENT)), tuple(snapshot.of_role(Role.MODELS))
    if not any(True for _ in snapshot.of_role(Role.ALEMBIC)):
        return NO_CONVENTION
    return next((found for file in (*files[0], *files[1]) if (found := _convention(file.text))), NO_CONVENTION)


@remembered(256)
def _convention(text: str) -> Convention:
    return tuple(sorted(convention_in(text).items()))
