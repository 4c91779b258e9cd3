"""What filling tables needs to know about them, read from the catalogs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from migration_ls.schema.names import Name
from migration_ls.verification.database import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueType:
    """The type of a column, resolved to what values look like."""

    sql: str
    """As `format_type` spells it, with its length."""
    base: str
    """The catalog name of the base type below any domain: `int4`, `varchar`, `bool`; of the element for arrays."""
    kind: str
    """`typtype` of the base: b, e, c, r or m."""
    length: int | None = None
    """The n of varchar(n), char(n), bit(n), vector(n)."""
    precision: tuple[int, int] | None = None
    labels: tuple[str, ...] = ()
    element: "ValueType | None" = None
    parts: "tuple[ValueType, ...]" = ()
    """Of a composite type; of a range its subtype alone."""
    checks: tuple[str, ...] = ()
    """Of its domain, with VALUE for the value."""
    base_sql: str = ""
    """The type to cast candidates to, below any domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FillColumn:
    """A column that may get a value."""

    name: str
    number: int
    type: ValueType
    not_null: bool
    has_default: bool
    by_server: bool
    """The server makes the value: serial, identity."""
    identity_always: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FillKey:
    """A foreign key."""

    columns: tuple[str, ...]
    table: int
    ref_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FillCheck:
    """A condition that rows have to meet."""

    name: str
    expression: str
    columns: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class FillTable:
    """A table to fill; partitions are filled through their parent."""

    oid: int
    name: Name
    columns: tuple[FillColumn, ...] = ()
    uniques: tuple[tuple[str, ...], ...] = ()
    single_unique: frozenset[str] = frozenset()
    """Columns that have to be unique by themselves, also through an expression."""
    keys: tuple[FillKey, ...] = ()
    checks: tuple[FillCheck, ...] = ()
    has_triggers: bool = False
    has_deferrable: bool = False
    """A unique constraint that can be deferred, which ON CONFLICT does not know."""
    primary_key: tuple[str, ...] = ()

    def column(self, name: str) -> FillColumn | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)


_TABLES = """
SELECT c.oid, n.nspname, c.relname,
       EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 2, 3
"""
_COLUMNS = """
SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, format_type(a.atttypid, a.atttypmod),
       a.attnotnull, a.atthasdef, a.attidentity::text,
       coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%%', false)
FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = ANY(%s) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY a.attrelid, a.attnum
"""
_CONSTRAINTS = """
SELECT conrelid, contype::text, conname, conkey::int[], confrelid, confkey::int[], pg_get_expr(conbin, conrelid)
FROM pg_constraint WHERE conrelid = ANY(%s) AND contype IN ('c', 'f', 'p') ORDER BY conrelid, conname
"""
_UNIQUES = """
SELECT i.indrelid, i.indkey::int[], i.indpred IS NOT NULL, NOT i.indimmediate,
  (SELECT array_agg(DISTINCT d.refobjsubid) FROM pg_depend d
   WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refobjid = i.indrelid AND d.refobjsubid > 0)
FROM pg_index i WHERE i.indrelid = ANY(%s) AND (i.indisunique OR i.indisexclusion)
"""
_PARTITIONS = """
SELECT t.oid, string_agg('(' || pg_get_partition_constraintdef(p.relid) || ')', ' OR ')
FROM unnest(%s::oid[]) AS t(oid) CROSS JOIN LATERAL pg_partition_tree(t.oid) AS p
WHERE p.isleaf AND p.relid <> t.oid GROUP BY t.oid
"""
_TYPES = """
SELECT t.oid, t.typname, t.typtype::text, t.typcategory::text, t.typelem, t.typbasetype, t.typtypmod, t.typrelid,
  format_type(t.oid, NULL), format_type(t.typbasetype, t.typtypmod), t.typnotnull
FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typtype <> 'p' AND (t.typrelid = 0 OR c.relkind = 'c')
"""
_LABELS = "SELECT enumtypid, array_agg(enumlabel::text ORDER BY enumsortorder) FROM pg_enum GROUP BY 1"
_RANGES = "SELECT rngtypid, rngsubtype FROM pg_range"
_DOMAIN_CHECKS = "SELECT contypid, pg_get_expr(conbin, 0) FROM pg_constraint WHERE contypid <> 0 AND contype = 'c'"
_PARTS = """
SELECT a.attrelid, a.atttypid, a.atttypmod FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relkind = 'c' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, a.attnum
"""


