"""Filling every table with rows that satisfy its constraints, as far as the catalogs tell what they are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import psycopg

from migration_ls.schema.names import Name
from migration_ls.verification.database import Connection, Database
from migration_ls.verification.fill_catalog import FillKey, FillTable, tables_to_fill
from migration_ls.verification.fill_insert import Insertion, insertion, later_keys, row_by_row

DEFAULT_ROWS = 100
_NO_KEYS_DEFERRED: frozenset[FillKey] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledTable:
    """How one table was filled: the rows it has now, and why it has none or fewer than asked for."""

    name: Name
    rows: int
    problem: str | None = None
    next_rows: tuple[Mapping[str, str | None], ...] = field(default=(), repr=False)
    """Values, as text, of rows that would be the next: for statements that insert one more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What filling a database came to."""

    tables: Mapping[Name, FilledTable]

    @property
    def problems(self) -> tuple[str, ...]:
        """Tables without rows, each with the reason, in words."""
        return tuple(
            f"`{table.name}` has no rows: {table.problem or 'nothing was inserted'}"
            for table in self.tables.values()
            if table.rows == 0
        )


def fill(
    database: Database,
    rows: int = DEFAULT_ROWS,
    *,
    seed: int = 0,
    samples: int = 0,
    only: Collection[Name] | None = None,
) -> Filled:
    """Add `rows` rows to every table of the database, or to `only` some; the same database and seed give the same rows.

    The seed is the number of the first row: for more rows, go on where the last call ended. `samples` asks for that
    many `next_rows` for each table. A table that cannot be filled is named with the reason.
    """
    with database.connect() as connection:
        connection.execute("BEGIN")
        connection.execute("SET CONSTRAINTS ALL DEFERRED")
        tables = tables_to_fill(connection)
        filler = _Filler(connection, tables, seed, rows)
        order, later = _order(tables)
        wanted = [oid for oid in order if only is None or tables[oid].name in only]
        for oid in wanted:
            filler.fill(tables[oid], later.get(oid, _NO_KEYS_DEFERRED))
        for oid in wanted:
            filler.set_later(tables[oid], later.get(oid, _NO_KEYS_DEFERRED))
        filled = {
            tables[oid].name: FilledTable(
                name=tables[oid].name,
                rows=filler.counts[oid],
                problem=filler.problems.get(oid),
                next_rows=filler.next_rows(oid, samples),
            )
            for oid in wanted
        }
        connection.execute("COMMIT")
    return Filled(tables=filled)


class _Filler:
    def __init__(self, connection: Connection, tables: Mapping[int, FillTable], seed: int, rows: int) -> None:
        self._connection = connection
        self._tables = tables
        self._first = seed
        self._rows = rows
        self._insertions: dict[int, Insertion] = {}
        self.counts: dict[int, int] = {}
        self.problems: dict[int, str] = {}

    def fill(self, table: FillTable, later: frozenset[FillKey]) -> None:
        """Insert rows in the best way that works."""
        for key in table.keys:
            if key.table in self._tables and key.table not in self.counts and key.table != table.oid:
                self.count(self._tables[key.table])
        problem: str | None = None
        for attempt in range(5):
            made = insertion(self._connection, table, self._tables, self.counts, later, self._span, attempt)
            if isinstance(made, str):
                problem = made
                break
            if made is None:
                continue
            problem = self._try(table, made)
            if problem is None:
                self._insertions[table.oid] = made
                break
        else:
            problem = self._without_triggers(table, later) or problem
        self.count(table)
        if problem is not None and self.counts[table.oid] < self._rows:
            self.problems[table.oid] = problem

    def count(self, table: FillTable) -> None:
        """Note how many rows the table has."""
        row = self._connection.execute(f"SELECT count(*) FROM {table.name.sql}".encode()).fetchone()
        self.counts[table.oid] = int(str(row[0])) if row else 0

    @property
    def _span(self) -> tuple[int, int]:
        return self._first, self._rows

    def _try(self, table: FillTable, made: Insertion) -> str | None:
        try:
            with self._connection.transaction():
                cursor = self._connection.execute(made.sql(self._first, self._rows).encode())
                if table.keys or table.checks:
                    self._connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    self._connection.execute("SET CONSTRAINTS ALL DEFERRED")
        except psycopg.Error as error:
            return error.diag.message_primary or type(error).__name__
        return None if cursor.rowcount else "no combination of values was accepted"

    def _without_triggers(self, table: FillTable, later: frozenset[FillKey]) -> str | None:
        """The last resorts: rows one by one, then with the table's own triggers off; the reason if that fails too."""
        made = insertion(self._connection, table, self._tables, self.counts, later, self._span, 0)
        if not isinstance(made, Insertion):
            return None
        name = table.name.sql
        steps = [[row_by_row(made, self._first, self._rows)]]
        if table.has_triggers:
            steps.append(
                [f"ALTER TABLE {name} DISABLE TRIGGER USER", steps[0][0], f"ALTER TABLE {name} ENABLE TRIGGER USER"]
            )
        for statements in steps:
            try:
                with self._connection.transaction():
                    for statement in statements:
                        self._connection.execute(statement.encode())
            except psycopg.Error:
                continue
            row = self._connection.execute(f"SELECT 1 FROM {name} LIMIT 1".encode()).fetchone()
            if row:
                self._insertions[table.oid] = made
                return "some combinations of values were refused"
        return None

    def set_later(self, table: FillTable, later: frozenset[FillKey]) -> None:
        """Point the keys that were left out, because they close a circle, to rows that are there now."""
        for key in later:
            statement = later_keys(table, key, self._tables, self.counts)
            if statement is None:
                continue
            try:
                with self._connection.transaction():
                    self._connection.execute(statement.encode())
            except psycopg.Error:
                # they stay null, which the columns allow
                continue

    def next_rows(self, oid: int, samples: int) -> tuple[Mapping[str, str | None], ...]:
        """Values of the rows that would come next."""
        made = self._insertions.get(oid)
        if made is None or not samples:
            return ()
        if not made.columns:
            return ({},) * samples
        try:
            with self._connection.transaction():
                found = self._connection.execute(made.values_sql(self._first + self._rows, samples).encode()).fetchall()
        except psycopg.Error:
            return ()
        return tuple(
            {name: None if value is None else str(value) for name, value in zip(made.columns, row, strict=True)}
            for row in found
        )


