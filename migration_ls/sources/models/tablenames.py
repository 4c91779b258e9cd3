"""Which classes are tables, and what the tables are called."""

from migration_ls.sources.models.arguments import Arguments, arguments_of
from migration_ls.sources.models.classes import attribute_of, is_subclass, local_order, mro, own_attribute
from migration_ls.sources.models.context import Context, once_for_class
from migration_ls.sources.models.displays import items, pairs
from migration_ls.sources.models.evaluate import expand, scalar, string
from migration_ls.sources.models.facts import Assignment, Function
from migration_ls.sources.models.metadata import metadata_of, metadata_of_class
from migration_ls.sources.models.terms import Call, Ref
from migration_ls.sources.models.values import ClassValue, External, Plain, Value

_ROOTS = ("DeclarativeBase", "DeclarativeBaseNoMeta", "declarative_base", "generate_base", "as_declarative")
_NO_TABLES = frozenset(
    "object BaseModel BaseSettings Enum IntEnum StrEnum Exception Protocol TypedDict NamedTuple ABC Generic str int "
    "dict list TypeDecorator UserDefinedType MappedAsDataclass".split()
)


def is_sqlmodel(context: Context, cls: ClassValue) -> bool:
    """Whether the class is made by SQLModel."""
    return is_subclass(context, cls, "SQLModel") or _own_table_flag(context, cls) is not None


def _own_table_flag(context: Context, cls: ClassValue) -> bool | None:
    flag = cls.facts.keyword("table")
    if flag is not None:
        return scalar(context, context.lookup.value(flag, cls.env)) is True
    config = own_attribute(cls, "model_config")
    if isinstance(config, Assignment) and config.value is not None:
        found = pairs(context, context.lookup.value(config.value, cls.env)) or {}
        if "table" in found:
            return scalar(context, found["table"]) is True
    return None


def is_table(context: Context, cls: ClassValue) -> bool:
    """Whether the class makes a table of its own."""
    if is_sqlmodel(context, cls):
        if not _own_table_flag(context, cls):
            return False
        # SQLModel maps no class below one that is a table already.
        return not any(_own_table_flag(context, base) for base in local_order(context, cls)[1:])
    return is_declarative(context, cls) and (has_own_name(context, cls) or own_attribute(cls, "__table__") is not None)


@once_for_class
def is_declarative(context: Context, cls: ClassValue) -> bool:
    """Whether SQLAlchemy maps the class, if only together with the table of a base."""
    abstract = own_attribute(cls, "__abstract__")
    if isinstance(abstract, Assignment) and abstract.value is not None:
        return False
    if any(name.startswith("mapped") for name in _decorators(cls)):
        return True
    direct = [context.lookup.value(base, cls.env) for base in cls.facts.bases]
    if any(isinstance(base, External) and base.name in {"DeclarativeBase", "DeclarativeBaseNoMeta"} for base in direct):
        return False
    if _is_root(cls):
        return False
    if is_subclass(context, cls, *_ROOTS):
        return True
    unexplained = any(
        isinstance(base, External) and base.name not in _NO_TABLES and base.root not in {"typing", "abc"}
        for base in mro(context, cls)
    )
    decorated = any(_is_root(base) for base in local_order(context, cls)[1:])
    return decorated or (unexplained and own_attribute(cls, "__tablename__") is not None)


def shared_table(context: Context, cls: ClassValue) -> ClassValue | None:
    """The base whose table a class without one of its own adds columns to; None when there is none."""
    if is_sqlmodel(context, cls) or not is_declarative(context, cls):
        return None
    return next((base for base in local_order(context, cls)[1:] if is_table(context, base)), None)


def _is_root(cls: ClassValue) -> bool:
    return "as_declarative" in _decorators(cls) or "as_declarative_base" in _decorators(cls)


def _decorators(cls: ClassValue) -> set[str]:
    """The last names of a class's decorators, called or not."""
    terms = (term.function if isinstance(term, Call) else term for term in cls.facts.decorators)
    return {term.names[-1] for term in terms if isinstance(term, Ref)}


def has_own_name(context: Context, cls: ClassValue) -> bool:
    """Whether a name for the table is given by the class, or by a base that is no table itself."""
    for base in local_order(context, cls):
        if base is not cls and is_declarative(context, base) and _names(base):
            # The name of a base's table is the base's, unless a method makes one for each class.
            return isinstance(own_attribute(base, "__tablename__"), Function)
        if _names(base):
            return True
    return False


def _names(cls: ClassValue) -> bool:
    statement = own_attribute(cls, "__tablename__")
    if isinstance(statement, Assignment):
        return statement.value is not None
    return statement is not None


def name_of_class(context: Context, cls: ClassValue) -> tuple[str | None, str] | None:
    """Namespace and name of the table that a class makes; None when the name cannot be told."""
    if (fixed := _name_of_table(context, cls)) is not None:
        return fixed
    given = attribute_of(context, cls, "__tablename__")
    doubts = context.doubts
    name = string(context, given) if given is not None else None
    if not name or context.doubts > doubts:
        if given is not None and not (isinstance(given, Plain) and given.value is None):
            context.report(
                cls.origin,
                "models-unknown-name",
                f"the name of the table of `{cls.name}` is made by code that is not run, so it is taken from the class",
                "Give `__tablename__` as a string",
                serious=False,
            )
        name = name or cls.name.lower()
    return namespace_of(context, cls), name


def _name_of_table(context: Context, cls: ClassValue) -> tuple[str | None, str] | None:
    """Namespace and name that the `Table(...)` of `__table__` has."""
    for base in local_order(context, cls):
        fixed = own_attribute(base, "__table__")
        if isinstance(fixed, Assignment) and fixed.value is not None:
            given = arguments_of(context, expand(context, context.lookup.value(fixed.value, base.env)))
            return name_of_table_call(context, given) if given is not None else None
        if own_attribute(base, "__tablename__") is not None:
            return None
    return None


def name_of_table_call(context: Context, given: Arguments) -> tuple[str | None, str] | None:
    """Namespace and name that a call of `Table` gives; None for other calls, and where the name cannot be told."""
    name = given.text("name", 0) if given.name == "Table" else None
    if name is None:
        return None
    if "schema" in given.keywords:
        return given.text("schema"), name
    return metadata_of(context, given.named("metadata", 1)).namespace, name


def namespace_of(context: Context, cls: ClassValue) -> str | None:
    """The namespace that `__table_args__` or the metadata of the class gives."""
    options = table_options(context, cls)
    if "schema" in options:
        return string(context, options["schema"])
    return metadata_of_class(context, cls).namespace


@once_for_class
def table_options(context: Context, cls: ClassValue) -> dict[str, Value]:
    """The options among `__table_args__`: the dictionary, alone or at the end."""
    given = attribute_of(context, cls, "__table_args__")
    if given is None:
        return {}
    found = pairs(context, given)
    if found is not None:
        return found
    listed = items(context, given)
    return (pairs(context, listed[-1]) or {}) if listed else {}