def tables_to_fill(connection: Connection) -> dict[int, FillTable]:
    """The user's tables by oid."""
    tables = {
        _int(oid): FillTable(oid=_int(oid), name=Name(str(name), str(namespace)), has_triggers=bool(triggers))
        for oid, namespace, name, triggers in connection.execute(_TABLES).fetchall()
    }
    oids = list(tables)
    types = _Types(connection)
    columns: dict[int, list[FillColumn]] = {}
    for row in connection.execute(_COLUMNS, (oids,)).fetchall():
        columns.setdefault(_int(row[0]), []).append(
            FillColumn(
                name=str(row[2]),
                number=_int(row[1]),
                type=types.of(_int(row[3]), _int(row[4]), str(row[5])),
                not_null=bool(row[6]) or types.not_null(_int(row[3])),
                has_default=bool(row[7]),
                by_server=row[8] != "" or bool(row[9]),
                identity_always=row[8] == "a",
            )
        )
    for oid, found in columns.items():
        tables[oid].columns = tuple(found)
    _add_constraints(connection, tables, oids)
    _add_uniques(connection, tables, oids)
    _add_partition_bounds(connection, tables, oids)
    for table in tables.values():
        table.checks += tuple(_domain_checks(table))
    return tables


def _add_constraints(connection: Connection, tables: Mapping[int, FillTable], oids: list[int]) -> None:
    rows = connection.execute(_CONSTRAINTS, (oids,)).fetchall()
    numbers = _names_by_number(connection, [*oids, *(_int(row[4]) for row in rows if row[4])])
    for oid, kind, name, key, other, other_key, expression in rows:
        table = tables[_int(oid)]
        own = tuple(numbers[table.oid, number] for number in _ints(key) if (table.oid, number) in numbers)
        if kind == "p":
            table.primary_key = own
        elif kind == "c" and expression is not None:
            table.checks += (FillCheck(name=str(name), expression=str(expression), columns=own),)
        elif kind == "f":
            ref = tuple(numbers[_int(other), number] for number in _ints(other_key))
            table.keys += (FillKey(columns=own, table=_int(other), ref_columns=ref),)


def _add_uniques(connection: Connection, tables: Mapping[int, FillTable], oids: list[int]) -> None:
    for oid, key, partial, deferrable, depends in connection.execute(_UNIQUES, (oids,)).fetchall():
        table = tables[_int(oid)]
        names = {column.number: column.name for column in table.columns}
        columns = tuple(names[number] for number in _ints(key) if number in names)
        table.has_deferrable |= bool(deferrable)
        involved = {names[number] for number in _ints(depends or []) if number in names}
        if 0 not in _ints(key) and columns:
            table.uniques += (columns,)
        if len(_ints(key)) == 1 and not partial:
            table.single_unique |= frozenset(involved or columns)


def _add_partition_bounds(connection: Connection, tables: Mapping[int, FillTable], oids: list[int]) -> None:
    for oid, expression in connection.execute(_PARTITIONS, (oids,)).fetchall():
        table = tables[_int(oid)]
        if expression is None:
            continue
        used = tuple(column.name for column in table.columns if _mentions(str(expression), column.name))
        table.checks += (FillCheck(name="partition bounds", expression=str(expression), columns=used),)


def _mentions(expression: str, name: str) -> bool:
    import re

    return re.search(rf'(?<![\w"]){re.escape(name)}(?!\w)|"{re.escape(name)}"', expression) is not None


def _domain_checks(table: FillTable) -> list[FillCheck]:
    import re

    from migration_ls.postgres.quoting import identifier

    return [
        FillCheck(
            name=f"domain of {column.name}",
            expression=re.sub(r"\bVALUE\b", lambda _, name=column.name: identifier(name), check),
            columns=(column.name,),
        )
        for column in table.columns
        for check in column.type.checks
    ]


