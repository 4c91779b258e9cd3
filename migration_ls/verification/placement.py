"""Where a server may live: a user who may run it, programs that user can reach, a directory in memory."""

import contextlib
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from migration_ls.verification.engine import Engine, EngineError

_MEMORY = Path("/dev/shm")  # noqa: S108 - a private directory is made inside
_NEEDED_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Account:
    """The unprivileged user that runs the server for root, who must not."""

    name: str
    user: int
    group: int


def server_account() -> Account | None:
    """The user to run the server as; None means this process's own.

    Raises:
        EngineError: This is root and there is no `nobody`.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise EngineError("PostgreSQL does not run as root and there is no user `nobody` to run it as") from None
    return Account("nobody", entry.pw_uid, entry.pw_gid)


def private_directory(account: Account | None) -> Path:
    """A new directory of that user alone: in memory where 512 MB are free, else in the temporary folder."""
    place = None
    with contextlib.suppress(OSError):
        if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _NEEDED_BYTES:
            place = _MEMORY
    directory = Path(tempfile.mkdtemp(prefix="migration-ls-", dir=place))
    give(directory, account)
    return directory


def give(path: Path, account: Account | None) -> None:
    """Make the account the owner of the path; nothing without an account."""
    if account is not None:
        os.chown(path, account.user, account.group)


def give_tree(root: Path, account: Account | None) -> None:
    """Make the account the owner of everything below and including `root`."""
    if account is None:
        return
    give(root, account)
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            os.lchown(os.path.join(folder, name), account.user, account.group)  # noqa: PTH118 - 1,000 files


def reachable_programs(engine: Engine, account: Account | None) -> Path:
    """The folder of the engine's programs, or of a copy of them, that the account can enter."""
    if account is None or _can_enter(engine.bin_dir, account):
        return engine.bin_dir
    root = engine.bin_dir.parent
    about = f"{engine.bin_dir}|{engine.version}|{engine.program('postgres').stat().st_mtime_ns}"
    key = hashlib.sha256(about.encode()).hexdigest()[:16]
    place = Path(tempfile.gettempdir()) / f"migration-ls-engine-{key}"
    if not _is_ours(place):
        with contextlib.suppress(OSError):
            _copy_layout(root, place)
    if not _is_ours(place):
        # somebody else holds the name: a copy for this run alone, below a name nobody could foresee
        place = Path(tempfile.mkdtemp(prefix="migration-ls-engine-")) / "copy"
        place.parent.chmod(0o755)
        _copy_layout(root, place)
    return place / root.parent.name / root.name / "bin"


def _can_enter(directory: Path, account: Account) -> bool:
    program = directory / "postgres"
    return all(_allows(folder, account, stat.S_IXOTH) for folder in (directory, *directory.parents)) and _allows(
        program, account, stat.S_IXOTH | stat.S_IROTH
    )


def _allows(path: Path, account: Account, bits: int) -> bool:
    about = path.stat()
    if about.st_uid == account.user:
        return bool(about.st_mode & (bits << 6) == bits << 6)
    if about.st_gid == account.group:
        return bool(about.st_mode & (bits << 3) == bits << 3)
    return bool(about.st_mode & bits == bits)


def _is_ours(place: Path) -> bool:
    try:
        about = place.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(about.st_mode) and about.st_uid == os.geteuid() and not about.st_mode & 0o022


def _copy_layout(root: Path, place: Path) -> None:
    """Copy `bin`, `lib` and `share` under the names they have, and the sibling folder of a wheel's shared libraries.

    Programs find both by relative paths, so the last two folder names stay. Hard links cost no space where they work.
    """
    making = Path(tempfile.mkdtemp(prefix="migration-ls-engine-", dir=place.parent))
    try:
        making.chmod(0o755)
        inside = making / root.parent.name / root.name
        for name in ("bin", "lib", "lib64", "share"):
            if (root / name).is_dir():
                shutil.copytree(root / name, inside / name, symlinks=True, copy_function=_link_or_copy)
        libraries = root.parent.parent / f"{root.parent.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, making / libraries.name, symlinks=True, copy_function=_link_or_copy)
        for folder in (path for path in making.rglob("*") if path.is_dir() and not path.is_symlink()):
            folder.chmod(0o755)
        making.rename(place)
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
        raise


def _link_or_copy(source: str, target: str) -> str:
    about = os.stat(source)  # noqa: PTH116 - called for each of 1,000 files
    readable = about.st_mode & stat.S_IROTH
    if readable:
        with contextlib.suppress(OSError):
            os.link(source, target)
            return target
    shutil.copy2(source, target)
    Path(target).chmod(0o755 if about.st_mode & stat.S_IXUSR else 0o644)
    return target
