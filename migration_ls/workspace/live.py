"""A named database as a source: its catalogs, row counts and recorded migrations, read in one read-only transaction."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migration_ls.postgres.versions import NEWEST, OLDEST
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.workspace.settings import Settings, TableSettings

if TYPE_CHECKING:
    from migration_ls.verification.database import Connection

_CONNECT_SECONDS = 5
_BEGIN = """
BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL statement_timeout = '30s';
SET LOCAL lock_timeout = '2s';
SET LOCAL idle_in_transaction_session_timeout = '60s';
SET LOCAL search_path = public;
"""
# What the planner believes, not what a count would find: nothing but catalogs is read, and no table is locked.
_SIZES = """
SELECT n.nspname, c.relname,
  CASE WHEN c.reltuples >= 0 THEN c.reltuples ELSE pg_stat_get_live_tuples(c.oid) END::bigint,
  (c.relpages + coalesce(t.relpages, 0))::bigint * current_setting('block_size')::bigint
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY 1, 2
"""
_PARTITIONS = """
SELECT pn.nspname, p.relname, n.nspname, c.relname
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
WHERE p.relkind = 'p' AND c.relkind IN ('r', 'p')
"""
_RECORDS = """
SELECT n.nspname, c.relname, array_agg(a.attname::text), has_table_privilege(c.oid, 'SELECT')
  AND has_schema_privilege(n.oid, 'USAGE')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relname IN ('schema_migrations', 'flyway_schema_history', 'goose_db_version', 'alembic_version')
  AND c.relkind IN ('r', 'p')
GROUP BY c.oid, n.oid, n.nspname, c.relname
"""


class LiveError(Exception):
    """The database cannot be read; the message says why, without secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many rows a table has and how many bytes it takes without its indexes, as the statistics tell."""

    rows: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Which migrations a runner has recorded as applied: single versions, or all up to one."""

    runner: str
    versions: frozenset[str] = frozenset()
    up_to: str | None = None

    def has(self, version: str) -> bool:
        """Whether the migration of that version was applied."""
        if self.up_to is not None:
            return _number(version) <= _number(self.up_to)
        return _number(version) in {_number(known) for known in self.versions}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Live:
    """What a database has. `recorded` is None where no runner keeps a record that the role may read."""

    schema: Schema
    major: int
    sizes: Mapping[Name, Size] = field(default_factory=dict)
    recorded: Recorded | None = None


def read_live(dsn: str) -> Live:
    """What the database that the DSN names has. Writes nothing, and locks nothing but catalogs, to read them.

    Raises:
        LiveError: It cannot be reached, or is older than what is supported, or takes too long.
    """
    import psycopg

    from migration_ls.verification.database import without_secrets

    try:
        connection = psycopg.connect(
            dsn,
            autocommit=True,
            prepare_threshold=None,
            client_encoding="utf8",
            connect_timeout=_CONNECT_SECONDS,
            application_name="migration-ls",
        )
    except (psycopg.Error, UnicodeError) as error:
        raise LiveError(f"The database cannot be reached: {without_secrets(error, dsn)}") from None
    try:
        with connection:
            major = connection.info.server_version // 10_000
            if major < OLDEST:
                raise LiveError(f"The database runs PostgreSQL {major}, and {OLDEST} is the oldest that is known")
            return _read(connection, major)
    except psycopg.Error as error:
        raise LiveError(f"The database cannot be read: {without_secrets(error, dsn)}") from None


def measured(settings: Settings, live: Live) -> Settings:
    """The settings with what a database tells where they say nothing: its major, row counts and sizes of tables."""
    tables = dict(settings.tables)
    for name, size in live.sizes.items():
        known = tables.get(str(name), TableSettings())
        told = {key: value for key, value in (("rows", known.rows), ("size", known.size)) if value is not None}
        tables[str(name)] = TableSettings(**({"rows": size.rows, "size": size.bytes} | told))
    major = settings.postgres if "postgres" in settings.model_fields_set else min(live.major, NEWEST)
    return settings.model_copy(update={"tables": tables, "postgres": major})


def _read(connection: "Connection", major: int) -> Live:
    from migration_ls.sources.catalog.reader import Row, read_catalog
    from migration_ls.verification.catalog_queries import CATALOG_QUERY

    connection.execute(_BEGIN)
    rows: list[Row] = [
        (str(kind), str(name), properties)
        for kind, name, properties in connection.execute(CATALOG_QUERY).fetchall()
        if isinstance(properties, dict)
    ]
    live = Live(schema=read_catalog(rows), major=major, sizes=_sizes(connection), recorded=_recorded(connection))
    connection.execute("ROLLBACK")
    return live


def _sizes(connection: "Connection") -> Mapping[Name, Size]:
    found: dict[Name, Size] = {}
    for namespace, name, rows, size in connection.execute(_SIZES).fetchall():
        found[Name(str(name), str(namespace))] = Size(rows=int(str(rows)), bytes=int(str(size)))
    parts: dict[Name, list[Name]] = {}
    for parent_space, parent, space, name in connection.execute(_PARTITIONS).fetchall():
        parts.setdefault(Name(str(parent), str(parent_space)), []).append(Name(str(name), str(space)))

    def whole(name: Name) -> Size:
        children = [whole(part) for part in parts.get(name, ())]
        own = found.get(name, Size(rows=0, bytes=0))
        if not children:
            return own
        return Size(rows=sum(item.rows for item in children), bytes=sum(item.bytes for item in children))

    return {name: whole(name) for name in found}


def _recorded(connection: "Connection") -> Recorded | None:
    """What the record of a runner says; the first that may be read, where there are several."""
    from psycopg import sql

    for namespace, name, columns, readable in connection.execute(_RECORDS).fetchall():
        if readable is not True or not isinstance(columns, list):
            continue
        column, condition = _RECORD_COLUMNS[str(name)]
        if column not in columns:
            continue
        query = sql.SQL("SELECT {}::text FROM {}.{}" + condition).format(
            sql.Identifier(column), sql.Identifier(str(namespace)), sql.Identifier(str(name))
        )
        versions = frozenset(str(row[0]) for row in connection.execute(query).fetchall() if row[0] is not None)
        if str(name) == "schema_migrations" and "dirty" in columns:
            return Recorded(runner="golang-migrate", up_to=max(versions, key=_number, default="0"))
        return Recorded(runner=_RUNNERS[str(name)], versions=versions)
    return None


_RECORD_COLUMNS = {
    "schema_migrations": ("version", ""),
    "flyway_schema_history": ("version", " WHERE success"),
    "goose_db_version": ("version_id", " WHERE is_applied"),
    "alembic_version": ("version_num", ""),
}
_RUNNERS = {
    "schema_migrations": "dbmate",
    "flyway_schema_history": "flyway",
    "goose_db_version": "goose",
    "alembic_version": "alembic",
}


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)) or (0,)
