"""SQLAlchemy's types as PostgreSQL has them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from migration_ls.postgres.quoting import identifier
from migration_ls.postgres.types import ColumnType, parse_type
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Enum
from migration_ls.sources.models.arguments import Arguments, arguments_of
from migration_ls.sources.models.classes import (
    attribute_of,
    function_env,
    is_enum,
    local_order,
    mro,
    own_attribute,
)
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.displays import items
from migration_ls.sources.models.evaluate import expand, scalar
from migration_ls.sources.models.facts import Function
from migration_ls.sources.models.labels import labels_of
from migration_ls.sources.models.running import follow
from migration_ls.sources.models.terms import Call, Starred
from migration_ls.sources.models.values import ClassValue, External, Instance, Member, Node, Plain, Unknown, Value

_FIXED: dict[str, str] = {
    "Integer": "integer", "INTEGER": "integer", "INT": "integer", "BigInteger": "bigint", "BIGINT": "bigint",
    "SmallInteger": "smallint", "SMALLINT": "smallint", "Boolean": "boolean", "BOOLEAN": "boolean", "Date": "date",
    "DATE": "date", "Text": "text", "TEXT": "text", "UnicodeText": "text", "CLOB": "text", "REAL": "real",
    "Double": "double precision", "DOUBLE": "double precision", "DOUBLE_PRECISION": "double precision",
    "LargeBinary": "bytea", "BLOB": "bytea", "BYTEA": "bytea", "BINARY": "bytea", "VARBINARY": "bytea",
    "PickleType": "bytea", "JSON": "json", "JSONB": "jsonb", "UUID": "uuid", "UUIDType": "uuid", "GUID": "uuid",
    "UTCDateTime": "timestamp with time zone", "INET": "inet", "CIDR": "cidr", "MACADDR": "macaddr",
    "MACADDR8": "macaddr8", "HSTORE": "hstore", "CITEXT": "citext", "TSVECTOR": "tsvector", "TSQUERY": "tsquery",
    "MONEY": "money", "OID": "oid", "REGCLASS": "regclass", "REGCONFIG": "regconfig", "JSONPATH": "jsonpath",
    "INT4RANGE": "int4range", "INT8RANGE": "int8range", "NUMRANGE": "numrange", "DATERANGE": "daterange",
    "TSRANGE": "tsrange", "TSTZRANGE": "tstzrange", "INT4MULTIRANGE": "int4multirange",
    "INT8MULTIRANGE": "int8multirange", "NUMMULTIRANGE": "nummultirange", "DATEMULTIRANGE": "datemultirange",
    "TSMULTIRANGE": "tsmultirange", "TSTZMULTIRANGE": "tstzmultirange", "JSONType": "json", "LtreeType": "ltree",
    "TSVectorType": "tsvector", "IPAddressType": "character varying(50)", "EmailType": "character varying(255)",
    "URLType": "text", "NullType": "text",
}  # fmt: skip
_SIZED: dict[str, str] = {
    "String": "character varying", "VARCHAR": "character varying", "Unicode": "character varying",
    "NVARCHAR": "character varying", "AutoString": "character varying", "CHAR": "character", "NCHAR": "character",
    "Vector": "vector", "VECTOR": "vector", "HALFVEC": "halfvec", "HalfVector": "halfvec", "SPARSEVEC": "sparsevec",
}  # fmt: skip
_INTEGERS = frozenset({"integer", "bigint", "smallint"})
_SINGLE = 24
"""Bits of precision up to which `float(n)` is `real`; https://www.postgresql.org/docs/current/datatype-numeric.html."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlType:
    """A column's type as the models say it. `values` are what an enumeration that is no type of its own allows."""

    type: ColumnType
    understood: bool = True
    collation: str | None = None
    enum_class: ClassValue | None = None
    labels: tuple[tuple[str, str], ...] = ()
    """The members of the enumeration and what is stored for each."""
    enum_name: Name | None = None
    """The enumeration's own type."""
    home: Literal["own", "table", "metadata"] = "own"
    """Whose namespace the enumeration's type takes: its own, the table's, or that of the table's metadata."""
    check_name: str | None = None
    checked: bool = False

    @property
    def is_integer(self) -> bool:
        """Whether a key of it may count up by itself."""
        return self.type.name in _INTEGERS and not self.type.is_array

    def label(self, member: str) -> str | None:
        """What is stored for a member of the enumeration."""
        return dict(self.labels).get(member)


