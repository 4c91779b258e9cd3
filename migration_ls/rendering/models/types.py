"""How a column's type and default are said in SQLModel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from migration_ls.postgres.types import ColumnType
from migration_ls.rendering.models.layout import Code, Layout, call
from migration_ls.rendering.models.names import Names
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name

Version = tuple[int, ...] | None

HAS_SA_TYPE = (0, 0, 11)
HAS_ONDELETE = (0, 0, 21)
KEEPS_LENGTH_WITH_REGEX = (0, 0, 22)
AWARE_DATETIME = (0, 0, 45)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeSaying:
    """The annotation (without None), the keywords of `Field`, and what makes the type as `Column` takes it.

    `needs_column` says that the keywords do not do: the field wants a whole `sa_column`. `column` imports what it
    uses, so it is called only when the type is written.
    """

    annotation: str
    column: Callable[[], Code]
    keywords: Mapping[str, Code] = field(default_factory=dict)
    needs_column: bool = False


class UnsayableTypeError(ValueError):
    """The type has no form in SQLAlchemy that we know."""


_PLAIN = {
    "integer": ("int", "Integer"), "boolean": ("bool", "Boolean"), "date": ("datetime.date", "Date"),
    "time without time zone": ("datetime.time", "Time"), "interval": ("datetime.timedelta", "Interval"),
    "uuid": ("uuid.UUID", "Uuid"), "bytea": ("bytes", "LargeBinary"), "double precision": ("float", "Float"),
}  # fmt: skip
"""Types that an annotation says alone: where it comes from, and SQLAlchemy's name."""

_GIVEN = {
    "text": ("str", "Text"), "smallint": ("int", "SmallInteger"), "bigint": ("int", "BigInteger"),
    "real": ("float", "REAL"),
}  # fmt: skip
"""Types that `sa_type` has to say, with names of SQLAlchemy's own."""

_DIALECT = {
    "jsonb": "JSONB", "json": "JSON", "citext": "CITEXT", "inet": "INET", "cidr": "CIDR", "macaddr": "MACADDR",
    "tsvector": "TSVECTOR", "tsquery": "TSQUERY", "hstore": "HSTORE", "money": "MONEY", "oid": "OID",
    "int4range": "INT4RANGE", "int8range": "INT8RANGE", "numrange": "NUMRANGE", "daterange": "DATERANGE",
    "tsrange": "TSRANGE", "tstzrange": "TSTZRANGE", "bit varying": "BIT", "bit": "BIT",
}  # fmt: skip

_TEXTS = frozenset({"text", "character varying", "character", "citext"})
_ANY = frozenset({"int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange", "hstore"})


