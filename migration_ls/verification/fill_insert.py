"""The INSERT that fills one table: expressions of the row's number, joined with rows of the referenced tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from migration_ls.postgres.quoting import dollar_quoted, identifier, identifiers
from migration_ls.schema.names import Name
from migration_ls.verification.database import Connection
from migration_ls.verification.fill_catalog import FillColumn, FillKey, FillTable
from migration_ls.verification.fill_checks import FROM_KEY, NULL, Solution, solve
from migration_ls.verification.fill_values import Candidate, plain_candidates

_MOST_PARENTS = 1000
_NULL_EVERY = 7
_NULL_KEY_EVERY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """How rows of a table are made."""

    table: Name
    columns: tuple[str, ...]
    expressions: tuple[str, ...]
    joins: str
    overriding: bool = False
    skips_refused: bool = True
    """Whether rows that a unique constraint refuses can be skipped by ON CONFLICT."""

    def sql(self, first: int, rows: int) -> str:
        """The INSERT of that many rows; rows that a unique constraint refuses are skipped."""
        if not self.columns:
            # each row is the defaults alone, which no SELECT can say
            body = f"INSERT INTO {self.table.sql} DEFAULT VALUES;"
            return f"DO $$ BEGIN FOR i IN 1..{rows} LOOP {body} END LOOP; END $$"
        word = " OVERRIDING SYSTEM VALUE" if self.overriding else ""
        return (
            f"INSERT INTO {self.table.sql} ({identifiers(self.columns)}){word} "
            f"SELECT {', '.join(self.expressions)} {self._source(f'{first}, {first + rows - 1}')}"
            f"{' ON CONFLICT DO NOTHING' if self.skips_refused else ''}"
        )

    def values_sql(self, first: int, rows: int) -> str:
        """A query of the values such rows would have, as text."""
        values = ", ".join(f"({expression})::text" for expression in self.expressions) or "NULL"
        return f"SELECT {values} {self._source(f'{first}, {first + rows - 1}')}"

    def _source(self, bounds: str) -> str:
        return f"FROM generate_series({bounds}) AS _s_(_g_){self.joins}"


def row_by_row(made: Insertion, first: int, rows: int) -> str:
    """A block that inserts rows one at a time and goes on after those that are refused."""
    one = made.sql(first, 1).replace(f"generate_series({first}, {first})", "generate_series(_row_, _row_)")
    body = (
        f"BEGIN FOR _row_ IN {first}..{first + rows - 1} LOOP "
        f"BEGIN {one}; EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END"
    )
    return f"DO {dollar_quoted(body, 'fill')}"


def insertion(
    connection: Connection,
    table: FillTable,
    tables: Mapping[int, FillTable],
    counts: Mapping[int, int],
    later: frozenset[FillKey],
    span: tuple[int, int],
    attempt: int,
) -> Insertion | str | None:
    """The INSERT for a table; a text says why there can be none, None that this attempt has nothing new to try.

    Attempts: 0 mixes what checks accept; 1 to 3 take one accepted combination each; 4 leaves everything optional out.
    """
    parents = _Parents(table, tables, counts, later)
    if parents.problem:
        return parents.problem
    solutions = solve(connection, table, span[0], span[1], parents.sample)
    most = max((len(solution.combinations) for solution in solutions), default=1)
    if 0 < attempt < 4 and attempt > most:
        return None
    expressions: dict[str, str] = {}
    for column in table.columns:
        made = _expression(column, table, parents, solutions, attempt)
        if made is None:
            continue
        if made == "":
            return f"no value is known for `{column.name}` of type `{column.type.sql}`"
        expressions[column.name] = made
    identity = any(column.identity_always and column.name in expressions for column in table.columns)
    return Insertion(
        table=table.name,
        columns=tuple(expressions),
        expressions=tuple(expressions.values()),
        joins=parents.joins,
        overriding=identity,
        skips_refused=not table.has_deferrable,
    )


def _expression(
    column: FillColumn, table: FillTable, parents: "_Parents", solutions: list[Solution], attempt: int
) -> str | None:
    """The expression of a column; None leaves it to the server, an empty text means that there is none."""
    from_key = parents.values.get(column.name)
    if column.by_server and from_key is None:
        return None
    optional = not column.not_null or column.has_default
    if attempt == 4 and optional and from_key is None and column.name not in table.single_unique:
        return None
    solution = next((solution for solution in solutions if column.name in solution.columns), None)
    if solution is not None:
        return _from_solution(solution, column, from_key, attempt)
    if from_key is not None:
        return from_key
    if column.name in parents.left_null:
        return "NULL"
    if own := parents.own_value(column.name):
        column = next((other for other in table.columns if other.name == own), column)
    candidates = plain_candidates(column.type, column.name)
    if not candidates:
        return None if optional else ""
    best = next((item for item in candidates if item.distinct), candidates[0])
    chosen = f"({best.sql})::{column.type.sql}"
    if column.not_null or column.name in table.primary_key:
        return chosen
    shift = sum(column.name.encode()) % _NULL_EVERY
    return f"CASE WHEN (_g_ + {shift}) % {_NULL_EVERY} = 0 THEN NULL ELSE {chosen} END"


def _from_solution(solution: Solution, column: FillColumn, from_key: str | None, attempt: int) -> str:
    place = solution.columns.index(column.name)
    items = [combination[place] for combination in solution.combinations]
    if attempt > 0:
        items = [items[(attempt - 1) % len(items)]]
    texts = [_spelled(item, column, from_key) for item in items]
    if len(set(texts)) == 1:
        return texts[0]
    branches = " ".join(f"WHEN {number} THEN {text}" for number, text in enumerate(texts))
    return f"CASE _g_ % {len(texts)} {branches} END"


def _spelled(item: Candidate, column: FillColumn, from_key: str | None) -> str:
    if item is FROM_KEY:
        return from_key or "NULL"
    return "NULL" if item is NULL else f"({item.sql})::{column.type.sql}"


class _Parents:
    """The joins that give foreign key columns the values of existing rows."""

    def __init__(
        self,
        table: FillTable,
        tables: Mapping[int, FillTable],
        counts: Mapping[int, int],
        later: frozenset[FillKey],
    ) -> None:
        self._table = table
        self._tables = tables
        self.values: dict[str, str] = {}
        self.left_null: set[str] = set()
        self.joins = ""
        self.problem: str | None = None
        self._own: dict[str, str] = {}
        keys = sorted(table.keys, key=lambda key: (-len(key.columns), key.columns))
        for number, key in enumerate(keys):
            parent = tables.get(key.table)
            if parent is None:
                continue
            if key in later:
                self._leave_out(key)
            elif not counts.get(key.table):
                self._without_parent(key, parent)
            else:
                self._join(number, key, parent, min(counts[key.table], _MOST_PARENTS))

    def sample(self, column: str) -> str | None:
        """An expression for one value that the column's foreign key accepts."""
        if column in self.left_null:
            return "NULL"
        for key in self._table.keys:
            if column in key.columns and column in self.values and (parent := self._tables.get(key.table)):
                ref = identifier(key.ref_columns[key.columns.index(column)])
                return f"(SELECT {ref} FROM {parent.name.sql} ORDER BY 1 LIMIT 1)"
        return None

    def own_value(self, column: str) -> str | None:
        """The column of the same row that a required key to the own table repeats."""
        return self._own.get(column)

    def _nullable(self, key: FillKey) -> bool:
        return any(
            (column := self._table.column(name)) is not None and not column.not_null and name not in self.values
            for name in key.columns
        )

    def _leave_out(self, key: FillKey) -> None:
        if self._nullable(key):
            for name in key.columns:
                column = self._table.column(name)
                if column and not column.not_null and name not in self.values:
                    self.left_null.add(name)
        elif key.table == self._table.oid:
            self._own |= dict(zip(key.columns, key.ref_columns, strict=True))

    def _without_parent(self, key: FillKey, parent: FillTable) -> None:
        if self._nullable(key):
            self._leave_out(key)
        else:
            self.problem = f"it has to refer to `{parent.name}`, which has no rows"

    def _join(self, number: int, key: FillKey, parent: FillTable, count: int) -> None:
        name = f"_p{number}_"
        refs = identifiers(key.ref_columns)
        shared = [
            (column, ref) for column, ref in zip(key.columns, key.ref_columns, strict=True) if column in self.values
        ]
        new = [
            (column, ref) for column, ref in zip(key.columns, key.ref_columns, strict=True) if column not in self.values
        ]
        equal = " AND ".join(f"{name}.{identifier(ref)} = {self.values[column]}" for column, ref in shared)
        if not new:
            if not self._nullable_by_value(key):
                self.joins += f" JOIN {parent.name.sql} AS {name} ON {equal}"
            return
        nullable = self._nullable(key)
        if shared:
            within = identifiers(tuple(ref for _, ref in shared))
            source = (
                f"(SELECT row_number() OVER (PARTITION BY {within} ORDER BY {refs}) - 1 AS _k_, "
                f"count(*) OVER (PARTITION BY {within}) AS _n_, {refs} FROM {parent.name.sql})"
            )
            condition = f"{equal} AND {name}._k_ = _g_ % {name}._n_"
        else:
            source = (
                f"(SELECT row_number() OVER (ORDER BY {refs}) - 1 AS _k_, {refs} FROM {parent.name.sql} "
                f"ORDER BY {refs} LIMIT {count})"
            )
            # each key is shifted by another step, so that pairs of keys differ as long as they can
            condition = f"{name}._k_ = (_g_ + {number} * (_g_ / {count})) % {count}"
        checked = {name for check in self._table.checks for name in check.columns}
        if nullable and not checked & set(key.columns):
            # where checks speak of the column, their solution says when it is null
            condition += f" AND _g_ % {_NULL_KEY_EVERY} <> {_NULL_KEY_EVERY - 1}"
        self.joins += f" {'LEFT JOIN' if nullable else 'JOIN'} {source} AS {name} ON {condition}"
        self.values |= {column: f"{name}.{identifier(ref)}" for column, ref in new}

    def _nullable_by_value(self, key: FillKey) -> bool:
        return any((column := self._table.column(name)) is not None and not column.not_null for name in key.columns)


