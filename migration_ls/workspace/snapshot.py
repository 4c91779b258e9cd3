"""The project at one moment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from migration_ls.workspace.files import Role, SourceFile
from migration_ls.workspace.git import Base
from migration_ls.workspace.live import Live
from migration_ls.workspace.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapshot:
    """Files and settings; never changes, and is equal to itself alone.

    `settings_problem` says what is wrong with the settings, if anything. `live` is what the configured database has,
    `live_problem` why it could not be read.
    """

    root: Path
    files: Mapping[str, SourceFile]
    settings: Settings
    base: Base | None = None
    settings_problem: str | None = None
    live: Live | None = None
    live_problem: str | None = None

    def of_role(self, *roles: Role) -> Iterator[SourceFile]:
        """The files of these roles, by path."""
        return (file for _, file in sorted(self.files.items()) if file.role in roles)

    def at_base(self, path: str) -> str | None:
        """The text of a file at the base; None when it did not exist, or when there is no base."""
        if self.base is None:
            return None
        if path in self.base.changed:
            return self.base.changed[path]
        file = self.files.get(path)
        return file.text if file else None

    def is_pending(self, path: str) -> bool:
        """Whether a file came after the base; without git nothing did."""
        return self.base is not None and path in self.base.changed and self.base.changed[path] is None
