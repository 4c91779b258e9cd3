"""State over time: what is on disk, what is open in the editor, and the snapshot of both."""

import os
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from migration_ls.sources.alembic.reader import looks_like_revision
from migration_ls.workspace.files import Role, SourceFile
from migration_ls.workspace.git import Base, base_of
from migration_ls.workspace.live import Live, LiveError, measured, read_live
from migration_ls.workspace.project import looks_like_models, may_matter, role_of, walk
from migration_ls.workspace.settings import Settings, SettingsError, read_settings
from migration_ls.workspace.snapshot import Snapshot

MOST_BYTES = 8_000_000
"""Larger files are not read: they are dumps, not sources."""
_SETTINGS = ("pyproject.toml", "migration-ls.toml")


class Workspace:
    """A project over time; thread-safe. Paths are relative to the root, with `/`."""

    def __init__(self, root: Path, *, overrides: Mapping[str, Any] | None = None, live: Live | None = None) -> None:
        self.root = root.resolve()
        self._lock = threading.RLock()
        self._overrides: dict[str, Any] = dict(overrides or {})
        self._open: dict[str, tuple[str, int | None]] = {}
        self._disk: dict[str, tuple[str, str | None]] | None = None
        self._base: Base | None = None
        self._base_known = False
        self._stamps: Mapping[str, tuple[int, int]] | None = None
        self._settings = Settings()
        self._settings_problem: str | None = None
        self._live = live
        self._live_given = live is not None
        self._live_problem: str | None = None
        self._measured: tuple[Settings, Live, Settings] | None = None
        self._live_of: tuple[str | None, str] | None = None
        """Of which variable, and for what use, the database was read."""
        self._snapshot: Snapshot | None = None
        self._files: dict[str, SourceFile] = {}
        self._touched: set[str] | None = None
        """The paths that may differ from `_files`; None: any."""

    def open(self, path: str, text: str, version: int | None) -> None:
        """The editor opened the file or changed its text."""
        with self._lock:
            self._open[path] = (text, version)
            self._changed([path])

    def close(self, path: str) -> None:
        """The editor closed the file: what is on disk counts again."""
        with self._lock:
            self._open.pop(path, None)
            self._reread([path])
            self._changed([path])

    def refresh(self, paths: Iterable[str] | None = None) -> None:
        """Files changed on disk; None: look everywhere again."""
        paths = None if paths is None else list(paths)
        with self._lock:
            if paths is None:
                self._disk = None
                self._live_of = None
            else:
                self._reread(paths)
            self._base_known = False
            self._changed()

    def refresh_if_stale(self) -> None:
        """Look everywhere again when files changed on disk unnoticed: for editors that do not tell of it."""
        with self._lock:
            if self._disk is None:
                return
            present = _stamps(self.root)
            if self._stamps is None or present != self._stamps:
                former, self._stamps = self._stamps, present
                if former is not None:
                    self.refresh()

    def configure(self, overrides: Mapping[str, Any]) -> None:
        """Take the editor's settings.

        Raises:
            SettingsError: a value cannot be used; the former settings stay.
        """
        read_settings({}, overrides)
        with self._lock:
            self._overrides = dict(overrides)
            self._base_known = False
            self._changed()

    def snapshot(self) -> Snapshot:
        """The project as it is now."""
        with self._lock:
            if self._snapshot is None:
                self._snapshot = self._make()
            return self._snapshot

    def _changed(self, paths: Iterable[str] | None = None) -> None:
        """The next snapshot differs in these files; None: in any, or in the settings."""
        self._snapshot = None
        if paths is None or self._touched is None:
            self._touched = None
        else:
            self._touched.update(paths)

    def _reread(self, paths: Iterable[str]) -> None:
        if self._disk is None:
            return
        for path in paths:
            if not may_matter(path):
                continue
            content = _read(self.root / path)
            if content is None:
                self._disk.pop(path, None)
            else:
                self._disk[path] = content

    def _make(self) -> Snapshot:
        if self._disk is None:
            read = ((path, _read(self.root / path)) for path in walk(self.root))
            self._disk = {path: content for path, content in read if content is not None}
        if self._touched is None or not self._touched.isdisjoint(_SETTINGS):
            self._read_settings()
            self._touched = None
        if not self._base_known:
            self._base = base_of(self.root, self._settings.base_ref)
            self._base_known = True
        self._read_database()
        self._files = self._current_files()
        self._touched = set()
        return Snapshot(
            root=self.root,
            files=self._files,
            settings=self._with_measured(),
            base=self._base,
            settings_problem=self._settings_problem,
            live=self._live,
            live_problem=self._live_problem,
        )

    def _read_database(self) -> None:
        """The configured database, once for these settings, and again when everything is looked at again."""
        wish = (self._settings.database, self._settings.current)
        if wish == self._live_of or self._live_given:
            return
        self._live_of = wish
        self._live = self._live_problem = None
        name = self._settings.database
        if name is None:
            if self._settings.current == "database":
                self._live_problem = "No database is named: `database` is to be the environment variable with its DSN"
            return
        dsn = os.environ.get(name)
        if not dsn:
            self._live_problem = f"The environment variable `{name}`, which names the database, is not set"
            return
        try:
            self._live = read_live(dsn)
        except LiveError as error:
            self._live_problem = str(error)

    def _with_measured(self) -> Settings:
        """The settings with what the database tells where they say nothing: its major, and the sizes of tables."""
        if self._live is None:
            return self._settings
        if self._measured is None or self._measured[:2] != (self._settings, self._live):
            self._measured = (self._settings, self._live, measured(self._settings, self._live))
        return self._measured[2]

    def _current_files(self) -> dict[str, SourceFile]:
        """The files by path, in order; those that nobody touched are the ones of the last snapshot."""
        if self._touched is None:
            paths = sorted((self._disk or {}).keys() | self._open.keys())
            return {path: file for path in paths if (file := self._file(path)) is not None}
        files = dict(self._files)
        for path in self._touched:
            file = self._file(path) if path in (self._disk or {}) or path in self._open else None
            if file is not None:
                files[path] = file
            else:
                files.pop(path, None)
        return files if files.keys() == self._files.keys() else dict(sorted(files.items()))

    def _text(self, path: str) -> tuple[str, int | None, str | None]:
        if path in self._open:
            text, version = self._open[path]
            return text, version, None
        text, problem = (self._disk or {}).get(path, ("", None))
        return text, None, problem

    def _file(self, path: str) -> SourceFile | None:
        role = role_of(path, self._settings)
        text, version, problem = self._text(path)
        if role in {None, Role.MODELS} and path.endswith(".py") and looks_like_revision(text):
            role = Role.ALEMBIC
        if role is None or (role is Role.MODELS and not self._settings.models and not looks_like_models(path, text)):
            return None
        return SourceFile(path=path, role=role, text=text, version=version, problem=problem)

    def _read_settings(self) -> None:
        """Settings from the files as they are; while they are half typed, the last good ones stay."""
        names = [name for name in _SETTINGS if name in (self._disk or {}) or name in self._open]
        try:
            self._settings = read_settings({name: self._text(name)[0] for name in names}, self._overrides)
            self._settings_problem = None
        except SettingsError as error:
            self._settings_problem = str(error)


def _stamps(root: Path) -> dict[str, tuple[int, int]]:
    """Time of change and size of every file that may matter."""
    result: dict[str, tuple[int, int]] = {}
    for path in walk(root):
        try:
            status = (root / path).stat()
        except OSError:
            continue
        result[path] = (status.st_mtime_ns, status.st_size)
    return result


def _read(path: Path) -> tuple[str, str | None] | None:
    """A file's text, and what is wrong with it; None when it is not there."""
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > MOST_BYTES:
            return "", f"larger than {MOST_BYTES // 1_000_000} MB, so it is not read"
        data = path.read_bytes()
    except OSError as error:
        return "", f"it cannot be read: {error.strerror}"
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return "", f"not UTF-8: the byte 0x{data[error.start]:02x} in line {line} is no character"
