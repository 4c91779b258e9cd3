"""What an annotation says: the type, whether None is allowed, and what `Annotated` adds."""

from dataclasses import dataclass, replace

from migration_ls.sources.models.classes import enum_of_call, is_enum, mro
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.convert import term_of
from migration_ls.sources.models.evaluate import EnumMember, scalar
from migration_ls.sources.models.terms import Binary, Call, Const, Items, Subscript, Term
from migration_ls.sources.models.values import ClassValue, Env, External, Node, Plain, Unknown, Value

_ALIASES = {
    "List": "list", "Dict": "dict", "Set": "set", "Tuple": "tuple", "FrozenSet": "frozenset", "Sequence": "list",
    "Mapping": "dict", "MutableMapping": "dict", "DefaultDict": "dict", "Iterable": "list", "Text": "str",
}  # fmt: skip
_CONSTRAINED = {
    "constr": "str", "conint": "int", "confloat": "float", "condecimal": "Decimal", "conbytes": "bytes",
    "condate": "date", "conlist": "list", "conset": "set",
}  # fmt: skip
_WRAPPERS = frozenset({"Final", "Required", "NotRequired", "ReadOnly", "InitVar"})
_PYTHON = frozenset(
    "builtins datetime decimal uuid pathlib ipaddress enum pydantic pydantic_extra_types typing typing_extensions ? "
    "uuid6".split()
)
"""Where types come from that are known by their names."""
_DEEPEST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """An annotation. `value` is the type without None, `arguments` what stands in its brackets.

    `metadata` is what `Annotated` adds at the top, where pydantic looks for it; `inner` what it adds below a union with
    None, where SQLAlchemy looks too. `marker` is `Mapped` or
    `ClassVar`; `aliases` are the names on the way, by which SQLAlchemy's `type_annotation_map` may know the type.
    """

    value: Value
    optional: bool = False
    metadata: tuple[Value, ...] = ()
    inner: tuple[Value, ...] = ()
    arguments: tuple[Node, ...] = ()
    marker: str | None = None
    literals: tuple[str, ...] = ()
    ambiguous: bool = False
    term: Node | None = None
    limits: Node | None = None
    """The call of `constr` or `condecimal` that made the type."""

    @property
    def name(self) -> str:
        """What to call the type in a message."""
        return getattr(self.value, "name", "") or "?"


def read_annotation(context: Context, term: Term, env: Env, depth: int = 0) -> Annotation:
    """What an annotation says; names, strings and aliases are followed."""
    if depth > _DEEPEST:
        return Annotation(value=Unknown("?"))
    match term:
        case Const(value=None):
            return Annotation(value=External("builtins", ("None",)), optional=True)
        case Const(value=str() as text):
            inner = term_of(text, term.start, term.end)
            return read_annotation(context, inner, env, depth + 1) if inner else Annotation(value=Unknown(text))
        case Subscript():
            return _subscripted(context, term, env, depth)
        case Binary(operator="BitOr"):
            return _union(context, [term.left, term.right], env, depth)
        case Call():
            return _called(context, term, env, depth)
        case _:
            pass
    value = context.lookup.value(term, env)
    match value:
        case Node():
            found = read_annotation(context, value.term, value.env, depth + 1)
            return replace(found, term=value)
        case Plain(value=None):
            return Annotation(value=External("builtins", ("None",)), optional=True)
        case Plain(value=str() as text):
            inner = term_of(text, term.start, term.end)
            return read_annotation(context, inner, env, depth + 1) if inner else Annotation(value=Unknown(text))
        case External(name=name) if name in _ALIASES and value.root in {"typing", "collections"}:
            return Annotation(value=External("builtins", (_ALIASES[name],)))
        case External(name="ClassVar" | "Final" as name, root="typing" | "typing_extensions"):
            return Annotation(value=value, marker="ClassVar" if name == "ClassVar" else None)
        case _:
            return Annotation(value=value)


def _called(context: Context, term: Call, env: Env, depth: int) -> Annotation:
    """`constr(max_length=5)`, `NewType("UserId", int)`."""
    function = context.lookup.value(term.function, env)
    made = enum_of_call(context, Node(term, env), term, function) if isinstance(function, External) else None
    if made is not None:
        return Annotation(value=made)
    name = getattr(function, "name", "")
    if name == "NewType" and len(term.arguments) == 2:
        return read_annotation(context, term.arguments[1], env, depth + 1)
    if name in _CONSTRAINED:
        base = External("pydantic", (_CONSTRAINED[name],))
        return Annotation(value=base, limits=Node(term, env))
    return Annotation(value=Unknown(name or "?"))


