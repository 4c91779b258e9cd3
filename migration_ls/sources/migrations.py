"""Names of migration files: what they tell of order and purpose, and what the next one is called.

Known habits: `001_x.sql` with `001_x_rollback.sql` beside it, time stamps, Flyway's `V1__x.sql`, golang-migrate's
`.up.sql`, Prisma's `<stamp>_x/migration.sql` and Diesel's `<stamp>_x/up.sql`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

MigrationRole = Literal[
    "forward", "rollback", "validate", "rename", "backfill", "finish", "switch", "contract", "other"
]
MigrationStyle = Literal["plain", "flyway", "up-down", "prisma", "diesel", "sqitch", "alembic"]

_STAMP = r"(?:19|20)\d{2}[-_]?[01]\d[-_]?[0-3]\d(?:[-T_]?[0-2]\d[-:_]?[0-5]\d(?:[-:_]?[0-5]\d)?(?:\.\d+)?Z?)?(?!\d)"
_VERSION = rf"(?P<version>{_STAMP}|\d+(?:\.\d+)*[a-z]?)"
_NAMED = re.compile(rf"{_VERSION}(?:[-_. ]+(?P<name>.*))?\Z")
_FLYWAY = re.compile(r"(?P<kind>[VU])(?P<version>\d+(?:[._]\d+)*)__(?P<name>.+)\Z")
_REPEATABLE = re.compile(r"R__(?P<name>.+)\Z")
_SUFFIX = re.compile(
    r"(?:(?P<name>.*)[-_.])?"
    r"(?:(?P<rollback>rollback|down|revert|undo)|(?P<validate>validate|validation|verify)|(?P<backfill>backfill)"
    r"|(?P<finish>finish)|(?P<switch>switch)|(?P<rename>rename)|(?P<contract>contract)|(?P<forward>up|forward))\Z",
    re.IGNORECASE,
)
_ROLLBACK_FOLDERS = frozenset({"rollback", "rollbacks", "down", "undo", "revert"})
_RANK: dict[MigrationRole, int] = {
    "forward": 0,
    "rename": 1,
    "backfill": 2,
    "finish": 3,
    "switch": 4,
    "contract": 5,
    "validate": 6,
    "rollback": 7,
    "other": 8,
}
_LAST = (10**20,)


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationName:
    """What a file's name says: its version as written, where it stands in the order, and what it is for.

    `folder` is the migrations folder. A version is empty for files that have none; they come last.
    """

    folder: str
    version: str
    sort_key: tuple[int, ...]
    name: str
    role: MigrationRole
    style: MigrationStyle = "plain"


def classify(path: str) -> MigrationName | None:
    """What the name of a file, its path with `/`, says; None for files that are no SQL."""
    folder, _, file = path.rpartition("/")
    if not file.lower().endswith(".sql"):
        return None
    stem = file[:-4]
    upper, _, parent = folder.rpartition("/")
    if stem.lower() in {"migration", "up", "down"} and (found := _NAMED.match(parent)):
        role: MigrationRole = "rollback" if stem.lower() == "down" else "forward"
        style: MigrationStyle = "prisma" if stem.lower() == "migration" else "diesel"
        return _named(upper, found["version"], found["name"] or "", role, style)
    if found := _FLYWAY.match(stem):
        plain = _plain(folder, found["version"], found["name"])
        role = "rollback" if found["kind"] == "U" else plain.role
        return _named(folder, found["version"], plain.name, role, "flyway")
    if found := _REPEATABLE.match(stem):
        # Flyway runs them after all others.
        return MigrationName(
            folder=folder, version="", sort_key=_LAST, name=found["name"], role="forward", style="flyway"
        )
    if parent.lower() in _ROLLBACK_FOLDERS and (found := _NAMED.match(stem)):
        return _named(upper, found["version"], found["name"] or "", "rollback", "plain")
    if found := _NAMED.match(stem):
        return _plain(folder, found["version"], found["name"] or "")
    return MigrationName(folder=folder, version="", sort_key=_LAST, name=stem, role="other")


def _plain(folder: str, version: str, rest: str) -> MigrationName:
    style: MigrationStyle = "up-down" if rest.lower().endswith((".up", ".down")) or rest in {"up", "down"} else "plain"
    suffix = _SUFFIX.match(rest)
    if suffix is None:
        return _named(folder, version, rest, "forward", style)
    role: MigrationRole = "forward"
    for candidate in _RANK:
        if candidate in suffix.re.groupindex and suffix[candidate]:
            role = candidate
    if style == "up-down" and role == "forward" and (phase := _SUFFIX.match(suffix["name"] or "")):
        # `x_contract.up.sql`: what runs later than the rest
        later: list[MigrationRole] = [item for item in _LATER if phase[item]]
        role = later[0] if later else role
    return _named(folder, version, suffix["name"] or "", role, style)


_LATER: tuple[MigrationRole, ...] = ("contract", "switch", "finish", "rename")


def _named(folder: str, version: str, name: str, role: MigrationRole, style: MigrationStyle) -> MigrationName:
    return MigrationName(folder=folder, version=version, sort_key=_sort_key(version), name=name, role=role, style=style)


def _sort_key(version: str) -> tuple[int, ...]:
    """Numbers in order; a time stamp is one number of fourteen digits, whatever it leaves out."""
    if re.fullmatch(_STAMP, version):
        digits = re.sub(r"\D", "", version.partition(".")[0])
        fraction = re.sub(r"\D", "", version.partition(".")[2])
        return (int(digits[:14].ljust(14, "0")), int(fraction or 0))
    letter = ord(version[-1]) if version[-1:].isalpha() else 0
    numbers = tuple(int(part) for part in re.findall(r"\d+", version))
    return (*numbers, letter) if letter else numbers


def sorted_migrations(names: Mapping[str, MigrationName]) -> list[str]:
    """The paths in the order they run; of one version the forward file first."""
    return sorted(
        names, key=lambda path: (names[path].sort_key, names[path].folder, _RANK[names[path].role], names[path].name)
    )


def same_version(names: Mapping[str, MigrationName]) -> tuple[tuple[str, str], ...]:
    """Pairs of forward files of one folder that took the same version, in order."""
    seen: dict[tuple[str, tuple[int, ...]], str] = {}
    pairs: list[tuple[str, str]] = []
    for path in sorted_migrations(names):
        name = names[path]
        if name.role != "forward" or not name.version:
            continue
        first = seen.setdefault((name.folder, name.sort_key), path)
        if first != path:
            pairs.append((first, path))
    return tuple(pairs)


def next_version(paths: Iterable[str], now: datetime) -> str:
    """What to put before `_name` for the next migration, as the files of the folder have it.

    The next number in the same width, or the time stamp of `now` in the same form; `001` in an empty folder. Flyway's
    comes with its `V` and first underscore: `V5_`.
    """
    names = {path: name for path in paths if (name := classify(path)) is not None and name.version}
    ordered = [
        path
        for path in sorted_migrations(names)
        if names[path].role in {"forward", "rename", "finish", "switch", "contract"}
    ]
    if not ordered:
        return "001"
    last = names[ordered[-1]]
    version = _next_stamp(last, now) or _next_number(last.version, now)
    return f"V{version}_" if last.style == "flyway" else version


_TIMES = {
    8: ("%Y%m%d", timedelta(days=1)),
    12: ("%Y%m%d%H%M", timedelta(minutes=1)),
    14: ("%Y%m%d%H%M%S", timedelta(seconds=1)),
    17: ("%Y%m%d%H%M%S%f", timedelta(milliseconds=1)),
    20: ("%Y%m%d%H%M%S%f", timedelta(microseconds=1)),
}
"""The forms of stamps by how many digits they have, and the step from one to the next."""


_DATE = re.compile(r"(?:19|20)\d{2}\.[01]\d\.[0-3]\d")


def _next_stamp(last: MigrationName, now: datetime) -> str | None:
    if _DATE.fullmatch(last.version):
        today = _formed(last.version, f"{now:%Y%m%d}")
        return today if today > last.version else _later(last.version)
    if not re.fullmatch(_STAMP, last.version):
        return None
    stamp = _formed(last.version, f"{now:%Y%m%d%H%M%S%f}000")
    return stamp if _sort_key(stamp) > last.sort_key else _later(last.version) or _next_number(last.version, now)


def _later(version: str) -> str | None:
    """The next time that there is in the form of a stamp: a second, minute or day later; None where it is no time."""
    digits = "".join(char for char in version if char.isdigit())
    form, unit = _TIMES.get(len(digits), ("", timedelta()))
    try:
        following = datetime.strptime(digits, form) + unit  # noqa: DTZ007 - in whatever zone the folder's stamps are
    except (ValueError, OverflowError):
        return None
    return _formed(version, f"{following:%Y%m%d%H%M%S%f}")


def _formed(pattern: str, digits: str) -> str:
    """A time's digits in the form of another stamp: as many of them, and the same signs between."""
    rest = iter(digits)
    return "".join(next(rest, "0") if char.isdigit() else char for char in pattern)