def is_type(context: Context, value: Value) -> bool:
    """Whether a value is a type, or makes one, as far as its name tells."""
    match expand(context, value):
        case External(name=name, root=root):
            return name in _NAMES or root in {"pgvector", "geoalchemy2"}
        case ClassValue() as cls:
            return any(isinstance(base, External) and _is_root(base) for base in mro(context, cls))
        case Node() as node:
            arguments = arguments_of(context, node)
            if arguments is None:
                return False
            match arguments.function:
                case Member(name="with_variant" | "as_mutable"):
                    return True
                case function:
                    return not isinstance(function, Node) and is_type(context, function)
        case _:
            return False


def _is_root(base: External) -> bool:
    return base.name in {"TypeDecorator", "UserDefinedType", "TypeEngine"} or base.name in _FIXED or base.name in _SIZED


def sql_type(context: Context, value: Value, place: Origin) -> SqlType | None:
    """The type that a value is or makes; None when it is none. `place` is where to report what is not understood."""
    value = expand(context, value)
    if isinstance(value, Node):
        arguments = arguments_of(context, value)
        if arguments is None:
            return None
        return type_made(context, arguments, place)
    return type_made(context, Arguments(function=value, context=context), place)


def unknown_type(context: Context, name: str, place: Origin) -> SqlType:
    """A type of that name, which nobody understands, and a hint that says so."""
    context.report(
        place,
        "models-unknown-type",
        f"the type `{name}` is not known, so nothing can be said about what the column is in the database",
        "Give the column a type of SQLAlchemy's with `sa_type`, or ignore this hint",
        serious=False,
    )
    return SqlType(type=ColumnType(identifier(name.lower())), understood=False)


def type_made(context: Context, given: Arguments, place: Origin) -> SqlType | None:
    """The type that calling a type with these arguments makes; None when it is none."""
    match given.function:
        case External() as external:
            return _external(context, external, given, place)
        case ClassValue() as cls:
            return _of_class(context, cls, given, place)
        case Member(owner=External(name="MutableDict" | "MutableList" | "MutableSet" | "Mutable"), name="as_mutable"):
            inner = given.at(0)
            return sql_type(context, inner, place) if inner is not None else None
        case Member(owner=owner, name="with_variant"):
            dialects = [given.text(index) for index in range(1, given.count)]
            variant = given.at(0)
            chosen = variant if "postgresql" in dialects and variant is not None else owner
            return sql_type(context, chosen, place)
        case Unknown(name=name):
            return unknown_type(context, name, place)
        case _:
            return None


def _external(context: Context, external: External, given: Arguments, place: Origin) -> SqlType | None:
    name = external.name
    if name == "as_mutable":
        inner = given.at(0)
        return sql_type(context, inner, place) if inner is not None else None
    if name in _FIXED:
        collation = given.text("collation")
        return SqlType(type=parse_type(_FIXED[name]), collation=collation)
    if name in _SIZED:
        length = given.number("length", 0) or given.number("dim", 0)
        base = _SIZED[name]
        modifiers = (str(length),) if length is not None else ("1",) if base == "character" else ()
        return SqlType(type=ColumnType(base, modifiers), collation=given.text("collation"))
    if name == "ARRAY":
        return _array(context, given, place)
    if name in {"Enum", "ENUM"}:
        return _enum(context, given, place)
    if (maker := _MADE.get(name)) is not None:
        return maker(given)
    if external.root in {"builtins", "?"}:
        return None
    return unknown_type(context, name, place)


def _timestamp(given: Arguments) -> SqlType:
    return SqlType(type=_timed("timestamp", given))


def _time(given: Arguments) -> SqlType:
    return SqlType(type=_timed("time", given))


def _timed(base: str, given: Arguments) -> ColumnType:
    zone = "with" if given.true("timezone", 0) else "without"
    precision = given.number("precision", 1)
    return ColumnType(f"{base} {zone} time zone", (str(precision),) if precision is not None else ())


def _interval(given: Arguments) -> SqlType:
    precision = given.number("precision") if given.number("precision") is not None else given.number("second_precision")
    fields = given.text("fields")
    if fields:
        words = fields.lower() + (f"({precision})" if precision is not None else "")
        return SqlType(type=ColumnType("interval", (words,)))
    return SqlType(type=ColumnType("interval", (str(precision),) if precision is not None else ()))


def _float(given: Arguments) -> SqlType:
    precision = given.number("precision", 0)
    small = precision is not None and precision <= _SINGLE
    return SqlType(type=ColumnType("real" if small else "double precision"))