@dataclass(slots=True, kw_only=True)
class Typist:
    """Says types and defaults in the words of one class."""

    names: Names
    layout: Layout
    version: Version
    lower_generics: bool
    enum_classes: Mapping[Name, str]
    """What the class of an enum type is called, for those that have one."""
    now_factory: str | None = None
    """What the file's own time stamps have as `default_factory`."""

    def at_least(self, version: tuple[int, ...]) -> bool:
        """Whether the project's SQLModel is known to be that new, or not known."""
        return self.version is None or self.version >= version

    def say(self, kind: ColumnType) -> TypeSaying:
        """How the type is said.

        Raises:
            UnsayableTypeError: there is no form for it.
        """
        if kind.is_array:
            inner = self.say(kind.element)
            generic = "list" if self.lower_generics else self.names.use("typing", "List")
            return TypeSaying(
                annotation=f"{generic}[{inner.annotation}]",
                column=lambda: call(self.names.pg("ARRAY"), inner.column()),
                needs_column=True,
            )
        if kind.name in _PLAIN and not kind.modifiers:
            source, sqlalchemy = _PLAIN[kind.name]
            return TypeSaying(annotation=self._annotation(source), column=lambda: self._sa_name(sqlalchemy))
        if kind.name in _GIVEN:
            annotation, sqlalchemy = _GIVEN[kind.name]
            return self._given(annotation, lambda: self.names.sa(sqlalchemy))
        if kind.name == "character varying":
            return self._varchar(kind)
        if kind.name == "numeric":
            return self._numeric(kind)
        if kind.name.startswith("time"):
            return self._time(kind)
        return self._other(kind)

    def _annotation(self, source: str) -> str:
        module, dot, name = source.rpartition(".")
        return self.names.use(module, name) if dot else name

    def _sa_name(self, name: str) -> "Code":
        if name == "Uuid" and self.version is not None and self.version < HAS_SA_TYPE:
            return call(self.names.pg("UUID"), as_uuid="True")
        return self.names.sa(name)

    def _given(self, annotation: str, column: Callable[[], Code], **keywords: Code) -> TypeSaying:
        if not self.at_least(HAS_SA_TYPE):
            return TypeSaying(annotation=annotation, column=column, keywords=keywords, needs_column=True)
        return TypeSaying(annotation=annotation, column=column, keywords={**keywords, "sa_type": column()})

    def _varchar(self, kind: ColumnType) -> TypeSaying:
        if kind.length is None:
            return TypeSaying(annotation="str", column=lambda: self.names.sa("String"))
        length = str(kind.length)
        return TypeSaying(
            annotation="str",
            column=lambda: call(self.names.sa("String"), length),
            keywords={"max_length": length},
        )

    def _numeric(self, kind: ColumnType) -> TypeSaying:
        annotation = self.names.use("decimal", "Decimal")
        if not kind.modifiers:
            return TypeSaying(annotation=annotation, column=lambda: self.names.sa("Numeric"))
        precision, scale = (*kind.modifiers, "0")[:2]
        return TypeSaying(
            annotation=annotation,
            column=lambda: call(self.names.sa("Numeric"), precision, scale),
            keywords={"max_digits": precision, "decimal_places": scale},
        )

    def _time(self, kind: ColumnType) -> TypeSaying:
        aware = kind.name.endswith("with time zone")
        stamp = kind.name.startswith("timestamp")
        annotation = self.names.use("datetime", "datetime" if stamp else "time")
        zone = "True" if aware else None
        if kind.modifiers:
            name = "TIMESTAMP" if stamp else "TIME"
            precision = kind.modifiers[0]
            return self._given(annotation, lambda: call(self.names.pg(name), precision=precision, timezone=zone))
        if not stamp:
            return self._given(annotation, lambda: call(self.names.sa("Time"), timezone=zone))

        def column() -> Code:
            return call(self.names.sa("DateTime"), timezone=zone) if aware else self.names.sa("DateTime")

        if self.version is not None and (self.version >= AWARE_DATETIME) == aware:
            return TypeSaying(annotation=annotation, column=column)
        if not aware and self.version and (naive := self.names.bound("pydantic", "NaiveDatetime")):
            return TypeSaying(annotation=naive, column=column)
        return self._given(annotation, column)

    def _other(self, kind: ColumnType) -> TypeSaying:
        if kind.name == "character":
            length = kind.modifiers[0]
            return self._given("str", lambda: call(self.names.sa("CHAR"), length), max_length=length)
        if kind.name in _DIALECT:
            annotation = "dict" if kind.name in {"json", "jsonb"} else "str"
            if kind.name in _ANY:
                annotation = self.names.use("typing", "Any")
            return self._given(annotation, lambda: self._dialect(kind))
        if enum_class := self.enum_classes.get(_named(kind.name)):
            return TypeSaying(
                annotation=enum_class, column=lambda: self._enum(_named(kind.name), enum_class), needs_column=True
            )
        raise UnsayableTypeError(f"the type `{kind}` has no form in SQLAlchemy that is known here")

    def _dialect(self, kind: ColumnType) -> Code:
        name = self.names.pg(_DIALECT[kind.name])
        if not kind.name.startswith("bit"):
            return name
        return call(name, *kind.modifiers, varying="True" if kind.name == "bit varying" else None)

    def _enum(self, enum: Name, enum_class: str) -> Code:
        return call(
            self.names.sa("Enum"),
            enum_class,
            name=self.layout.string(enum.name),
            schema=None if enum.namespace == "public" else self.layout.string(enum.namespace),
            values_callable="lambda e: [m.value for m in e]",
        )

    def scratch(self) -> "Typist":
        """The same, collecting no imports: for what is said already."""
        return replace(self, names=Names(self.names.module, self.names.width, self.names.taken))

    def server_default(self, default: Expression, kind: ColumnType) -> Code:
        """The default as `server_default` takes it."""
        named = kind.name in _TEXTS or not kind.is_built_in
        if default.value is not None and named and not kind.is_array and "'" not in default.value:
            # Alembic compares a plain string without doubling its quotes, so such a value is given as SQL
            return self.layout.string(default.value)
        if default.canonical == "now()" and (func := self._func()):
            return f"{func}.now()"
        return call(self.names.sa("text"), self.layout.string(default.canonical))

    def _func(self) -> str | None:
        if self.names.bound("sqlalchemy", "func") or not self.names.bound("sqlalchemy", "text"):
            return self.names.sa("func")
        return None

    def python_default(self, default: Expression, kind: ColumnType, saying: TypeSaying) -> tuple[str, Code] | None:
        """The keyword of `Field`, and its value, that give the same default in Python; None where nothing does."""
        value = default.value
        if value is None:
            return self._factory(default, kind)
        if kind.is_array:
            return ("default_factory", "list") if value == "{}" else None
        if kind.name in {"json", "jsonb"}:
            empty = {"{}": "dict", "[]": "list"}.get(value.replace(" ", ""))
            return ("default_factory", empty) if empty else None
        if saying.annotation in {"int", "float"}:
            return "default", value
        if saying.annotation == "bool":
            return "default", "True" if value in {"true", "t", "1", "on", "yes"} else "False"
        if kind.name == "numeric":
            return "default", call(saying.annotation, self.layout.string(value))
        if kind.name in _TEXTS:
            return "default", self.layout.string(value)
        if not kind.is_built_in and _named(kind.name) in self.enum_classes:
            return "default", f"{saying.annotation}.{value}"
        return None

    def _factory(self, default: Expression, kind: ColumnType) -> tuple[str, Code] | None:
        if kind.name == "uuid" and default.canonical in {"gen_random_uuid()", "uuid_generate_v4()"}:
            return "default_factory", self.names.use("uuid", "uuid4")
        if not kind.name.startswith("timestamp") or not default.canonical.lower().startswith(("now()", "current_time")):
            return None
        if self.now_factory:
            return "default_factory", self.now_factory
        if kind.name != "timestamp with time zone":
            return None
        moment = self.names.use("datetime", "datetime")
        return "default_factory", f"lambda: {moment}.now({self.names.use('datetime', 'timezone')}.utc)"


def _named(text: str) -> Name:
    namespace, dot, name = text.replace('"', "").rpartition(".")
    return Name(name, namespace) if dot else Name(name)
