"""The projects a client has open, and the analysis of each, worked out beside the event loop."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from migration_ls.server.position import to_path, to_uri
from migration_ls.text.encoding import Encoding

if TYPE_CHECKING:
    from migration_ls.workspace.analysis import Analysis
    from migration_ls.workspace.workspace import Workspace

_T = TypeVar("_T")
_PATIENCE_SECONDS = 0.1
"""How long a request about a text that did not change waits for an analysis before it takes the former one."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A file in one of the projects: its address as the client spells it, and its path inside the project."""

    uri: str
    workspace: "Workspace"
    path: str


class Session:
    """What the server knows of its client.

    One worker keeps the projects and analyses them, in the order of what the client told; others answer from finished
    analyses; another proves. The event loop waits for none of them.
    """

    def __init__(self) -> None:
        self.encoding = Encoding.UTF16
        self.ends_last_lines = False
        """Whether the client's editor ends the last line of a new file by itself, whatever the edit says."""
        self.tells_changes = False
        """Whether the client tells of files that change on disk."""
        self.folders: list[Path] = []
        self.overrides: dict[str, Any] = {}
        self.closing = threading.Event()
        self._workspaces: dict[Path, Workspace] = {}
        self._uris: dict[Path, str] = {}
        self._texts: dict[str, str] = {}
        self._latest: dict[Path, Analysis] = {}
        self._analyst = ThreadPoolExecutor(max_workers=1, thread_name_prefix="analysis")
        self._answering = ThreadPoolExecutor(max_workers=2, thread_name_prefix="answer")
        self._prover = ThreadPoolExecutor(max_workers=1, thread_name_prefix="proof")

    @property
    def workspaces(self) -> "tuple[Workspace, ...]":
        """The projects in use."""
        return tuple(self._workspaces.values())

    @property
    def open_uris(self) -> tuple[str, ...]:
        """The documents that are open in the editor."""
        return tuple(self._texts)

    async def place(self, uri: str) -> Place | None:
        """The file's project, opened when it is new; None for what is in no project."""
        file = _file(uri)
        if file is None:
            return None
        return self._known(uri, file) or await self.work(lambda: self._found(uri, file))

    def known(self, uri: str) -> Place | None:
        """The file in one of the projects in use."""
        file = _file(uri)
        return self._known(uri, file) if file else None

    def _known(self, uri: str, file: Path) -> Place | None:
        # The innermost project: one may stand inside another.
        roots = [root for root in tuple(self._workspaces) if file.is_relative_to(root)]
        if not roots:
            return None
        root = max(roots, key=lambda path: len(path.parts))
        self._uris[file] = uri
        return Place(uri, self._workspaces[root], file.relative_to(root).as_posix())

    def _found(self, uri: str, file: Path) -> Place | None:
        from migration_ls.workspace.project import find_root

        folder = next((item for item in self.folders if file.is_relative_to(item)), None)
        root = find_root(file.parent) or folder
        if root is None:
            return None
        self._open_project(root)
        return self._known(uri, file)

    def uri(self, workspace: "Workspace", path: str) -> str:
        """The address of a project's file, spelled as the client does where it told one."""
        file = workspace.root / path
        return self._uris.get(file) or to_uri(file)

    def set_text(self, uri: str, text: str, version: int | None) -> None:
        """The editor opened a document or changed it; taken in beside the event loop."""
        self._texts[uri] = text

        def take(place: Place) -> None:
            place.workspace.open(place.path, text, version)

        self._tell(uri, take)

    def forget_text(self, uri: str) -> None:
        """The editor closed a document: what is on disk counts again."""
        self._texts.pop(uri, None)
        self._tell(uri, lambda place: place.workspace.close(place.path))

    def reread(self, uri: str) -> None:
        """A file changed on disk."""
        self._tell(uri, lambda place: place.workspace.refresh([place.path]))

    def _tell(self, uri: str, take: Callable[[Place], None]) -> None:
        """Have the project of a document take something, after what was told before."""
        file = _file(uri)
        if file is None or self.closing.is_set():
            return

        def job() -> None:
            place = self._known(uri, file) or self._found(uri, file)
            if place is not None:
                take(place)

        self._analyst.submit(job)

    def look_again(self) -> None:
        """Read what changed on disk unnoticed, for clients that do not tell of it."""
        if not self.tells_changes and not self.closing.is_set():
            self._analyst.submit(self._look_again)

    def _look_again(self) -> None:
        for workspace in self.workspaces:
            workspace.refresh_if_stale()

    def open_folders(self) -> None:
        """Open the projects of the client's folders, so that their files are known before one is opened."""
        from migration_ls.workspace.project import find_root

        for folder in tuple(self.folders):
            root = find_root(folder)
            if root is not None:
                self._open_project(root)

    def _open_project(self, root: Path) -> None:
        from migration_ls.workspace.workspace import Workspace

        root = root.resolve()
        if root in self._workspaces:
            return
        workspace = Workspace(root, overrides=self.overrides)
        workspace.snapshot()
        workspace.refresh_if_stale()
        self._workspaces[root] = workspace

    def close_folder(self, folder: Path) -> None:
        """Forget a folder and the projects inside it."""
        folder = folder.resolve()
        self.folders = [other for other in self.folders if other.resolve() != folder]
        for root in tuple(self._workspaces):
            if root.is_relative_to(folder):
                self._workspaces.pop(root, None)
                self._latest.pop(root, None)

    def configure(self, values: dict[str, Any]) -> None:
        """Take the editor's settings."""
        self.overrides = values

        def job() -> None:
            for workspace in self.workspaces:
                workspace.configure(values)

        self._analyst.submit(job)

    async def analysis(self, workspace: "Workspace") -> "Analysis":
        """The analysis of the project as it is when the worker comes to it."""
        return await self.work(lambda: self._analyse(workspace))

    async def recent_analysis(self, place: Place) -> "Analysis":
        """As `analysis`, but the former one when it takes long and this document did not change since."""
        former = self._latest.get(place.workspace.root)
        if former is None:
            return await self.analysis(place.workspace)
        coming = asyncio.ensure_future(self.analysis(place.workspace))
        coming.add_done_callback(_take_result)
        done, _ = await asyncio.wait({coming}, timeout=_PATIENCE_SECONDS)
        file = former.snapshot.files.get(place.path)
        if not done and file is not None and self._texts.get(place.uri, file.text) == file.text:
            return former
        return await coming

    def _analyse(self, workspace: "Workspace") -> "Analysis":
        from migration_ls.workspace.analysis import analyse

        found = analyse(workspace.snapshot())
        self._latest[workspace.root] = found
        return found

    async def work(self, job: Callable[[], _T]) -> _T:
        """Run a job on the projects, after those that were asked for before."""
        return await asyncio.get_running_loop().run_in_executor(self._analyst, job)

    async def answer(self, job: Callable[[], _T]) -> _T:
        """Run a job on finished analyses; it does not wait for an analysis that runs."""
        return await asyncio.get_running_loop().run_in_executor(self._answering, job)

    async def prove(self, job: Callable[[], _T]) -> _T:
        """Run a long job that no other request waits for."""
        return await asyncio.get_running_loop().run_in_executor(self._prover, job)

    def close(self) -> None:
        """End the workers; what they still do is dropped."""
        self.closing.set()
        for pool in (self._analyst, self._answering, self._prover):
            pool.shutdown(wait=False, cancel_futures=True)


def _file(uri: str) -> Path | None:
    file = to_path(uri)
    try:
        return file.resolve() if file else None
    except (OSError, ValueError):
        # Names that no file can have: with NUL bytes, or too long.
        return None


def _take_result(task: "asyncio.Future[Analysis]") -> None:
    """When nobody waits any more an error would be reported as never looked at."""
    if not task.cancelled():
        task.exception()
