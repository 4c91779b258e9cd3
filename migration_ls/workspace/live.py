"""A named database as a source: its catalogs, row counts and recorded migrations, read in one read-only transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migration_ls.postgres.quoting import identifier
from migration_ls.postgres.versions import NEWEST, OLDEST
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.sources.catalog.runners import BOOKKEEPING, RECORD_QUERY, Recorded, recorded
from migration_ls.sources.catalog.sizes import BELIEVED_SIZES, MEASURED_SIZES, Size, sizes_of
from migration_ls.workspace.settings import Settings, TableSettings

if TYPE_CHECKING:
    from migration_ls.verification.database import Connection

_CONNECT_SECONDS = 5
_BEGIN = """
BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL statement_timeout = '30s';
SET LOCAL lock_timeout = '2s';
SET LOCAL idle_in_transaction_session_timeout = '60s';
SET LOCAL default_transaction_read_only = on;
SET LOCAL search_path = public;
"""
_RECORDS = """
SELECT n.nspname, c.relname, has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = ANY (%s) AND c.relkind IN ('r', 'p') ORDER BY 1, 2
"""


class LiveError(Exception):
    """The database cannot be read; the message says why and `help` the way out, both without secrets."""

    def __init__(self, message: str, way_out: str = "") -> None:
        super().__init__(message)
        self.help = way_out or "Look at host, port, role and rights: CONNECT is all that is needed"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Live:
    """What a database has.

    `statements` would make the same again; `unread` are those that were not understood. `records` are those that
    runners of migrations keep and the role may read, `unreadable` the tables of the others.
    """

    schema: Schema
    major: int
    statements: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    sizes: Mapping[Name, Size] = field(default_factory=dict)
    records: tuple[Recorded, ...] = ()
    unreadable: tuple[Name, ...] = ()


def read_live(dsn: str) -> Live:
    """What the database that the DSN names has. Writes nothing, and locks nothing but catalogs, to read them.

    Raises:
        LiveError: It cannot be reached, or is older than what is supported, or takes too long.
    """
    import psycopg

    from migration_ls.verification.database import without_secrets

    dsn = _plain(dsn)
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
    except psycopg.errors.LockNotAvailable:
        raise LiveError(
            "The database cannot be read now: another session, perhaps a migration, keeps all others from a table",
            "Try again when that session has ended: `pg_locks` and `pg_stat_activity` show which one it is",
        ) from None
    except psycopg.Error as error:
        raise LiveError(f"The database cannot be read: {without_secrets(error, dsn)}") from None


def _plain(dsn: str) -> str:
    """The DSN as libpq takes it: SQLAlchemy's URLs name a driver too, and asyncpg's `ssl` is `sslmode`."""
    scheme, separator, rest = dsn.partition("://")
    if separator and scheme.startswith(("postgresql+", "postgres+")):
        return f"postgresql://{rest.replace('?ssl=', '?sslmode=').replace('&ssl=', '&sslmode=')}"
    return dsn


def measured(settings: Settings, live: Live) -> Settings:
    """The settings with what a database tells where they say nothing: its major, row counts and sizes of tables."""
    tables = dict(settings.tables)
    for name, size in live.sizes.items():
        known = tables.get(str(name), TableSettings())
        told = {key: value for key, value in (("rows", known.rows), ("size", known.size)) if value is not None}
        counted = {} if size.rows is None else {"rows": size.rows}
        tables[str(name)] = TableSettings(**({"size": size.bytes} | counted | told))
    major = settings.postgres if "postgres" in settings.model_fields_set else min(live.major, NEWEST)
    return settings.model_copy(update={"tables": tables, "postgres": major})


def _read(connection: "Connection", major: int) -> Live:
    from migration_ls.sources.catalog.query import CATALOG_QUERY
    from migration_ls.sources.catalog.reader import read_catalog

    connection.execute(_BEGIN)
    catalog = read_catalog(connection.execute(CATALOG_QUERY).fetchall())
    records, unreadable = _records(connection)
    live = Live(
        schema=catalog.schema,
        statements=catalog.statements,
        unread=catalog.unread,
        major=major,
        sizes=_sizes(connection),
        records=records,
        unreadable=unreadable,
    )
    connection.execute("ROLLBACK")
    return live


def _sizes(connection: "Connection") -> Mapping[Name, Size]:
    """The sizes on disk; as last counted where a migration holds one of the tables now."""
    import psycopg

    connection.execute("SAVEPOINT sizes; SET LOCAL lock_timeout = '200ms'")
    try:
        return sizes_of(connection.execute(MEASURED_SIZES).fetchall())
    except psycopg.errors.LockNotAvailable:
        connection.execute("ROLLBACK TO SAVEPOINT sizes")
        return sizes_of(connection.execute(BELIEVED_SIZES).fetchall())


def _records(connection: "Connection") -> tuple[tuple[Recorded, ...], tuple[Name, ...]]:
    """What runners recorded, and the tables of records that the role may not read."""
    found: list[Recorded] = []
    unreadable: list[Name] = []
    for namespace, name, readable in connection.execute(_RECORDS, (sorted(BOOKKEEPING),)).fetchall():
        table = Name(str(name), str(namespace))
        if readable is True:
            query = RECORD_QUERY.format(f"{identifier(table.namespace)}.{identifier(table.name)}")
            rows = (row[0] for row in connection.execute(query.encode()).fetchall())
            found.append(recorded(table.name, [row for row in rows if isinstance(row, dict)]))
        else:
            unreadable.append(table)
    return tuple(found), tuple(unreadable)
