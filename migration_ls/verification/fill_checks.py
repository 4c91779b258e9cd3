"""Choosing values that satisfy CHECK constraints: the server judges combinations of candidates by the condition."""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import psycopg

from migration_ls.postgres.quoting import identifier
from migration_ls.verification.database import Connection
from migration_ls.verification.fill_catalog import FillCheck, FillColumn, FillTable
from migration_ls.verification.fill_values import Candidate, check_candidates

_MOST_COMBINATIONS = 3000
_MOST_ACCEPTED = 400
_MOST_USED = 8
FROM_KEY = Candidate("-- the referenced row", distinct=True)
"""Stands for: the value that the foreign key's parent row has."""
NULL = Candidate("NULL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Columns that checks tie together, and combinations of values that the checks accept, the best first."""

    columns: tuple[str, ...]
    combinations: tuple[tuple[Candidate, ...], ...]


def solve(
    connection: Connection, table: FillTable, first: int, rows: int, parent_value: Callable[[str], str | None]
) -> list[Solution]:
    """A solution for each group of columns that checks connect.

    `parent_value` gives an expression for a value that a foreign key column may have, None when it is no such column.
    """
    solutions: list[Solution] = []
    for columns, checks in _groups(table):
        choices = [_choices(column, checks, rows, parent_value, table) for column in columns]
        accepted = _accepted(connection, columns, checks, _trimmed(choices), (first, rows), parent_value)
        if accepted:
            names = tuple(column.name for column in columns)
            solutions.append(Solution(columns=names, combinations=tuple(_diverse(accepted, columns, table))))
    return solutions


def _groups(table: FillTable) -> Iterable[tuple[list[FillColumn], list[FillCheck]]]:
    """Columns and checks, so that no check speaks of columns of two groups."""
    groups: list[tuple[set[str], list[FillCheck]]] = []
    for check in table.checks:
        names = {name for name in check.columns if table.column(name)}
        if not names:
            continue
        checks = [check]
        rest: list[tuple[set[str], list[FillCheck]]] = []
        for other, others in groups:
            if other & names:
                names |= other
                checks = others + checks
            else:
                rest.append((other, others))
        groups = [*rest, (names, checks)]
    for names, checks in groups:
        yield [column for column in table.columns if column.name in names], checks


def _choices(
    column: FillColumn,
    checks: list[FillCheck],
    rows: int,
    parent_value: Callable[[str], str | None],
    table: FillTable,
) -> list[Candidate]:
    if parent_value(column.name) is not None:
        found = [FROM_KEY]
    else:
        found = check_candidates(column.type, column.name, [check.expression for check in checks], rows)
        if column.name in table.single_unique:
            found.sort(key=lambda candidate: not candidate.distinct)
    return found if column.not_null else [*found, NULL]


def _trimmed(choices: list[list[Candidate]]) -> list[list[Candidate]]:
    """Fewer candidates where there are most, until the combinations can be tried; NULL stays."""
    lists = [list(items) for items in choices]
    while True:
        total = 1
        for items in lists:
            total *= max(1, len(items))
        longest = max(lists, key=len)
        if total <= _MOST_COMBINATIONS or len(longest) <= 2:
            return lists
        del longest[-2 if longest[-1] is NULL else -1]


def _accepted(
    connection: Connection,
    columns: list[FillColumn],
    checks: list[FillCheck],
    choices: list[list[Candidate]],
    span: tuple[int, int],
    parent_value: Callable[[str], str | None],
) -> list[tuple[Candidate, ...]]:
    first, rows = span
    samples = sorted({first, first + 1, first + 2, first + rows // 2, first + rows - 1})
    parts = [f"(VALUES {', '.join(f'({number}::bigint)' for number in samples)}) AS _s_(_g_)"]
    for place, (column, items) in enumerate(zip(columns, choices, strict=True)):
        if not items:
            return []
        values = ", ".join(
            f"({number}, ({_evaluated(item, column, parent_value)})::{column.type.base_sql})"
            for number, item in enumerate(items)
        )
        parts.append(f"LATERAL (VALUES {values}) AS _c{place}_(_i{place}_, {identifier(column.name)})")
    numbers = ", ".join(f"_i{place}_" for place in range(len(columns)))
    order = " + ".join(f"_i{place}_" for place in range(len(columns)))
    condition = " AND ".join(f"({check.expression}) IS NOT FALSE" for check in checks)
    query = (
        f"SELECT {numbers} FROM {' CROSS JOIN '.join(parts)} GROUP BY {numbers} "
        f"HAVING bool_and({condition}) ORDER BY {order}, {numbers} LIMIT {_MOST_ACCEPTED}"
    )
    try:
        with connection.transaction():
            rows_found = connection.execute(query.encode()).fetchall()
    except psycopg.Error:
        # a condition that cannot be judged apart from its table, or fails for some candidate: try and see
        return []
    return [tuple(items[int(str(number))] for items, number in zip(choices, row, strict=True)) for row in rows_found]


def _evaluated(item: Candidate, column: FillColumn, parent_value: Callable[[str], str | None]) -> str:
    if item is FROM_KEY:
        return parent_value(column.name) or "NULL"
    return item.sql


def _diverse(
    accepted: list[tuple[Candidate, ...]], columns: list[FillColumn], table: FillTable
) -> list[tuple[Candidate, ...]]:
    """Few combinations that together use as many of the candidates as possible, and are distinct where they must be."""
    must = [place for place, column in enumerate(columns) if column.name in table.single_unique]
    fitting = [row for row in accepted if all(row[place].distinct or row[place] is NULL for place in must)]
    chosen: list[tuple[Candidate, ...]] = []
    used: set[tuple[int, Candidate]] = set()
    for row in itertools.chain(fitting or accepted):
        new = set(enumerate(row)) - used
        if not chosen or (new and not all(item is NULL for item in row)):
            chosen.append(row)
            used |= new
        if len(chosen) == _MOST_USED:
            break
    return chosen