def _next_number(version: str, now: datetime) -> str:
    """The last number of the version one higher; seconds or milliseconds of the epoch stay such."""
    version = version.rstrip("abcdefghijklmnopqrstuvwxyz")
    if version.isdigit() and len(version) in {10, 13}:
        epoch = int(now.timestamp() * (1 if len(version) == 10 else 1000))
        return str(max(epoch, int(version) + 1))
    head = version.rstrip("0123456789")
    number = version[len(head) :] or "0"
    return f"{head}{int(number) + 1:0{len(number)}d}"


def migration_path(folder: str, version: str, name: str, role: MigrationRole, style: MigrationStyle = "plain") -> str:
    """The path of a new migration in the folder's style; `version` is what `next_version` gave."""
    prefix = f"{folder}/" if folder else ""
    match style, role:
        case "flyway", "rollback":
            return f"{prefix}U{version.removeprefix('V')}_{name}.sql"
        case "up-down", "forward":
            return f"{prefix}{version}_{name}.up.sql"
        case "up-down", "rollback":
            return f"{prefix}{version}_{name}.down.sql"
        case "prisma", "forward":
            return f"{prefix}{version}_{name}/migration.sql"
        case "diesel", "forward":
            return f"{prefix}{version}_{name}/up.sql"
        case "sqitch", _:
            kind = {"rollback": "revert", "validate": "verify"}.get(role, "deploy")
            part = "" if role in {"forward", "rollback", "validate"} else f"_{role}"
            return f"{prefix}{kind}/{name}{part}.sql"
        case (("prisma" | "diesel"), "rollback"):
            return f"{prefix}{version}_{name}/down.sql"
        case _, "forward":
            return f"{prefix}{version}_{name}.sql"
        case _:
            return f"{prefix}{version}_{name}_{role}.sql"