def _numeric(given: Arguments) -> SqlType:
    return SqlType(type=numeric(given.number("precision", 0), given.number("scale", 1)))


def numeric(precision: int | None, scale: int | None) -> ColumnType:
    """The numeric type of so many digits; a scale without a precision says nothing to PostgreSQL."""
    return ColumnType("numeric", (str(precision), str(scale or 0)) if precision is not None else ())


def _uuid(given: Arguments) -> SqlType:
    if given.false("native_uuid", 1):
        return SqlType(type=ColumnType("character", ("32",)))
    return SqlType(type=ColumnType("uuid"))


def _bit(given: Arguments) -> SqlType:
    length = given.number("length", 0)
    if given.true("varying", 1):
        return SqlType(type=ColumnType("bit varying", (str(length),) if length is not None else ()))
    return SqlType(type=ColumnType("bit", (str(length or 1),)))


def _array(context: Context, given: Arguments, place: Origin) -> SqlType | None:
    element = given.named("item_type", 0)
    inner = sql_type(context, element, place) if element is not None else None
    return replace(inner, type=replace(inner.type, dimensions=1)) if inner else None


def _domain(given: Arguments) -> SqlType:
    name = given.text("name", 0) or "domain"
    namespace = given.text("schema")
    return SqlType(type=ColumnType(Name(name, namespace or "public").sql))


def _geometry(given: Arguments) -> SqlType:
    kind, srid = given.text("geometry_type", 0) or "GEOMETRY", given.number("srid", 1)
    name = given.function.name.lower() if isinstance(given.function, External) else "geometry"
    modifiers = (kind,) if srid in (None, -1) else (kind, str(srid))
    return SqlType(type=ColumnType(name, modifiers))


def _enum(context: Context, given: Arguments, place: Origin) -> SqlType | None:
    """`Enum(Class)`, `Enum("a", "b", name="x")` and PostgreSQL's own `ENUM`."""
    first = given.at(0)
    cls = expand(context, first) if first is not None else None
    enum_class = cls if isinstance(cls, ClassValue) and is_enum(context, cls) else None
    if enum_class is not None:
        labels = labels_of(context, enum_class, given.named("values_callable"), place)
    else:
        texts = [item for item in map(given.text, range(given.count)) if item is not None]
        if not texts and first is not None:
            found = (scalar(context, item) for item in items(context, first) or ())
            texts = [item for item in found if isinstance(item, str)]
        labels = tuple((text, text) for text in texts)
    name = given.text("name") or (enum_class.name.lower() if enum_class else None)
    return enum_type(
        context,
        SqlType(
            type=ColumnType("character varying"),
            enum_class=enum_class,
            labels=labels,
            home=_home(given),
            check_name=given.text("name"),
            checked=given.true("create_constraint"),
        ),
        name=None if given.false("native_enum") else name,
        namespace=given.text("schema"),
        length=given.number("length"),
        origin=enum_class.origin if enum_class else place,
    )


def _home(given: Arguments) -> Literal["own", "table", "metadata"]:
    if given.true("inherit_schema"):
        return "table"
    # Without a schema of its own the type takes that of the metadata, since SQLAlchemy 2.1.
    return "own" if "schema" in given.keywords else "metadata"


def register(context: Context, enum: Enum) -> None:
    """Note an enumeration's type; the first with labels counts."""
    if enum.name not in context.enums or not context.enums[enum.name].values:
        context.enums[enum.name] = enum


def at_home(context: Context, type_: SqlType, table: str | None, metadata: str | None, origin: Origin) -> SqlType:
    """The type of a column in its namespace; `table` and `metadata` are the namespaces that it may take."""
    if type_.home == "own" or type_.enum_name is None:
        return type_
    own = type_.enum_name
    name = Name(own.name, (table if type_.home == "table" else metadata) or own.namespace)
    values = tuple(label for _, label in type_.labels)
    register(context, Enum(name=name, values=values, origin=type_.enum_class.origin if type_.enum_class else origin))
    return replace(type_, type=replace(type_.type, name=name.sql))


def enum_type(
    context: Context, draft: SqlType, *, name: str | None, namespace: str | None, length: int | None, origin: Origin
) -> SqlType:
    """The enumeration as a type of its own; without a name as text that is long enough for every label."""
    values = tuple(label for _, label in draft.labels)
    if name is None:
        size = length if length is not None else max(map(len, values), default=0)
        return replace(draft, type=ColumnType("character varying", (str(size),) if size else ()))
    full = Name(name, namespace or "public")
    if draft.home == "own":
        register(context, Enum(name=full, values=values, origin=origin))
    return replace(draft, type=ColumnType(full.sql), enum_name=full, checked=False)


