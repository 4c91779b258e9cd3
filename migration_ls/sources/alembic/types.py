"""SQLAlchemy types in revisions as SQL."""

from dataclasses import dataclass
from typing import Any

from migration_ls.postgres.quoting import identifier, literal, qualified
from migration_ls.sources.alembic.values import Construct

_PLAIN = {
    "Integer": "integer", "SmallInteger": "smallint", "BigInteger": "bigint", "Boolean": "boolean",
    "Text": "text", "UnicodeText": "text", "CLOB": "text", "Date": "date", "Uuid": "uuid", "LargeBinary": "bytea",
    "BLOB": "bytea", "BYTEA": "bytea", "PickleType": "bytea", "Interval": "interval", "Double": "double precision",
    "DOUBLE_PRECISION": "double precision", "DOUBLE": "double precision", "HSTORE": "hstore", "CITEXT": "citext",
    "GUID": "uuid", "JSON": "json", "JSONB": "jsonb",
}  # fmt: skip
_SAME = frozenset(
    """INTEGER SMALLINT BIGINT BOOLEAN TEXT DATE UUID INET CIDR MACADDR MACADDR8 TSVECTOR TSQUERY INTERVAL MONEY OID
    REAL INT4RANGE INT8RANGE NUMRANGE DATERANGE TSRANGE TSTZRANGE INT4MULTIRANGE INT8MULTIRANGE NUMMULTIRANGE
    DATEMULTIRANGE TSMULTIRANGE TSTZMULTIRANGE XML REGCLASS JSONPATH""".split()
)
_TEXTS = {
    "String": "varchar", "VARCHAR": "varchar", "Unicode": "varchar", "AutoString": "varchar", "NVARCHAR": "varchar",
    "CHAR": "char", "NCHAR": "char",
}  # fmt: skip
SERIALS = {"integer": "serial", "bigint": "bigserial", "smallint": "smallserial"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumType:
    """A native enum that a type brings along; `created` says that CREATE TABLE makes it."""

    name: str
    values: tuple[str, ...]
    created: bool = True

    @property
    def create(self) -> str:
        """Its CREATE TYPE."""
        return f"CREATE TYPE {self.name} AS ENUM ({', '.join(map(literal, self.values))})"


@dataclass(frozen=True, slots=True)
class SqlType:
    """A type as SQL, and the enum in it."""

    sql: str
    enum: EnumType | None = None


def sql_type(value: Any, schema: str | None = None) -> SqlType | None:
    """The SQL of a type; None when it is not known."""
    if not isinstance(value, Construct):
        return None
    if value.name == "with_variant":
        return sql_type(value.owner, schema)
    name = value.name
    if name in _TEXTS:
        return SqlType(_TEXTS[name] + _number(value.argument(0, "length")))
    if name in {"DateTime", "TIMESTAMP", "DATETIME", "Time", "TIME"}:
        zone = " with time zone" if value.argument(0, "timezone") is True else ""
        base = "time" if name.lower() == "time" else "timestamp"
        return SqlType(f"{base}{_number(value.keywords.get('precision'))}{zone}")
    if name in {"Numeric", "NUMERIC", "DECIMAL"}:
        precision, scale = value.argument(0, "precision"), value.argument(1, "scale")
        if precision is None:
            return SqlType("numeric")
        return SqlType(f"numeric({precision}, {scale or 0})")
    if name in {"Float", "FLOAT"}:
        return SqlType("float" + _number(value.argument(0, "precision")))
    if name == "ARRAY":
        inner = sql_type(value.argument(0, "item_type"), schema)
        return SqlType(f"{inner.sql}[]", inner.enum) if inner else None
    if name in {"Enum", "ENUM"}:
        return _enum(value, schema)
    if name.upper() == "VECTOR":
        return SqlType("vector" + _number(value.argument(0, "dim")))
    if name == "BIT":
        return SqlType("bit" + _number(value.argument(0, "length")))
    if name in _PLAIN:
        return SqlType(_PLAIN[name])
    return SqlType(name.lower()) if name in _SAME else None


def _enum(value: Construct, schema: str | None) -> SqlType | None:
    values = tuple(item for item in value.arguments if isinstance(item, str))
    name = value.keywords.get("name")
    if value.keywords.get("native_enum") is False:
        length = value.keywords.get("length")
        return SqlType(f"varchar({length or max(map(len, values), default=1)})")
    if not isinstance(name, str):
        return None
    given = value.keywords.get("schema")
    namespace = given if isinstance(given, str) else schema if value.keywords.get("inherit_schema") is True else None
    full = qualified(namespace, name) if namespace else identifier(name)
    return SqlType(full, EnumType(name=full, values=values, created=value.keywords.get("create_type") is not False))


def _number(value: Any) -> str:
    return f"({value})" if isinstance(value, int) and not isinstance(value, bool) else ""
