"""Sqitch's plan: which changes there are, and in which order they are deployed.

https://sqitch.org/docs/manual/sqitchplan/
"""

import re
from collections.abc import Iterable, Mapping

from migration_ls.sources.migrations import MigrationName, MigrationRole

_CHANGE = re.compile(r"(?P<sign>[+-]?)[ \t]*(?P<name>[^\s@%#:+\[-][^\s\[]*)(?:[ \t].*)?\Z")
_TAG = re.compile(r"@(?P<tag>[^\s@]+)")
_ROLES: Mapping[str, MigrationRole] = {"deploy": "forward", "revert": "rollback", "verify": "validate"}


def planned_changes(text: str) -> tuple[str, ...]:
    """The changes of a plan in order, each as its scripts are called; total.

    A change that was worked over stands in the plan twice: the scripts of the first are called by the tag behind it.
    """
    found: list[str] = []
    for line in re.split(r"\r\n|\n|\r", text):
        bare = line.strip()
        if tag := _TAG.match(bare):
            _pinned_by(found, tag["tag"], bare, text)
            continue
        change = _CHANGE.match(bare)
        if change is None:
            continue
        if change["sign"] == "-":
            found = [name for name in found if name != change["name"]]
        else:
            found.append(change["name"])
    return tuple(found)


def _pinned_by(found: list[str], tag: str, line: str, text: str) -> None:
    """Changes in front of the tag that stand behind it again are kept as `name@tag`."""
    behind = text.partition(line)[2]
    for number, name in enumerate(found):
        if "@" not in name and re.search(rf"^[ \t]*\+?[ \t]*{re.escape(name)}(?=[ \t\r\n\[]|\Z)", behind, re.MULTILINE):
            found[number] = f"{name}@{tag}"


def sqitch_names(plan: str, text: str, paths: Iterable[str]) -> dict[str, MigrationName]:
    """What the scripts beside a plan are for: those of `deploy`, `revert` and `verify` that it names."""
    top = plan.rpartition("/")[0]
    prefix = f"{top}/" if top else ""
    numbers = {name: number for number, name in enumerate(planned_changes(text))}
    found: dict[str, MigrationName] = {}
    for path in paths:
        kind, _, rest = path.removeprefix(prefix).partition("/")
        name = rest.removesuffix(".sql")
        if not path.startswith(prefix) or kind not in _ROLES:
            continue
        number = numbers.get(name)
        role: MigrationRole = "other" if number is None else _ROLES[kind]
        found[path] = MigrationName(
            folder=top, version=name, sort_key=(number or 0,), name=name, role=role, style="sqitch"
        )
    return found