def later_keys(
    table: FillTable, key: FillKey, tables: Mapping[int, FillTable], counts: Mapping[int, int]
) -> str | None:
    """An UPDATE that points a key left null to rows of the other table; None when there is nothing to do."""
    parent = tables.get(key.table)
    free = [name for name in key.columns if (column := table.column(name)) is not None and not column.not_null]
    if parent is None or not counts.get(key.table) or not free:
        return None
    refs = dict(zip(key.columns, key.ref_columns, strict=True))
    fixed = [name for name in key.columns if name not in free]
    assignments = ", ".join(f"{identifier(name)} = _p_.{identifier(refs[name])}" for name in free)
    same = "".join(f" AND _t_.{identifier(name)} = _p_.{identifier(refs[name])}" for name in fixed)
    nulls = " AND ".join(f"_t_.{identifier(name)} IS NULL" for name in free)
    order = identifiers(key.ref_columns)
    return (
        f"UPDATE {table.name.sql} AS _t_ SET {assignments} "
        f"FROM (SELECT row_number() OVER (ORDER BY {order}) - 1 AS _k_, {order} FROM {parent.name.sql}) AS _p_, "
        "(SELECT tableoid AS _o_, ctid AS _c_, row_number() OVER (ORDER BY tableoid, ctid) - 1 AS _r_ "
        f"FROM {table.name.sql}) AS _n_ "
        f"WHERE _t_.tableoid = _n_._o_ AND _t_.ctid = _n_._c_ AND _n_._r_ % 3 <> 0 "
        f"AND _p_._k_ = (_n_._r_ / 2) % {counts[key.table]}{same} AND {nulls}"
    )
