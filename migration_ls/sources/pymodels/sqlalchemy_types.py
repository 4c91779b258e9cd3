"""SQLAlchemy's types as PostgreSQL spells them."""

import ast
from collections.abc import Callable
from dataclasses import dataclass

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Enum
from migration_ls.sources.pymodels.enums import enum_of_class, literal_text
from migration_ls.sources.pymodels.modules import Found, Module, Modules

_PLAIN: dict[str, str] = {
    "Integer": "integer", "INTEGER": "integer", "INT": "integer", "SmallInteger": "smallint", "SMALLINT": "smallint",
    "BigInteger": "bigint", "BIGINT": "bigint", "Boolean": "boolean", "BOOLEAN": "boolean", "Text": "text",
    "TEXT": "text", "UnicodeText": "text", "CLOB": "text", "Date": "date", "DATE": "date", "Uuid": "uuid",
    "UUID": "uuid", "JSON": "json", "JSONB": "jsonb", "INET": "inet", "CIDR": "cidr", "MACADDR": "macaddr",
    "MACADDR8": "macaddr8", "TSVECTOR": "tsvector", "TSQUERY": "tsquery", "BYTEA": "bytea", "LargeBinary": "bytea",
    "BLOB": "bytea", "PickleType": "bytea", "Interval": "interval", "INTERVAL": "interval", "MONEY": "money",
    "OID": "oid", "HSTORE": "hstore", "CITEXT": "citext", "Double": "double precision", "DOUBLE": "double precision",
    "DOUBLE_PRECISION": "double precision", "REAL": "real", "INT4RANGE": "int4range", "INT8RANGE": "int8range",
    "NUMRANGE": "numrange", "DATERANGE": "daterange", "TSRANGE": "tsrange", "TSTZRANGE": "tstzrange",
    "XML": "xml", "BINARY": "bytea", "VARBINARY": "bytea", "DateTimeUTC": "timestamp with time zone",
}  # fmt: skip
_LENGTHS = {
    "String": "character varying", "VARCHAR": "character varying", "Unicode": "character varying",
    "NVARCHAR": "character varying", "AutoString": "character varying", "CHAR": "character", "NCHAR": "character",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadType:
    """A type, and the enum it brings when it is a native one; `is_table_enum` says which."""

    type: ColumnType
    enum: Enum | None = None


Warn = Callable[[ast.AST, str], None]


class TypeReader:
    """Reads type expressions of one module: `String(20)`, `postgresql.ARRAY(Text)`, `Enum(Status, name="status")`."""

    def __init__(self, modules: Modules, module: Module, namespace: str) -> None:
        self._modules = modules
        self._module = module
        self._namespace = namespace

    def read(self, node: ast.expr) -> ReadType | None:
        """The type; None when it is none of SQLAlchemy's that is known."""
        arguments: list[ast.expr] = []
        keywords: dict[str, ast.expr] = {}
        target = node
        if isinstance(node, ast.Call):
            target, arguments = node.func, node.args
            keywords = {item.arg: item.value for item in node.keywords if item.arg}
        if isinstance(target, ast.Name) and not isinstance(node, ast.Call):
            found = self._modules.find(self._module, target.id)
            if found and isinstance(found.node, ast.expr):
                return TypeReader(self._modules, found.module, self._namespace).read(found.node)
        name = self._modules.full_name(self._module, target).rpartition(".")[2]
        if name == "with_variant" and isinstance(target, ast.Attribute):
            return self.read(target.value)
        return self._named(name, target, arguments, keywords)

    def _named(
        self, name: str, target: ast.expr, arguments: list[ast.expr], keywords: dict[str, ast.expr]
    ) -> ReadType | None:
        if name in _LENGTHS:
            length = arguments[0] if arguments else keywords.get("length")
            text = literal_text(length)
            if name in {"CHAR", "NCHAR"} and not text:
                text = "1"
            return ReadType(ColumnType(_LENGTHS[name], (text,) if text else ()))
        if name in {"DateTime", "TIMESTAMP", "DATETIME"}:
            zone = literal_text(keywords.get("timezone", arguments[0] if arguments else None)) == "true"
            precision = literal_text(keywords.get("precision"))
            base = "timestamp with time zone" if zone else "timestamp without time zone"
            return ReadType(ColumnType(base, (precision,) if precision else ()))
        if name in {"Time", "TIME"}:
            zone = literal_text(keywords.get("timezone", arguments[0] if arguments else None)) == "true"
            return ReadType(ColumnType("time with time zone" if zone else "time without time zone"))
        if name in {"Numeric", "NUMERIC", "DECIMAL"}:
            return ReadType(_numeric(arguments, keywords))
        if name in {"Float", "FLOAT"}:
            precision = literal_text(arguments[0] if arguments else keywords.get("precision"))
            single = precision is not None and precision.isdigit() and int(precision) <= 24
            return ReadType(ColumnType("real" if single else "double precision"))
        if name == "BIT":
            length_text = literal_text(arguments[0] if arguments else keywords.get("length")) or "1"
            varying = literal_text(keywords.get("varying")) == "true"
            return ReadType(ColumnType("bit varying" if varying else "bit", (length_text,)))
        if name == "ARRAY" and (item := arguments[0] if arguments else keywords.get("item_type")):
            inner = self.read(item)
            return ReadType(ColumnType(inner.type.name, inner.type.modifiers, 1), inner.enum) if inner else None
        if name in {"Enum", "ENUM", "SAEnum"}:
            return self._enum(arguments, keywords)
        if name in {"VECTOR", "Vector"}:
            size = literal_text(arguments[0] if arguments else None)
            return ReadType(ColumnType("vector", (size,) if size else ()))
        if name in _PLAIN:
            return ReadType(ColumnType(_PLAIN[name]))
        return self._decorated(target)

    def _decorated(self, target: ast.expr) -> ReadType | None:
        """A `TypeDecorator` of the project: its `impl`."""
        if not isinstance(target, ast.Name):
            return None
        found = self._modules.find(self._module, target.id)
        if not (found and isinstance(found.node, ast.ClassDef)):
            return None
        for statement in found.node.body:
            if isinstance(statement, ast.Assign) and any(
                isinstance(item, ast.Name) and item.id == "impl" for item in statement.targets
            ):
                return TypeReader(self._modules, found.module, self._namespace).read(statement.value)
        return None

    def _enum(self, arguments: list[ast.expr], keywords: dict[str, ast.expr]) -> ReadType | None:
        native = literal_text(keywords.get("native_enum")) != "false"
        by_value = "values_callable" in keywords
        name = literal_text(keywords.get("name"))
        namespace = literal_text(keywords.get("schema")) or self._namespace
        found: Found | None = None
        values: tuple[str, ...] = ()
        if arguments and isinstance(arguments[0], ast.Name | ast.Attribute):
            last = arguments[0].id if isinstance(arguments[0], ast.Name) else arguments[0].attr
            found = self._modules.find(self._module, last)
            members = enum_of_class(self._modules, found) if found else None
            if members is None:
                return None
            values = tuple(value if by_value else label for label, value in members)
            name = name or last.lower()
        else:
            values = tuple(text for item in arguments if (text := literal_text(item)) is not None)
        if not native:
            given = literal_text(keywords.get("length"))
            longest = max((len(value) for value in values), default=1)
            return ReadType(ColumnType("character varying", (given or str(longest),)))
        full = Name(name or "enum", namespace)
        origin = found.module.origin(found.node) if found else None
        return ReadType(ColumnType(str(full)), Enum(name=full, values=values, origin=origin))


def _numeric(arguments: list[ast.expr], keywords: dict[str, ast.expr]) -> ColumnType:
    precision = literal_text(arguments[0] if arguments else keywords.get("precision"))
    scale = literal_text(arguments[1] if len(arguments) > 1 else keywords.get("scale"))
    if precision is None:
        return ColumnType("numeric")
    return ColumnType("numeric", (precision, scale or "0"))
