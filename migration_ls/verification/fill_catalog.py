"""What filling tables needs to know about them, read from the catalogs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from migration_ls.postgres.quoting import identifier
from migration_ls.schema.names import Name
from migration_ls.verification.database import Connection
from migration_ls.verification.fill_types import Types, ValueType, as_int, as_ints


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
  AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
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


def tables_to_fill(connection: Connection) -> dict[int, FillTable]:
    """The user's tables by oid."""
    tables = {
        as_int(oid): FillTable(oid=as_int(oid), name=Name(str(name), str(namespace)), has_triggers=bool(triggers))
        for oid, namespace, name, triggers in connection.execute(_TABLES).fetchall()
    }
    oids = list(tables)
    types = Types(connection)
    columns: dict[int, list[FillColumn]] = {}
    for row in connection.execute(_COLUMNS, (oids,)).fetchall():
        columns.setdefault(as_int(row[0]), []).append(
            FillColumn(
                name=str(row[2]),
                number=as_int(row[1]),
                type=types.of(as_int(row[3]), as_int(row[4]), str(row[5])),
                not_null=bool(row[6]) or types.not_null(as_int(row[3])),
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
    numbers = _names_by_number(connection, [*oids, *(as_int(row[4]) for row in rows if row[4])])
    for oid, kind, name, key, other, other_key, expression in rows:
        table = tables[as_int(oid)]
        own = tuple(numbers[table.oid, number] for number in as_ints(key) if (table.oid, number) in numbers)
        if kind == "p":
            table.primary_key = own
        elif kind == "c" and expression is not None:
            table.checks += (FillCheck(name=str(name), expression=str(expression), columns=own),)
        elif kind == "f":
            ref = tuple(numbers[as_int(other), number] for number in as_ints(other_key))
            table.keys += (FillKey(columns=own, table=as_int(other), ref_columns=ref),)


def _add_uniques(connection: Connection, tables: Mapping[int, FillTable], oids: list[int]) -> None:
    for oid, key, partial, deferrable, depends in connection.execute(_UNIQUES, (oids,)).fetchall():
        table = tables[as_int(oid)]
        names = {column.number: column.name for column in table.columns}
        columns = tuple(names[number] for number in as_ints(key) if number in names)
        table.has_deferrable |= bool(deferrable)
        involved = {names[number] for number in as_ints(depends or []) if number in names}
        if 0 not in as_ints(key) and columns:
            table.uniques += (columns,)
        if len(as_ints(key)) == 1 and not partial:
            table.single_unique |= frozenset(involved or columns)


def _add_partition_bounds(connection: Connection, tables: Mapping[int, FillTable], oids: list[int]) -> None:
    for oid, expression in connection.execute(_PARTITIONS, (oids,)).fetchall():
        table = tables[as_int(oid)]
        if expression is None:
            continue
        used = tuple(column.name for column in table.columns if _mentions(str(expression), column.name))
        table.checks += (FillCheck(name="partition bounds", expression=str(expression), columns=used),)


def _mentions(expression: str, name: str) -> bool:
    return re.search(rf'(?<![\w"]){re.escape(name)}(?!\w)|"{re.escape(name)}"', expression) is not None


def _domain_checks(table: FillTable) -> list[FillCheck]:
    return [
        FillCheck(
            name=f"domain of {column.name}",
            expression=re.sub(r"\bVALUE\b", identifier(column.name).replace("\\", r"\\"), check),
            columns=(column.name,),
        )
        for column in table.columns
        for check in column.type.checks
    ]


def _names_by_number(connection: Connection, oids: list[int]) -> dict[tuple[int, int], str]:
    query = "SELECT attrelid, attnum, attname FROM pg_attribute WHERE attrelid = ANY(%s) AND attnum > 0"
    return {
        (as_int(oid), as_int(number)): str(name) for oid, number, name in connection.execute(query, (oids,)).fetchall()
    }
