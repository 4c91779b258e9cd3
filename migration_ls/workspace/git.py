"""What git knows of production: the files as they were at the merge base with the main branch."""

import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_SECONDS = 10
_MAINS = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The base commit and the texts of files that differ from it.

    `changed` maps the path of each file whose content differs on disk to its text at the base, None where it did not
    exist then. A path that is not in it is the same at the base.
    """

    commit: str
    name: str
    changed: Mapping[str, str | None] = field(default_factory=dict)


def base_of(root: Path, base_ref: str | None) -> Base | None:
    """The base of a project; None without git, without a commit, or when the reference does not exist."""
    commit, name = _commit(root, base_ref)
    if commit is None:
        return None
    listing = _git(root, "diff", "--name-status", "--no-renames", "--relative", "-z", commit, "--", ".")
    others = _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    if listing is None or others is None:
        return None
    words = [word for word in listing.split("\0") if word]
    states = dict(zip(words[1::2], words[0::2], strict=False))
    old = [path for path, state in states.items() if state != "A"]
    changed: dict[str, str | None] = dict.fromkeys(states)
    changed |= _texts(root, commit, old)
    changed |= {path: None for path in others.split("\0") if path}
    return Base(commit=commit, name=name, changed=changed)


def ignored(root: Path) -> bool:
    """Whether git ignores the whole folder, so that it knows nothing of its files."""
    return _git(root, "check-ignore", "-q", ".") is not None


def _commit(root: Path, base_ref: str | None) -> tuple[str | None, str]:
    if _git(root, "rev-parse", "--verify", "-q", "HEAD") is None or ignored(root):
        return None, ""
    tracked = _git(root, "ls-files", "--", ".")
    if not tracked:
        return None, ""
    for name in (base_ref,) if base_ref else _MAINS:
        found = _git(root, "merge-base", "HEAD", name)
        if found:
            return found.strip(), name
    head = _git(root, "rev-parse", "HEAD")
    return (head.strip(), "HEAD") if head and base_ref is None else (None, "")


def _texts(root: Path, commit: str, paths: Iterable[str]) -> dict[str, str | None]:
    result: dict[str, str | None] = {}
    for path in paths:
        result[path] = _git(root, "show", f"{commit}:./{path}")
    return result


def _git(root: Path, *arguments: str) -> str | None:
    """What git prints; None when it fails or is not there."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "-c", "core.quotepath=off", *arguments],
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None
