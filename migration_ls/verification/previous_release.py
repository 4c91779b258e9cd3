"""Statements as the previous release sends them: what its models select, insert, update and delete."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from migration_ls.postgres.quoting import dollar_quoted, identifier, identifiers, literal
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, RelationKind, Table
from migration_ls.verification.database import Connection
from migration_ls.verification.fill import Filled

_BEGIN_TRIES = "CREATE TEMP TABLE tried (number int, state text, message text) ON COMMIT DROP"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseStatement:
    """A statement of the previous release, and what it is for: `insert into tasks without its defaults`."""

    about: str
    sql: str


def release_statements(schema: Schema, filled: Filled) -> tuple[ReleaseStatement, ...]:
    """What a release with these models sends, with values that fit the rows of a filled database."""
    found: list[ReleaseStatement] = []
    for table in schema.tables.values():
        if table.kind in {RelationKind.TABLE, RelationKind.PARTITIONED} and table.columns and not table.partition_of:
            found += _of_table(table, filled)
    return tuple(found)


def failing(connection: Connection, statements: Sequence[str]) -> dict[int, str]:
    """The statements that fail, by place, with the server's message. Each runs alone, and nothing of it remains."""
    if not statements:
        return {}
    # one block in the server: a round trip for each of some hundred statements would take longer than they do
    body = (
        "DECLARE one text; number int := 0; BEGIN "
        f"FOREACH one IN ARRAY ARRAY[{', '.join(literal(statement) for statement in statements)}]::text[] LOOP "
        "BEGIN EXECUTE one; SET CONSTRAINTS ALL IMMEDIATE; RAISE SQLSTATE 'ML000'; "
        "EXCEPTION WHEN SQLSTATE 'ML000' THEN NULL; "
        "WHEN OTHERS THEN INSERT INTO pg_temp.tried VALUES (number, SQLSTATE, SQLERRM); END; "
        "number := number + 1; END LOOP; END"
    )
    connection.execute("BEGIN")
    try:
        connection.execute(_BEGIN_TRIES)
        connection.execute(f"DO {dollar_quoted(body, 'tries')}".encode())
        rows = connection.execute("SELECT number, message FROM pg_temp.tried ORDER BY number").fetchall()
    finally:
        connection.execute("ROLLBACK")
    return {int(str(number)): str(message) for number, message in rows}


def _of_table(table: Table, filled: Filled) -> Iterator[ReleaseStatement]:
    name = table.name
    columns = identifiers(tuple(column.name for column in table.columns))
    yield ReleaseStatement(about=f"select from {name}", sql=f"SELECT {columns} FROM {name.sql} LIMIT 5")
    contents = filled.tables.get(name)
    values = contents.next_rows[0] if contents and contents.next_rows else None
    if values is None:
        return
    written = [column for column in table.columns if _is_written(column) and column.name in values]
    yield _insert(table, written, values, f"insert into {name}")
    without = [column for column in written if not column.has_default]
    if len(without) < len(written):
        yield _insert(table, without, values, f"insert into {name} without its defaults")
    key = table.primary_key.columns if table.primary_key else ()
    one = f"WHERE ctid = (SELECT ctid FROM {name.sql} LIMIT 1)"
    if key:
        # a view may stand in the place of the table, and has no ctid
        one = f"WHERE ({identifiers(key)}) = (SELECT {identifiers(key)} FROM {name.sql} LIMIT 1)"
    elif table.kind is RelationKind.PARTITIONED:
        one = f"WHERE (tableoid, ctid) = (SELECT tableoid, ctid FROM {name.sql} LIMIT 1)"
    for column in written:
        if column.name not in key:
            value = _value(values[column.name])
            yield ReleaseStatement(
                about=f"update {name}.{column.name}",
                sql=f"UPDATE {name.sql} SET {identifier(column.name)} = {value} {one}",
            )
    yield ReleaseStatement(about=f"delete from {name}", sql=f"DELETE FROM {name.sql} {one}")


def _is_written(column: Column) -> bool:
    return not column.autoincrement and column.identity is None and column.generated is None


def _insert(table: Table, columns: Sequence[Column], values: Mapping[str, str | None], about: str) -> ReleaseStatement:
    if not columns:
        return ReleaseStatement(about=about, sql=f"INSERT INTO {table.name.sql} DEFAULT VALUES")
    names = identifiers(tuple(column.name for column in columns))
    row = ", ".join(_value(values[column.name]) for column in columns)
    return ReleaseStatement(about=about, sql=f"INSERT INTO {table.name.sql} ({names}) VALUES ({row})")


def _value(text: str | None) -> str:
    """The value as a literal of no type, as an application's driver sends it."""
    return "NULL" if text is None else literal(text)
