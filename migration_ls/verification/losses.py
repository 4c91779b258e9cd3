"""What a rollback is said not to bring back: differences that it may leave, and those that nothing speaks of."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from migration_ls.schema.names import Name
from migration_ls.verification.catalog import Catalog, rows, rows_difference
from migration_ls.verification.database import Database

_OVER = re.compile(r"\bON (?:ONLY )?(?P<relation>.+?) USING\b")
_OWNED = re.compile(r"\bowned_by: (?P<owner>[^;]+)\.[^;.]+;")
_USUAL = re.compile(r"(?<![\w.])public\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Differences that a rollback leaves: those that a loss speaks of, and those that none does."""

    said: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()


def catalog_left(before: Catalog, found: Sequence[str], losses: Sequence[str]) -> Left:
    """What losses say of `found`, the differences of a catalog to `before`.

    They are about the objects that they name, the parts of those, and what stood on them: the index of a column that
    is lost is lost.
    """
    if not losses:
        return Left(unsaid=tuple(found))
    texts: dict[str, list[str]] = {}
    columns: list[str] = []
    for (kind, name), properties in before.objects.items():
        texts.setdefault(_plain(name), []).extend(
            f"{part}: {_plain(str(value))};" for part, value in properties.items()
        )
        if kind == "column" and any(_names(loss, _plain(name)) for loss in losses):
            columns.append(_plain(name))
    said: list[str] = []
    unsaid: list[str] = []
    for item in found:
        name = _about(item)
        parent = name.rpartition(".")[0]
        known = any(_names(loss, name) or (parent and _names(loss, parent)) for loss in losses)
        if not known and item.endswith("is missing"):
            known = _stood_on_lost(parent, " ".join(texts.get(name, ())), columns, losses)
        (said if known else unsaid).append(item)
    return Left(said=tuple(said), unsaid=tuple(unsaid))


def _stood_on_lost(parent: str, text: str, columns: Iterable[str], losses: Iterable[str]) -> bool:
    """Whether an object was over a table or column that is lost, as its definition tells, or counted for one."""
    over = _OVER.search(text)
    relation = over["relation"] if over else parent
    owners = {relation, *(match["owner"] for match in _OWNED.finditer(text))} - {""}
    if any(_names(loss, owner) for loss in losses for owner in owners):
        return True
    pairs = [column.rpartition(".") for column in columns]
    return any(
        _names(text, f"{table}.{name}") or (table == relation and _names(text, name)) for table, _, name in pairs
    )


def rows_left(before: Database, after: Database, found: Sequence[str], losses: Sequence[str]) -> Left:
    """What losses say of `found`, the differences of the rows of two databases.

    A loss that names columns is about their values alone: everything else in their tables has to be what it was. One
    that names a table and none of its columns is about its rows.
    """
    if not found or not losses:
        return Left(unsaid=tuple(found))
    columns = _columns(before, losses)
    spoken = [f"{table}.{column}" for table, names in columns.items() for column in names]
    whole = [loss for loss in losses if not any(_names(loss, name) for name in spoken)]
    rest = rows_difference(rows(before, columns), rows(after, columns))
    unsaid = tuple(item for item in rest if not any(_names(loss, _about(item)) for loss in whole))
    tables = {_about(item) for item in unsaid}
    return Left(said=tuple(item for item in found if _about(item) not in tables), unsaid=unsaid)


def words(left: Left) -> tuple[str, ...]:
    """What is lost and was said to be, for people."""
    return tuple(f"{item}: the rollback says that it cannot bring that back" for item in left.said)


def staying(new_labels: Mapping[Name, Iterable[str]]) -> tuple[str, ...]:
    """What no rollback takes back, for people."""
    return tuple(
        f"the label `{label}` of `{name}` stays, since PostgreSQL cannot take it away"
        for name, labels in new_labels.items()
        for label in labels
    )


def _columns(database: Database, losses: Sequence[str]) -> Mapping[Name, frozenset[str]]:
    """The columns that losses name."""
    named: dict[Name, set[str]] = {}
    with database.connect() as connection:
        for namespace, table, column in connection.execute(_COLUMNS).fetchall():
            name = Name(str(table), str(namespace))
            if any(_names(loss, f"{name}.{column}") for loss in losses):
                named.setdefault(name, set()).add(str(column))
    return {name: frozenset(columns) for name, columns in named.items()}


def _about(item: str) -> str:
    """The object that a difference is about, as losses name it."""
    return _plain(item.split("`")[1])


def _plain(text: str) -> str:
    """Names as losses spell them: without quotes and the usual namespace."""
    return _USUAL.sub("", text.replace('"', ""))


def _names(loss: str, name: str) -> bool:
    """Whether a loss names an object; `tasks` is not named by `tasks.note`."""
    plain = re.escape(" ".join(_plain(name).split()))
    return re.search(rf"(?<![\w.]){plain}(?!\w|\.\w)", " ".join(_plain(loss).split())) is not None


_COLUMNS = """
SELECT n.nspname, c.relname, a.attname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY 1, 2, 3
"""