def _names_by_number(connection: Connection, oids: list[int]) -> dict[tuple[int, int], str]:
    query = "SELECT attrelid, attnum, attname FROM pg_attribute WHERE attrelid = ANY(%s) AND attnum > 0"
    return {(_int(oid), _int(number)): str(name) for oid, number, name in connection.execute(query, (oids,)).fetchall()}


@dataclass(frozen=True, slots=True)
class _TypeRow:
    name: str
    kind: str
    category: str
    element: int
    base: int
    modifier: int
    relation: int
    sql: str
    base_sql: str
    not_null: bool


@dataclass(slots=True)
class _Types:
    connection: Connection
    rows: dict[int, _TypeRow] = field(default_factory=dict)
    labels: dict[int, tuple[str, ...]] = field(default_factory=dict)
    ranges: dict[int, int] = field(default_factory=dict)
    domain_checks: dict[int, list[str]] = field(default_factory=dict)
    parts: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    known: dict[tuple[int, int, str], ValueType] = field(default_factory=dict)

    def __post_init__(self) -> None:
        fetch = self.connection.execute
        for row in fetch(_TYPES).fetchall():
            numbers = [_int(value) for value in row[4:8]]
            self.rows[_int(row[0])] = _TypeRow(
                str(row[1]), str(row[2]), str(row[3]), *numbers, str(row[8]), str(row[9]), bool(row[10])
            )
        self.labels = {_int(oid): tuple(map(str, labels)) for oid, labels in fetch(_LABELS).fetchall() if isinstance(labels, list)}
        self.ranges = {_int(oid): _int(subtype) for oid, subtype in fetch(_RANGES).fetchall()}
        for oid, check in fetch(_DOMAIN_CHECKS).fetchall():
            self.domain_checks.setdefault(_int(oid), []).append(str(check))
        for relation, kind, modifier in fetch(_PARTS).fetchall():
            self.parts.setdefault(_int(relation), []).append((_int(kind), _int(modifier)))

    def not_null(self, oid: int) -> bool:
        """Whether a domain, or one below it, refuses nulls."""
        row = self.rows.get(oid)
        return row is not None and (row.not_null or (row.kind == "d" and self.not_null(row.base)))

    def of(self, oid: int, modifier: int, sql: str) -> ValueType:
        """The type as values need it."""
        key = (oid, modifier, sql)
        if key not in self.known:
            self.known[key] = self._resolve(oid, modifier, sql)
        return self.known[key]

    def _resolve(self, oid: int, modifier: int, sql: str) -> ValueType:
        row = self.rows.get(oid)
        if row is None:
            return ValueType(sql=sql, base=sql, kind="?", base_sql=sql)
        checks: list[str] = []
        base_sql = sql
        while row.kind == "d" and row.base in self.rows:
            checks += self.domain_checks.get(oid, [])
            oid, modifier, base_sql = row.base, row.modifier, row.base_sql
            row = self.rows[oid]
        element = None
        if row.category == "A" and row.element in self.rows:
            spelled = base_sql.removesuffix("[]")
            element = self.of(row.element, modifier, spelled)
        parts: tuple[ValueType, ...] = ()
        if row.kind == "c":
            inner = self.parts.get(row.relation, [])
            parts = tuple(self.of(kind, mod, self.rows[kind].sql if kind in self.rows else "text") for kind, mod in inner)
        elif row.kind == "r" and self.ranges.get(oid) in self.rows:
            subtype = self.ranges[oid]
            parts = (self.of(subtype, -1, self.rows[subtype].sql),)
        return ValueType(
            sql=sql,
            base=element.base if element else row.name,
            kind=row.kind,
            length=_length(row.name, modifier),
            precision=(((modifier - 4) >> 16) & 0xFFFF, (modifier - 4) & 0x7FF) if row.name == "numeric" and modifier > 0 else None,
            labels=self.labels.get(oid, ()),
            element=element,
            parts=parts,
            checks=tuple(checks),
            base_sql=base_sql,
        )


def _length(base: str, modifier: int) -> int | None:
    if modifier < 0:
        return None
    if base in {"varchar", "bpchar"}:
        return modifier - 4
    return modifier if base in {"bit", "varbit", "vector", "halfvec"} else None


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("the catalog gave no number")
    return value


def _ints(value: object) -> list[int]:
    return [item for item in value if isinstance(item, int)] if isinstance(value, list) else []
