"""Types of columns, resolved through domains and arrays to what their values look like."""

from dataclasses import dataclass, field

from migration_ls.verification.database import Connection

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
class Types:
    """The types of a database."""

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
            self.rows[as_int(row[0])] = _TypeRow(
                name=str(row[1]),
                kind=str(row[2]),
                category=str(row[3]),
                element=as_int(row[4]),
                base=as_int(row[5]),
                modifier=as_int(row[6]),
                relation=as_int(row[7]),
                sql=str(row[8]),
                base_sql=str(row[9]),
                not_null=bool(row[10]),
            )
        self.labels = {
            as_int(oid): tuple(map(str, labels))
            for oid, labels in fetch(_LABELS).fetchall()
            if isinstance(labels, list)
        }
        self.ranges = {as_int(oid): as_int(subtype) for oid, subtype in fetch(_RANGES).fetchall()}
        for oid, check in fetch(_DOMAIN_CHECKS).fetchall():
            self.domain_checks.setdefault(as_int(oid), []).append(str(check))
        for relation, kind, modifier in fetch(_PARTS).fetchall():
            self.parts.setdefault(as_int(relation), []).append((as_int(kind), as_int(modifier)))

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
            parts = tuple(
                self.of(kind, mod, self.rows[kind].sql if kind in self.rows else "text") for kind, mod in inner
            )
        elif row.kind == "r" and self.ranges.get(oid) in self.rows:
            subtype = self.ranges[oid]
            parts = (self.of(subtype, -1, self.rows[subtype].sql),)
        return ValueType(
            sql=sql,
            base=element.base if element else row.name,
            kind=row.kind,
            length=_length(row.name, modifier),
            precision=(((modifier - 4) >> 16) & 0xFFFF, (modifier - 4) & 0x7FF)
            if row.name == "numeric" and modifier > 0
            else None,
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


def as_int(value: object) -> int:
    """The number in a row of a catalog."""
    if not isinstance(value, int):
        raise TypeError("the catalog gave no number")
    return value


def as_ints(value: object) -> list[int]:
    """The numbers of an array in a row of a catalog."""
    return [item for item in value if isinstance(item, int)] if isinstance(value, list) else []