def _order(tables: Mapping[int, FillTable]) -> tuple[list[int], dict[int, frozenset[FillKey]]]:
    """Parents before children, and per table the keys to set afterwards because they close a circle."""
    waiting = {oid: [key for key in table.keys if key.table in tables] for oid, table in tables.items()}
    later: dict[int, frozenset[FillKey]] = {}
    for oid, keys in waiting.items():
        own = [key for key in keys if key.table == oid]
        waiting[oid] = [key for key in keys if key.table != oid]
        if own:
            later[oid] = frozenset(own)
    order: list[int] = []
    while waiting:
        ready = [oid for oid, keys in waiting.items() if not any(key.table in waiting for key in keys)]
        if not ready:
            oid = min(waiting, key=lambda one: (_required(tables[one], waiting[one], waiting), tables[one].name))
            closing = [key for key in waiting[oid] if key.table in waiting]
            later[oid] = later.get(oid, frozenset()) | frozenset(closing)
            ready = [oid]
        for oid in sorted(ready, key=lambda one: tables[one].name):
            order.append(oid)
            del waiting[oid]
    return order, later


def _required(table: FillTable, keys: list[FillKey], waiting: Mapping[int, object]) -> int:
    """How many of the keys to tables that are not filled yet cannot be left null."""
    return sum(
        all((column := table.column(name)) is not None and column.not_null for name in key.columns)
        for key in keys
        if key.table in waiting
    )
