"""Running the checks of a validation file: blocks that raise when something is not as it should be."""

import re
from collections.abc import Iterator, Sequence

import psycopg

from migration_ls.verification.database import Connection, Database
from migration_ls.verification.script import Line, ScriptError, SqlFile, execute, failure_of, lines_of

_CHECK = re.compile(r"\s*do\b", re.IGNORECASE)
_NAME = re.compile(r"check ([\w.$-]+)\s*:")


def passing_checks(database: Database, files: Sequence[SqlFile]) -> tuple[str, ...]:
    """The checks that pass, in words; before a migration there should be none. Each runs alone and is undone."""
    found = [line for line, error in _run_each(database, files) if error is None]
    return tuple(f"{line.path}:{line.line} check {_about(line)} passes before the migration" for line in found)


def failing_checks(database: Database, files: Sequence[SqlFile]) -> tuple[str, ...]:
    """Why checks fail, in the server's words; after a migration there should be nothing to say."""
    return tuple(error for _, error in _run_each(database, files) if error is not None)


def _run_each(database: Database, files: Sequence[SqlFile]) -> Iterator[tuple[Line, str | None]]:
    with database.connect() as connection:
        for file in files:
            try:
                lines = lines_of(file)
            except ScriptError as error:
                yield Line(path=file.path, line=error.failure.line, sql=""), str(error)
                continue
            for line in lines:
                # a file's queries, settings and transaction commands prove nothing by themselves
                if _CHECK.match(line.sql):
                    yield line, _error(connection, line)


def _error(connection: Connection, line: Line) -> str | None:
    connection.execute("BEGIN")
    try:
        execute(connection, line)
    except psycopg.Error as error:
        return str(failure_of(error, line))
    finally:
        connection.execute("ROLLBACK")
    return None


def _about(line: Line) -> str:
    match = _NAME.search(line.sql)
    return f"`{match[1]}`" if match else "without a name"
