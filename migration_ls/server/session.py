"""The projects a client has open, and the analysis of each, worked out beside the event loop."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from migration_ls.server.position import to_path
from migration_ls.text.encoding import Encoding

if TYPE_CHECKING:
    from migration_ls.workspace.analysis import Analysis
    from migration_ls.workspace.workspace import Workspace

logger = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A file in one of the projects: its address as the client spells it, and its path inside the project."""

    uri: str
    workspace: "Workspace"
    path: str


class Session:
    """What the server knows of its client; one worker analyses, another proves, the event loop only answers."""

    def __init__(self) -> None:
        self.encoding = Encoding.UTF16
        self.folders: list[Path] = []
        self.overrides: dict[str, Any] = {}
        self._workspaces: dict[Path, Workspace] = {}
        self._uris: dict[Path, str] = {}
        self._analyst = ThreadPoolExecutor(max_workers=1, thread_name_prefix="analysis")
        self._prover = ThreadPoolExecutor(max_workers=1, thread_name_prefix="proof")

    @property
    def workspaces(self) -> "tuple[Workspace, ...]":
        """The projects in use."""
        return tuple(self._workspaces.values())

    def place(self, uri: str) -> Place | None:
        """The file's project, opened when it is new; None for what is in no project."""
        file = to_path(uri)
        if file is None:
            return None
        file = file.resolve()
        workspace = self._workspace(file)
        if workspace is None:
            return None
        self._uris[file] = uri
        return Place(uri, workspace, file.relative_to(workspace.root).as_posix())

    def uri(self, workspace: "Workspace", path: str) -> str:
        """The address of a project's file, spelled as the client does where it told one."""
        from migration_ls.server.position import to_uri

        file = workspace.root / path
        return self._uris.get(file) or to_uri(file)

    def _workspace(self, file: Path) -> "Workspace | None":
        from migration_ls.workspace.project import find_root
        from migration_ls.workspace.workspace import Workspace

        for known, workspace in self._workspaces.items():
            if file.is_relative_to(known):
                return workspace
        found = find_root(file.parent) or next((item for item in self.folders if file.is_relative_to(item)), None)
        if found is None:
            return None
        root = found.resolve()
        if root not in self._workspaces:
            self._workspaces[root] = Workspace(root, overrides=self.overrides)
        return self._workspaces[root]

    def open_folders(self) -> None:
        """Open the projects of the client's folders, so that their files are known before one is opened."""
        from migration_ls.workspace.project import find_root
        from migration_ls.workspace.workspace import Workspace

        for folder in self.folders:
            root = find_root(folder)
            if root is not None and root.resolve() not in self._workspaces:
                self._workspaces[root.resolve()] = Workspace(root, overrides=self.overrides)

    def close_folder(self, folder: Path) -> None:
        """Forget a folder and its project."""
        self.folders = [other for other in self.folders if other != folder]
        self._workspaces.pop(folder.resolve(), None)

    async def analysis(self, workspace: "Workspace") -> "Analysis":
        """The analysis of the project as it is when the worker comes to it."""
        return await self.work(lambda: _analyse(workspace))

    async def work(self, job: Callable[[], _T]) -> _T:
        """Run a job beside the event loop, after those that were asked for before."""
        return await asyncio.get_running_loop().run_in_executor(self._analyst, job)

    async def prove(self, job: Callable[[], _T]) -> _T:
        """Run a long job that no other request waits for."""
        return await asyncio.get_running_loop().run_in_executor(self._prover, job)

    def close(self) -> None:
        """End the workers; what they still do is dropped."""
        self._analyst.shutdown(wait=False, cancel_futures=True)
        self._prover.shutdown(wait=False, cancel_futures=True)


def _analyse(workspace: "Workspace") -> "Analysis":
    from migration_ls.workspace.analysis import analyse

    return analyse(workspace.snapshot())
