"""What the running application would send to a database, made from the database itself; and what it keeps."""

from collections.abc import Mapping
from dataclasses import dataclass

from migration_ls.postgres.quoting import identifier, identifiers, literal, qualified
from migration_ls.verification.database import Connection

_RELATIONS = """
SELECT c.oid, n.nspname, c.relname, c.relkind::text, c.relispartition,
  ARRAY(SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
  ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
  ARRAY(SELECT a.attgenerated <> '' OR a.attidentity = 'a' FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
  ARRAY(SELECT a.atthasdef OR a.attidentity <> '' FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
  ARRAY(SELECT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY (i.indkey::int2[]))
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
  ARRAY(SELECT format_type(a.atttypid, NULL) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY n.nspname, c.relname
"""
_NUMBERS = {"integer", "bigint", "smallint", "numeric"}


@dataclass(frozen=True, slots=True)
class _Relation:
    oid: int
    namespace: str
    name: str
    kind: str
    is_partition: bool
    numbers: list[int]
    columns: list[str]
    computed: list[bool]
    has_default: list[bool]
    in_key: list[bool]
    types: list[str]

    @property
    def sql(self) -> str:
        return qualified(self.namespace, self.name)


def _relations(connection: Connection) -> list[_Relation]:
    return [_Relation(*row) for row in connection.execute(_RELATIONS).fetchall()]  # type: ignore[arg-type]


def statements(connection: Connection) -> list[str]:
    """Selects, inserts, updates and deletes on everything there is; some may fail even now."""
    found: list[str] = []
    for relation in _relations(connection):
        if relation.columns:
            found.append(f"SELECT {identifiers(tuple(relation.columns))} FROM {relation.sql}")
        if relation.kind in "rp" and not relation.is_partition and relation.columns:
            found += _writes(connection, relation)
    return found


def _writes(connection: Connection, relation: _Relation) -> list[str]:
    found: list[str] = []
    shown = ", ".join(f"{identifier(column)}::text" for column in relation.columns)
    row = connection.execute(f"SELECT {shown} FROM {relation.sql} LIMIT 1".encode()).fetchone()
    if row is not None:
        values = [
            _fresh(value, kind) if key else value
            for value, key, kind in zip(row, relation.in_key, relation.types, strict=True)
        ]
        written = [place for place, computed in enumerate(relation.computed) if not computed]
        found.append(_insert(relation, written, values))
        found.append(_insert(relation, [place for place in written if not relation.has_default[place]], values))
    for place, column in enumerate(relation.columns):
        if not relation.computed[place]:
            found.append(f"UPDATE {relation.sql} SET {identifier(column)} = {identifier(column)}")
    found.append(f"DELETE FROM {relation.sql} WHERE {identifier(relation.columns[0])} IS NULL")
    return found


def _fresh(value: object, kind: str) -> object:
    if value is None:
        return None
    if kind in _NUMBERS:
        return str(int(float(str(value))) + 1_000_000 % 30_000)
    return f"{value}~" if kind in {"text", "character varying"} else value


def _insert(relation: _Relation, places: list[int], values: list[object]) -> str:
    if not places:
        return f"INSERT INTO {relation.sql} DEFAULT VALUES"
    names = identifiers(tuple(relation.columns[place] for place in places))
    given = ", ".join("NULL" if values[place] is None else literal(str(values[place])) for place in places)
    return f"INSERT INTO {relation.sql} ({names}) VALUES ({given})"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored in a table: how many rows, and how many values of each column differ or are NULL."""

    rows: int
    distinct: Mapping[int, tuple[int, int]]


def kept(connection: Connection) -> dict[int, Kept]:
    """What each table stores, by object identifier and column number, so that names may change."""
    found: dict[int, Kept] = {}
    for relation in _relations(connection):
        if relation.kind != "r":
            continue
        counts = "".join(f", count(DISTINCT {c}::text), count({c})" for c in map(identifier, relation.columns))
        row = connection.execute(f"SELECT count(*){counts} FROM ONLY {relation.sql}".encode()).fetchone()
        assert row is not None
        numbers = [int(str(value)) for value in row]
        pairs = zip(relation.numbers, numbers[1::2], numbers[2::2], strict=True)
        found[relation.oid] = Kept(numbers[0], {number: (distinct, filled) for number, distinct, filled in pairs})
    return found


def lost(before: dict[int, Kept], after: dict[int, Kept]) -> bool:
    """Whether something that was stored is not there any more."""
    for oid, old in before.items():
        new = after.get(oid)
        if old.rows == 0:
            continue
        if new is None or new.rows < old.rows:
            return True
        for number, (distinct, filled) in old.distinct.items():
            if filled and (number not in new.distinct or new.distinct[number][0] < distinct):
                return True
    return False
