"""Which version of SQLModel a project uses."""

import re
from collections.abc import Mapping

_LOCK = re.compile(r'^name\s*=\s*"sqlmodel"\s*\r?\nversion\s*=\s*"(?P<version>[\d.]+)', re.MULTILINE)
_REQUIREMENT = re.compile(
    r"""(?:^|["'\s])sqlmodel(?:\[[^\]]*\])?\s*(?P<operator>===?|~=|>=|<=|\^|<|>|=)?\s*["']?[\^~]?(?P<version>\d[\d.]*)""",
    re.MULTILINE | re.IGNORECASE,
)
_STRENGTH = {"==": 0, "===": 0, "~=": 1, "^": 1, "=": 1, "<=": 2, None: 2, ">=": 3, ">": 3, "<": 4}


def pinned_sqlmodel(files: Mapping[str, str]) -> tuple[tuple[int, ...] | None, str | None]:
    """The version and the file that says so: a lock file first, then an exact pin, then a bound."""
    for path in sorted(files):
        if path.endswith(".lock") and (match := _LOCK.search(files[path])):
            return _version(match["version"]), path
    found: list[tuple[int, str, str]] = []
    for path, text in sorted(files.items()):
        if path.endswith(".lock"):
            continue
        for match in _REQUIREMENT.finditer(text):
            strength = _STRENGTH.get(match["operator"], 3)
            if strength < 4:
                found.append((strength, match["version"], path))
    if not found:
        return None, None
    _, version, path = min(found, key=lambda item: item[0])
    return _version(version), path


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())
