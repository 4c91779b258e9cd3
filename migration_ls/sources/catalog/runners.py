"""The tables in which migration runners record what they applied, and what these records say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BOOKKEEPING = frozenset(
    {
        "__diesel_schema_migrations",
        "_prisma_migrations",
        "_sqlx_migrations",
        "alembic_version",
        "flyway_schema_history",
        "goose_db_version",
        "schema_migrations",
    }
)
"""Tables that runners of migrations keep for themselves: Alembic, dbmate, golang-migrate, Flyway, goose and others."""
RECORD_QUERY = "SELECT to_jsonb(t) FROM {} AS t"
"""All rows of such a table; which columns it has depends on the runner's version."""

Row = Mapping[str, Any]


def is_bookkeeping(name: str) -> bool:
    """Whether a relation of that name is some runner's own."""
    return name in BOOKKEEPING or name == "goose_db_version_id_seq"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a runner recorded as applied.

    `table` is where. `versions` are single versions, `files` names of files. Everything up to `up_to` counts as applied
    as well: golang-migrate records the last version alone, and Flyway's baseline stands for all before it. `heads` says
    that the versions are Alembic's heads: what they build on is applied too. `unfinished` is a version that the runner
    began and did not end.
    """

    table: str
    versions: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    up_to: str | None = None
    heads: bool = False
    unfinished: str | None = None

    def has(self, version: str, file: str = "") -> bool:
        """Whether the migration of that version, or the file of that name, was applied."""
        if (version and plain_version(version) in self.versions) or file in self.files:
            return True
        return bool(version and self.up_to) and _ordered(version) <= _ordered(self.up_to or "")

    @staticmethod
    def is_of(version: str, recorded_version: str) -> bool:
        """Whether a file's version is the one of the record."""
        return bool(version) and plain_version(version) == plain_version(recorded_version)


def plain_version(version: str) -> str:
    """A version in the one form that files and records share: `007` is `7`, `1_2` is `1.2`."""
    return ".".join(part.lstrip("0") or "0" for part in version.replace("_", ".").split("."))


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in plain_version(version).split("."))


def recorded(table: str, rows: Iterable[Row]) -> Recorded:
    """What the rows of a runner's table say; `table` is one of `BOOKKEEPING`."""
    return _READERS.get(table, _versions)(table, list(rows))


def _versions(table: str, rows: Sequence[Row]) -> Recorded:
    """dbmate, golang-migrate (whose one row says `dirty`), sqlx and Diesel."""
    if any("dirty" in row for row in rows):
        last = max((str(row["version"]) for row in rows), key=_ordered, default="0")
        dirty = any(row["dirty"] is True for row in rows)
        # a migration that did not end is not applied, but nobody knows how much of it is there
        return Recorded(table=table, up_to=last, unfinished=last if dirty else None)
    done = (plain_version(str(row["version"])) for row in rows if "version" in row and row.get("success") is not False)
    return Recorded(table=table, versions=frozenset(done))


def _heads(table: str, rows: Sequence[Row]) -> Recorded:
    return Recorded(table=table, versions=frozenset(str(row.get("version_num")) for row in rows), heads=True)


def _flyway(table: str, rows: Sequence[Row]) -> Recorded:
    versions: set[str] = set()
    files: set[str] = set()
    baseline: str | None = None
    unfinished: str | None = None
    for row in sorted(rows, key=lambda row: row.get("installed_rank") or 0):
        version, kind = row.get("version"), str(row.get("type") or "SQL")
        if row.get("success") is False:
            unfinished = str(version or row.get("script"))
        elif version is None:
            files.add(str(row.get("script")).rpartition("/")[2])
        elif kind.startswith("UNDO"):
            versions.discard(plain_version(version))
        else:
            versions.add(plain_version(version))
            baseline = str(version) if kind == "BASELINE" else baseline
    return Recorded(
        table=table,
        versions=frozenset(versions),
        files=frozenset(files),
        up_to=baseline,
        unfinished=unfinished if unfinished is not None and plain_version(unfinished) not in versions else None,
    )


def _goose(table: str, rows: Sequence[Row]) -> Recorded:
    """The newest row of a version tells whether it is applied."""
    ordered = sorted(rows, key=lambda row: row.get("id") or 0)
    state = {plain_version(str(row.get("version_id"))): row.get("is_applied") is True for row in ordered}
    return Recorded(table=table, versions=frozenset(version for version, there in state.items() if there))


def _prisma(table: str, rows: Sequence[Row]) -> Recorded:
    done: set[str] = set()
    unfinished: str | None = None
    for row in rows:
        if row.get("rolled_back_at") is not None:
            continue
        version = str(row.get("migration_name")).partition("_")[0]
        if row.get("finished_at") is None:
            unfinished = version
        else:
            done.add(plain_version(version))
    return Recorded(table=table, versions=frozenset(done), unfinished=unfinished)


_READERS: Mapping[str, Callable[[str, Sequence[Row]], Recorded]] = {
    "alembic_version": _heads,
    "flyway_schema_history": _flyway,
    "goose_db_version": _goose,
    "_prisma_migrations": _prisma,
}
