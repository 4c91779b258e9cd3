"""Which version of SQLModel a project uses."""

import re
from collections.abc import Mapping

_LOCK = re.compile(r'^name\s*=\s*"sqlmodel"\s*\r?\nversion\s*=\s*"(?P<version>[\d.]+)', re.MULTILINE)
_REQUIREMENT = re.compile(
    r"""(?:^[ \t]*|["'])sqlmodel(?:\[[^\]]*\])?["']?\s*=?\s*["']?\s*(?P<bounds>(?:(?:===?|~=|>=|<=|!=|\^|~|<|>|=)?\s*
    \d[\w.*]*\s*,?\s*)+)""",
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)
_BOUND = re.compile(r"(?P<operator>===?|~=|>=|<=|!=|\^|~|<|>|=)?\s*(?P<version>\d[\w.]*)")
_STRENGTH = {"==": 0, "===": 0, "~=": 1, "^": 1, "~": 1, "": 1, "=": 1, ">=": 2, ">": 2, "<=": 3}
"""How near a bound is to what is installed; `<` and `!=` say what is not."""


def pinned_sqlmodel(files: Mapping[str, str]) -> tuple[tuple[int, ...] | None, str | None]:
    """The version of SQLModel and the file that says so: a lock file first, then an exact pin, then a lower bound.

    Args:
        files: texts of `requirements*.txt`, `pyproject.toml`, `uv.lock` and `poetry.lock` by path.
    """
    for path in sorted(files, key=_nearest):
        if path.endswith(".lock") and (match := _LOCK.search(files[path])):
            return _version(match["version"]), path
    found: list[tuple[int, int, str, str]] = []
    for order, path in enumerate(sorted(files, key=_nearest)):
        if path.endswith(".lock"):
            continue
        for requirement in _REQUIREMENT.finditer(files[path]):
            for bound in _BOUND.finditer(requirement["bounds"]):
                strength = _STRENGTH.get(bound["operator"] or "")
                if strength is not None:
                    found.append((strength, order, bound["version"], path))
    if not found:
        return None, None
    _, _, version, path = min(found)
    return _version(version), path


def _nearest(path: str) -> tuple[int, str]:
    return path.count("/"), path


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text.partition("+")[0])[:3])