def _of_class(context: Context, cls: ClassValue, given: Arguments, place: Origin) -> SqlType | None:
    """A type that the project defines: a decorator of another, or one with its own spelling."""
    if is_enum(context, cls):
        return None
    made = _instance(context, local_order(context, cls), given)
    for base in local_order(context, cls):
        loader = own_attribute(base, "load_dialect_impl")
        if isinstance(loader, Function) and (chosen := _chosen(context, base, loader, made, place)) is not None:
            return chosen
        spelling = own_attribute(base, "get_col_spec")
        if isinstance(spelling, Function) and spelling.returns and spelling.parameters:
            env = function_env(context, spelling, base.env, {spelling.parameters[0]: made.value})
            run = follow(context, spelling, env)
            known = scalar(context, run.returned) if run.returned is not None and not run.doubtful else None
            if isinstance(known, str):
                return SqlType(type=parse_type(known))
    inner = attribute_of(context, cls, "impl")
    if inner is not None:
        inner = expand(context, inner)
        if isinstance(inner, Node) or made.above is None:
            # An instance: the arguments are not for it.
            return sql_type(context, inner, place)
        return type_made(context, replace(made.above, function=inner), place)
    for root in mro(context, cls):
        if isinstance(root, External) and _is_root(root) and root.name not in {"TypeDecorator", "UserDefinedType"}:
            found = sql_type(context, root, place)
            return found if found is not None and found.understood else unknown_type(context, cls.name, place)
    return unknown_type(context, cls.name, place)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """An object of a type of the project, and what the type's `__init__` hands on; None when that is not known."""

    value: Instance
    above: Arguments | None


def _instance(context: Context, order: tuple[ClassValue, ...], given: Arguments) -> _Made:
    """What the `__init__` of the first class that has one makes of the arguments."""
    for position, cls in enumerate(order):
        start = own_attribute(cls, "__init__")
        if not isinstance(start, Function) or not start.parameters:
            continue
        names = start.parameters[1 : start.positional]
        values: dict[str, Value] = dict(zip(names, given.positional, strict=False))
        values |= {name: item for name, item in given.keywords.items() if name in start.parameters}
        rest = given.positional[len(names) :]
        more = {name: item for name, item in given.keywords.items() if name not in start.parameters}
        run = follow(context, start, function_env(context, start, cls.env, values))
        above = arguments_of(context, run.above) if run.above is not None else None
        if above is None:
            return _Made(value=Instance(run.attributes), above=None)
        call = run.above.term if run.above is not None else None
        spread = call.arguments if isinstance(call, Call) else ()
        passes_rest = any(isinstance(item, Starred) for item in spread)
        passes_more = isinstance(call, Call) and any(item.name is None for item in call.keywords)
        above = replace(
            above,
            positional=(*above.positional, *(rest if passes_rest else ())),
            keywords={**above.keywords, **(more if passes_more else {})},
        )
        inner = _instance(context, order[position + 1 :], above)
        return _Made(value=Instance({**inner.value.attributes, **run.attributes}), above=inner.above)
    return _Made(value=Instance({}), above=given)


def _chosen(context: Context, cls: ClassValue, loader: Function, made: _Made, place: Origin) -> SqlType | None:
    """What `load_dialect_impl` gives for PostgreSQL; None when that cannot be told."""
    dialect = Instance({"name": Plain("postgresql")})
    given: dict[str, Value] = dict(zip(loader.parameters, (made.value, dialect), strict=False))
    run = follow(context, loader, function_env(context, loader, cls.env, given))
    if run.returned is None or run.doubtful:
        return None
    described = arguments_of(context, run.returned)
    inner = described.at(0) if described is not None else None
    return sql_type(context, inner, place) if inner is not None else None


_MADE: dict[str, Callable[[Arguments], SqlType]] = {
    "DateTime": _timestamp, "TIMESTAMP": _timestamp, "DATETIME": _timestamp, "Time": _time, "TIME": _time,
    "Interval": _interval, "INTERVAL": _interval, "Float": _float, "FLOAT": _float, "Numeric": _numeric,
    "NUMERIC": _numeric, "DECIMAL": _numeric, "Uuid": _uuid, "BIT": _bit, "DOMAIN": _domain,
    "Geometry": _geometry, "Geography": _geometry,
}  # fmt: skip

_NAMES = frozenset({*_FIXED, *_SIZED, *_MADE, "ARRAY", "Enum", "ENUM"})
