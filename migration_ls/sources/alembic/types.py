"""SQLAlchemy types in revisions as SQL."""

from dataclasses import dataclass
from typing import Any

from migration_ls.postgres.quoting import identifier, literal, qualified
from migration_ls.sources.alembic.values import ClassOfFile, Construct

_PLAIN = {
    "Integer": "integer", "SmallInteger": "smallint", "BigInteger": "bigint", "Boolean": "boolean",
    "Text": "text", "UnicodeText": "text", "CLOB": "text", "Date": "date", "Uuid": "uuid", "LargeBinary": "bytea",
    "BLOB": "bytea", "BYTEA": "bytea", "PickleType": "bytea", "Interval": "interval", "Double": "double precision",
    "DOUBLE_PRECISION": "double precision", "DOUBLE": "double precision", "HSTORE": "hstore", "CITEXT": "citext",
    "GUID": "uuid", "JSON": "json", "JSONB": "jsonb", "UUIDType": "uuid", "UTCDateTime": "timestamp with time zone",
    "TIMESTAMPAware": "timestamp with time zone", "JSONType": "json", "LtreeType": "ltree", "LTREE": "ltree",
    "TSVectorType": "tsvector", "IPAddressType": "varchar(50)", "EmailType": "varchar(255)", "URLType": "text",
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
    collation: str | None = None


def sql_type(value: Any, schema: str | None = None) -> SqlType | None:
    """The SQL of a type; None when it is not known."""
    if isinstance(value, ClassOfFile):
        return sql_type(value.attributes.get("impl"), schema)
    if not isinstance(value, Construct):
        return None
    if value.name == "with_variant":
        return _variant(value, schema)
    name = value.name
    if name not in {"ARRAY", "Enum", "ENUM", "JSON", "JSONB"} and not all(map(_is_written_out, _sizes(value))):
        return None
    if name in _TEXTS:
        collation = value.argument(1, "collation")
        return SqlType(
            _TEXTS[name] + _number(value.argument(0, "length")),
            collation=collation if isinstance(collation, str) else None,
        )
    if name in {"DateTime", "TIMESTAMP", "DATETIME", "Time", "TIME"}:
        zone = " with time zone" if value.argument(0, "timezone") is True else ""
        base = "time" if name.lower() == "time" else "timestamp"
        return SqlType(f"{base}{_number(value.keywords.get('precision'))}{zone}")
    if name in {"Numeric", "NUMERIC", "DECIMAL"}:
        precision, scale = value.argument(0, "precision"), value.argument(1, "scale")
        if precision is None:
            return SqlType("numeric")
        return SqlType(f"numeric({precision}, {scale or 0})") if isinstance(precision, int) else None
    if name in {"Float", "FLOAT"}:
        return SqlType("float" + _number(value.argument(0, "precision")))
    if name == "ARRAY":
        inner = sql_type(value.argument(0, "item_type"), schema)
        return SqlType(f"{inner.sql}[]", inner.enum) if inner else None
    if name in {"Enum", "ENUM"}:
        return _enum(value, schema)
    if name.upper() in {"VECTOR", "HALFVEC", "SPARSEVEC"}:
        return SqlType(name.lower() + _number(value.argument(0, "dim")))
    if name == "BIT":
        varying = " varying" if value.argument(1, "varying") is True else ""
        return SqlType(f"bit{varying}" + _number(value.argument(0, "length")))
    if isinstance(value.owner, ClassOfFile):
        return sql_type(value.owner.attributes.get("impl"), schema)
    if name in {"Text", "UnicodeText"} and isinstance(value.keywords.get("collation"), str):
        return SqlType("text", collation=value.keywords["collation"])
    if name in _PLAIN:
        return SqlType(_PLAIN[name])
    return SqlType(name.lower()) if name in _SAME else None


def _sizes(value: Construct) -> tuple[Any, ...]:
    """What says how large or how exact a type is."""
    words = ("length", "precision", "scale", "timezone", "dim", "varying", "collation", "**")
    return (*value.arguments, *(value.keywords[word] for word in words if word in value.keywords))


def _is_written_out(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _variant(value: Construct, schema: str | None) -> SqlType | None:
    """The type for PostgreSQL: the variant where it is meant for it, else what the variant is of."""
    dialects = value.arguments[1:] or (value.keywords.get("dialect_name"),)
    return sql_type(value.argument(0, "type_") if "postgresql" in dialects else value.owner, schema)


def _enum(value: Construct, schema: str | None) -> SqlType | None:
    values = _labels(value)
    if values is None:
        return None
    name = value.keywords.get("name")
    first = value.arguments[0] if value.arguments else None
    if name is None and isinstance(first, ClassOfFile):
        name = first.name.lower()
    if value.keywords.get("native_enum") is False:
        length = value.keywords.get("length")
        return SqlType(f"varchar({length or max(map(len, values), default=1)})")
    if not isinstance(name, str):
        return None
    given = value.keywords.get("schema")
    namespace = given if isinstance(given, str) else schema if value.keywords.get("inherit_schema") is True else None
    full = qualified(namespace, name) if namespace else identifier(name)
    return SqlType(full, EnumType(name=full, values=values, created=value.keywords.get("create_type") is not False))


def _labels(value: Construct) -> tuple[str, ...] | None:
    """The labels of an enum: as listed, or the names of a class's members, or their values where it asks for them."""
    match value.arguments:
        case (ClassOfFile() as cls,):
            by_value = "values_callable" in value.keywords
            found = tuple(cls.attributes.values() if by_value else cls.attributes)
        case ():
            # A type that is only referred to.
            return () if value.keywords.get("create_type") is False or "name" in value.keywords else None
        case found:
            pass
    return tuple(map(str, found)) if all(isinstance(item, str) for item in found) else None


def _number(value: Any) -> str:
    return f"({value})" if isinstance(value, int) and not isinstance(value, bool) else ""
