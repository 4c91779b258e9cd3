"""Running a file of SQL statement by statement, as `psql -v ON_ERROR_STOP=1` would."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import assert_never

import psycopg

from migration_ls.text.lines import LineIndex
from migration_ls.verification.database import Connection

_IGNORED_META = frozenset({"set", "unset", "timing", "echo", "qecho", "warn", "pset", "restrict", "unrestrict", "x"})
_COPY_END = re.compile(r"^\\\.[ \t]*[\r\n]*\Z", re.MULTILINE)
_COPY_FROM_STDIN = re.compile(r"\s*copy\b.*\bfrom\s+stdin\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlFile:
    """A file to run. `wrapped` means that the runner of migrations puts it into one transaction."""

    path: str
    text: str
    wrapped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a statement failed; `line` counts from 1."""

    path: str
    line: int
    message: str
    sqlstate: str | None = None
    detail: str | None = None
    constraint: str | None = None

    def __str__(self) -> str:
        """`002_x.sql:14: column "a" does not exist`."""
        where = f"{self.path}:{self.line}: " if self.path else f"line {self.line}: "
        return where + self.message


class ScriptError(Exception):
    """A file did not run to its end."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One statement of a file; `line` counts from 1, `copy_data` is what follows a COPY FROM STDIN."""

    path: str
    line: int
    sql: str
    copy_data: str | None = None


def lines_of(file: SqlFile) -> tuple[Line, ...]:
    """The statements of a file in order.

    Raises:
        ScriptError: The file has a psql command that would do more than print, or a NUL byte.
    """
    from migration_ls.sources.sql.split import split

    index = LineIndex(file.text)
    if "\0" in file.text:
        line = index.line(file.text.index("\0")) + 1
        raise ScriptError(Failure(path=file.path, line=line, message="a NUL byte ends the text for the server"))
    found: list[Line] = []
    for piece in split(file.text):
        text = piece.span.of(file.text)
        line = index.line(piece.span.start) + 1
        match piece.kind:
            case "psql":
                _refuse_meta(file.path, line, text)
            case "copy-data":
                if found:
                    found[-1] = replace(found[-1], copy_data=_COPY_END.sub("", text))
            case "sql":
                found.append(Line(path=file.path, line=line, sql=text))
            case _:
                assert_never(piece.kind)
    if file.wrapped:
        last = found[-1].line if found else 1
        found.insert(0, Line(path=file.path, line=1, sql="BEGIN"))
        found.append(Line(path=file.path, line=last, sql="COMMIT"))
    return tuple(found)


def _refuse_meta(path: str, line: int, text: str) -> None:
    command = text.removeprefix("\\").split(maxsplit=1)
    name = command[0] if command else ""
    harmless = name in _IGNORED_META and (name != "set" or _is_psql_setting(command))
    if not harmless:
        raise ScriptError(Failure(path=path, line=line, message=f"the psql command `\\{name}` is not run here"))


def _is_psql_setting(command: list[str]) -> bool:
    r"""Whether `\set` sets a variable of psql's own, which are in capitals; others would be spliced into the SQL."""
    return len(command) < 2 or command[1].split()[0].isupper()


def run_file(connection: Connection, file: SqlFile) -> None:
    """Run a file on a connection in autocommit mode; its own BEGIN and COMMIT count.

    Raises:
        ScriptError: A statement failed; what the open transaction did is undone.
    """
    for line in lines_of(file):
        with failures(connection, line):
            execute(connection, line)
    if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        connection.rollback()
        last = file.text.count("\n") + 1
        raise ScriptError(Failure(path=file.path, line=last, message="the transaction is never committed"))


def execute(connection: Connection, line: Line) -> int | None:
    """Run one statement; how many rows it changed, None when it is not that kind of statement."""
    if line.copy_data is not None and _COPY_FROM_STDIN.match(line.sql):
        with connection.cursor() as cursor:
            with cursor.copy(line.sql.encode()) as copy:
                copy.write(line.copy_data)
            return cursor.rowcount
    cursor = connection.execute(line.sql.encode("utf-8", "replace"))
    word = (cursor.statusmessage or "").partition(" ")[0]
    return cursor.rowcount if word in {"INSERT", "UPDATE", "DELETE", "MERGE", "COPY"} else None


@contextmanager
def failures(connection: Connection, line: Line) -> Generator[None]:
    """Turns what the server says into a `ScriptError` with the place in the file, after a rollback."""
    try:
        yield
    except psycopg.Error as error:
        if not connection.closed and connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            connection.rollback()
        raise ScriptError(failure_of(error, line)) from error


def failure_of(error: psycopg.Error, line: Line) -> Failure:
    """The error as data, with the line of the file that the server points at."""
    diagnosis = error.diag
    position = diagnosis.statement_position
    offset = int(position) - 1 if position and position.isdigit() else 0
    inside = len(re.findall(r"\r\n|\n|\r", line.sql[:offset]))
    text = diagnosis.message_primary or str(error).strip() or type(error).__name__
    return Failure(
        path=line.path,
        line=line.line + inside,
        message=text,
        sqlstate=error.sqlstate,
        detail=diagnosis.message_detail,
        constraint=diagnosis.constraint_name,
    )
