"""A server on which databases may be made and lost, and such a database."""

import secrets
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

import psycopg
from psycopg import sql as composed
from psycopg.conninfo import conninfo_to_dict

from migration_ls.verification.engine import EngineError

Connection: TypeAlias = psycopg.Connection[tuple[object, ...]]
_FILE_COPY_SINCE = 15
_QUIET_SECONDS = 2.0
_PREFIX = "migration_ls_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A database of our own."""

    name: str
    parameters: Mapping[str, str] = field(repr=False)
    """What libpq needs to connect; may hold a password, so it is never printed."""
    major: int

    @contextmanager
    def connect(self) -> Generator[Connection]:
        """A connection in autocommit mode, closed at the end."""
        connection = open_connection({**self.parameters, "dbname": self.name})
        try:
            yield connection
        finally:
            connection.close()


@dataclass(slots=True, kw_only=True)
class Server:
    """A running server: makes databases, and drops all it made when it is closed."""

    label: str
    major: int
    parameters: Mapping[str, str] = field(repr=False)
    admin: Connection = field(repr=False)
    _made: dict[str, Database] = field(default_factory=dict, repr=False)

    def create(self, template: Database | None = None) -> Database:
        """A new database: empty, or a copy of `template`, which nobody may be connected to."""
        name = f"{_PREFIX}{secrets.token_hex(8)}"
        if template is not None:
            self._wait_until_unused(template)
        source = template.name if template is not None else "template0"
        statement = composed.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            composed.Identifier(name), composed.Identifier(source)
        )
        if self.major >= _FILE_COPY_SINCE:
            statement += composed.SQL(" STRATEGY file_copy")
        self.admin.execute(statement)
        database = Database(name=name, parameters=self.parameters, major=self.major)
        self._made[name] = database
        return database

    @contextmanager
    def database(self, template: Database | None = None) -> Generator[Database]:
        """A new database that is dropped at the end."""
        database = self.create(template)
        try:
            yield database
        finally:
            self.drop(database)

    def drop(self, database: Database) -> None:
        """Drop a database that this server object made; anything else is refused."""
        if database.name not in self._made:
            raise ValueError(f"`{database.name}` is not a database of this run")
        # a drop right after a connection has closed sleeps 100 ms in the server
        self._wait_until_unused(database)
        self.admin.execute(
            composed.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(composed.Identifier(database.name))
        )
        del self._made[database.name]

    def close(self) -> None:
        """Drop what is left and end the connection; a server that is gone already is fine."""
        try:
            for database in tuple(self._made.values()):
                self.drop(database)
        except psycopg.Error:
            self._made.clear()
        finally:
            self.admin.close()

    def _wait_until_unused(self, database: Database) -> None:
        deadline = time.monotonic() + _QUIET_SECONDS
        query = "SELECT FROM pg_stat_activity WHERE datname = %s LIMIT 1"
        while self.admin.execute(query, (database.name,)).rowcount and time.monotonic() < deadline:
            time.sleep(0.001)


@contextmanager
def server_at(dsn: str) -> Generator[Server]:
    """The server that a DSN names, for databases of our own; the named database is connected to, never changed.

    Raises:
        EngineError: It cannot be reached, or the role may not create databases. No message holds the password.
    """
    try:
        named = conninfo_to_dict(dsn)
    except psycopg.Error:
        raise EngineError("the DSN is not understood") from None
    parameters = {name: str(value) for name, value in named.items() if value is not None}
    try:
        admin = open_connection(parameters)
    except psycopg.Error as error:
        raise EngineError(f"the server of the DSN cannot be reached: {without_secrets(error, dsn)}") from None
    row = admin.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    version = admin.info.server_version
    if row is None or row[0] is not True:
        admin.close()
        raise EngineError("the role of the DSN may not create databases: give it CREATEDB, or name another role")
    server = Server(
        label=f"PostgreSQL {version // 10000}.{version % 10000} (named server)",
        major=version // 10000,
        parameters={name: value for name, value in parameters.items() if name != "dbname"},
        admin=admin,
    )
    try:
        yield server
    finally:
        server.close()


def open_connection(parameters: Mapping[str, str]) -> Connection:
    """A connection in autocommit mode that never prepares statements: scripts run as a plain client sends them."""
    return psycopg.connect(
        **dict(parameters),  # type: ignore[arg-type]
        autocommit=True,
        prepare_threshold=None,
        client_encoding="utf8",
        connect_timeout=10,
    )


def without_secrets(error: Exception, dsn: str) -> str:
    """The first line of the error without what stands where a password stands, even in a DSN that was misread."""
    text = (str(error).strip().splitlines() or [type(error).__name__])[0]
    secret_parts: list[str] = []
    _, scheme, rest = dsn.partition("://")
    if scheme and "@" in rest:
        secret_parts += rest.rpartition("@")[0].partition(":")[2].replace("/", "@").split("@")
    for word in dsn.replace("?", " ").replace("&", " ").split():
        if word.startswith("password="):
            secret_parts.append(word.removeprefix("password=").strip("'"))
    for part in filter(None, secret_parts):
        text = text.replace(part, "***")
    return text
