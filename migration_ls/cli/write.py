"""Writing files: atomically, never over something that changed meanwhile, inside the project alone."""

import os
import tempfile
from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path

from migration_ls.text.edits import apply_edits
from migration_ls.workspace.changes import ChangedFile, NewFile

_BOM = b"\xef\xbb\xbf"


class WriteError(Exception):
    """A file cannot be written; nothing was."""


def write_all(root: Path, new: Sequence[NewFile], changed: Sequence[ChangedFile]) -> tuple[str, ...]:
    """Create and change the files; all or, when one stands in the way, none.

    Raises:
        WriteError: a file to create exists, a file to change is not what it was, or a path leaves the project.
    """
    for item in new:
        if _inside(root, item.path).exists():
            raise WriteError(f"`{item.path}` exists already")
    for edited in changed:
        if _read(_inside(root, edited.path)) != edited.old_text:
            raise WriteError(f"`{edited.path}` changed since it was read")
    for created in new:
        _write(root / created.path, created.text.encode())
    for edited in changed:
        path = root / edited.path
        bom = _BOM if path.read_bytes().startswith(_BOM) else b""
        _write(path, bom + apply_edits(edited.old_text, edited.edits).encode())
    return (*(item.path for item in new), *(edited.path for edited in changed))


def _inside(root: Path, path: str) -> Path:
    target = (root / path).resolve()
    if not target.is_relative_to(root.resolve()):
        raise WriteError(f"`{path}` is outside the project")
    return target


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _write(path: Path, data: bytes) -> None:
    """Through a file beside it, so that a crash leaves the old text or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def diff(new: Sequence[NewFile], changed: Sequence[ChangedFile]) -> str:
    """A unified diff of everything that would be written."""
    parts: list[str] = []
    for item in new:
        parts += _unified("", item.text, "/dev/null", f"b/{item.path}")
    for edited in changed:
        after = apply_edits(edited.old_text, edited.edits)
        parts += _unified(edited.old_text, after, f"a/{edited.path}", f"b/{edited.path}")
    return "".join(parts)


def _unified(old: str, new: str, before: str, after: str) -> list[str]:
    lines = unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), before, after)
    return [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]