def _subscripted(context: Context, term: Subscript, env: Env, depth: int) -> Annotation:
    base = context.lookup.value(term.base, env)
    inner = term.key.items if isinstance(term.key, Items) else (term.key,)
    name = base.name if isinstance(base, External | ClassValue | Unknown) else ""
    match name:
        case "Optional":
            found = read_annotation(context, inner[0], env, depth + 1)
            return replace(found, optional=True, metadata=(), inner=(*found.metadata, *found.inner))
        case "Union":
            return _union(context, list(inner), env, depth)
        case "Annotated":
            found = read_annotation(context, inner[0], env, depth + 1)
            added = tuple(context.lookup.value(item, env) for item in inner[1:])
            return replace(found, metadata=(*found.metadata, *added))
        case "Literal":
            return Annotation(value=base, literals=_literals(context, inner, env))
        case "ClassVar" | "Mapped" | "DynamicMapped" | "WriteOnlyMapped":
            marker = "ClassVar" if name == "ClassVar" else "Mapped"
            return replace(read_annotation(context, inner[0], env, depth + 1), marker=marker)
        case _ if name in _WRAPPERS:
            return read_annotation(context, inner[0], env, depth + 1)
        case _:
            if isinstance(base, Node):
                return read_annotation(context, base.term, base.env, depth + 1)
            if isinstance(base, External) and name in _ALIASES:
                base = External("builtins", (_ALIASES[name],))
            return Annotation(value=base, arguments=tuple(Node(item, env) for item in inner))


def _union(context: Context, terms: list[Term], env: Env, depth: int) -> Annotation:
    arms: list[Annotation] = []
    optional = False
    for term in terms:
        found = read_annotation(context, term, env, depth + 1)
        optional = optional or found.optional
        if not (isinstance(found.value, External) and found.value.name == "None"):
            arms.append(found)
    if not arms:
        return Annotation(value=External("builtins", ("None",)), optional=True)
    ambiguous = len(arms) > 1 or arms[0].ambiguous
    below = () if ambiguous else (*arms[0].metadata, *arms[0].inner)
    return replace(arms[0], optional=optional, metadata=(), inner=below, ambiguous=ambiguous)


def _literals(context: Context, terms: tuple[Term, ...], env: Env) -> tuple[str, ...]:
    values: list[str] = []
    for term in terms:
        known = scalar(context, context.lookup.value(term, env))
        if isinstance(known, EnumMember):
            known = known.value
        if isinstance(known, str | int):
            values.append(str(known))
    return tuple(values)


def python_base(context: Context, value: Value) -> str | None:
    """The name of Python's or pydantic's type that a type is, or that a class of the project derives from."""
    match value:
        case External():
            return value.name if value.root in _PYTHON else None
        case ClassValue():
            if is_enum(context, value):
                return "Enum"
            bases = (base for base in mro(context, value) if isinstance(base, External))
            return next((base.name for base in bases if base.name in PYTHON_TYPES), None)
        case Unknown(name=name):
            return name if name in PYTHON_TYPES else None
        case _:
            return None


PYTHON_TYPES: dict[str, str] = {
    **dict.fromkeys(
        "str EmailStr NameEmail StrictStr IPv4Address IPv4Network IPv4Interface IPv6Address IPv6Network IPv6Interface "
        "Path PurePath PosixPath FilePath DirectoryPath NewPath".split(),
        "character varying",
    ),
    **dict.fromkeys("int PositiveInt NegativeInt NonNegativeInt NonPositiveInt StrictInt".split(), "integer"),
    **dict.fromkeys(
        "float PositiveFloat NegativeFloat NonNegativeFloat NonPositiveFloat StrictFloat FiniteFloat".split(),
        "double precision",
    ),
    **dict.fromkeys("bool StrictBool".split(), "boolean"),
    **dict.fromkeys("bytes StrictBytes".split(), "bytea"),
    **dict.fromkeys("UUID UUID1 UUID3 UUID4 UUID5 UUID6 UUID7 UUID8".split(), "uuid"),
    "Decimal": "numeric",
    "datetime": "timestamp without time zone",
    "NaiveDatetime": "timestamp without time zone",
    "AwareDatetime": "timestamp with time zone",
    "date": "date",
    "time": "time without time zone",
    "timedelta": "interval",
}
"""Python's types, and pydantic's, as SQLModel and SQLAlchemy store them."""
