"""Which `MetaData` a table belongs to."""

from collections.abc import Iterator, Mapping

from migration_ls.sources.models.arguments import Arguments, arguments_of, callee
from migration_ls.sources.models.classes import attribute_of, local_order, mro
from migration_ls.sources.models.context import Context, once_for_class
from migration_ls.sources.models.displays import pairs
from migration_ls.sources.models.evaluate import expand, string
from migration_ls.sources.models.naming import Metadata, patterns_of
from migration_ls.sources.models.terms import Call, Ref
from migration_ls.sources.models.values import ClassValue, Env, External, Member, Node, Value

_OF_SQLMODEL = "SQLModel"
_ANY = "*"
_KNOWN_ROOTS = frozenset({"sqlmodel", "sqlalchemy", "builtins", "typing", "abc", "pydantic", "enum"})


def project_metadata(context: Context) -> Mapping[str, Metadata]:
    """What is set outside of classes (`SQLModel.metadata.naming_convention = ...`), by who owns the metadata.

    Under `*` stands what is for classes whose base is not among the files: the first `MetaData` with settings.
    """
    found: dict[str, Metadata] = {}
    for module in context.lookup.modules.all:
        for offset, setting in module.settings:
            env = Env(module, offset)
            value = context.lookup.value(setting.value, env)
            match setting.target:
                case (*owner, "naming_convention" | "schema" as what) if owner:
                    key = _owner(context, context.lookup.value(Ref(0, 0, tuple(owner)), env))
                    before = found.get(key, Metadata())
                    if what == "schema":
                        found[key] = Metadata(patterns=before.patterns, namespace=string(context, value))
                    else:
                        found[key] = Metadata(patterns=_patterns(context, value), namespace=before.namespace)
                case (*owner, "metadata") if owner:
                    key = _owner(context, context.lookup.value(Ref(0, 0, setting.target), env))
                    if (made := _of_call(context, value)) is not None:
                        found[key] = made
                case _:
                    pass
        for offset, statement in module.metadata:
            if statement.value is not None and _ANY not in found:
                made = _of_call(context, Node(statement.value, Env(module, offset)))
                if made is not None and (made.patterns or made.namespace):
                    found[_ANY] = made
    return found


def _owner(context: Context, value: Value) -> str:
    """A key for a `MetaData`: the class or the call that it comes from."""
    match value:
        case External(attributes=("SQLModel", "metadata")):
            return _OF_SQLMODEL
        case Member(owner=ClassValue() as cls, name="metadata"):
            own = attribute_of(context, cls, "metadata")
            return _owner(context, own) if own is not None else f"{cls.env.module.path}:{cls.name}"
        case Node(term=Call() as call, env=env):
            return f"{env.module.path}:{env.offset + call.start}"
        case _:
            return ""


def _of_call(context: Context, value: Value) -> Metadata | None:
    """The settings that a `MetaData(...)` is made with; None when the value is none."""
    made = expand(context, value)
    given = arguments_of(context, made) if callee(context, made) == "MetaData" else None
    if given is None:
        return None
    convention = given.named("naming_convention", 3)
    return Metadata(
        patterns=_patterns(context, convention) if convention is not None else {},
        namespace=given.text("schema", 0),
    )


def _patterns(context: Context, value: Value) -> dict[str, str]:
    texts = {key: string(context, item) for key, item in (pairs(context, value) or {}).items()}
    return patterns_of({key: text for key, text in texts.items() if text is not None})


def metadata_of(context: Context, value: Value | None) -> Metadata:
    """The settings of the metadata that a value is."""
    if value is None:
        return Metadata()
    if (known := context.metadata.get(_owner(context, value))) is not None:
        return known
    match value:
        case Member(owner=ClassValue() as cls, name="metadata"):
            return metadata_of_class(context, cls)
        case Member(owner=Node() as owner, name="metadata"):
            # Of `registry(...)` or `declarative_base(...)`.
            given = arguments_of(context, owner)
            inner = given.named("metadata", 0 if given.name == "registry" else None) if given is not None else None
            return metadata_of(context, inner)
        case _:
            return _of_call(context, value) or Metadata()


@once_for_class
def metadata_of_class(context: Context, cls: ClassValue) -> Metadata:
    """The settings of a class's metadata: its own or a base's, else those of what made its base."""
    own = attribute_of(context, cls, "metadata")
    if own is not None:
        return metadata_of(context, own)
    for base in local_order(context, cls):
        known = context.metadata.get(f"{base.env.module.path}:{base.name}")
        if known is not None:
            return known
        made = next(_makers(context, base), None)
        if made is not None:
            return metadata_of(context, made)
    roots = [base for base in mro(context, cls) if isinstance(base, External)]
    if any(root.name == "SQLModel" for root in roots):
        return context.metadata.get(_OF_SQLMODEL, Metadata())
    unexplained = any(root.root not in _KNOWN_ROOTS for root in roots)
    return context.metadata.get(_ANY, Metadata()) if unexplained else Metadata()


def _makers(context: Context, cls: ClassValue) -> Iterator[Value]:
    """The metadata that is given to `declarative_base(...)` or `registry(...)` for a class."""
    for maker in _makers_of(context, cls):
        given = arguments_of(context, maker)
        if (
            given is not None
            and (found := given.named("metadata", 0 if given.name == "registry" else None)) is not None
        ):
            yield found


def makers_of(context: Context, cls: ClassValue) -> Iterator[Value]:
    """The calls of `declarative_base(...)`, `registry(...)` and the like that made the class's bases or mapped it."""
    for base in local_order(context, cls):
        yield from _makers_of(context, base)


def _makers_of(context: Context, cls: ClassValue) -> Iterator[Value]:
    for term in (*cls.facts.bases, *cls.facts.decorators):
        value: Value = Node(term, cls.env) if isinstance(term, Call) else context.lookup.value(term, cls.env)
        match value:
            case Member(owner=owner):
                value = owner
            case _:
                pass
        match arguments_of(context, value):
            case Arguments(function=Member(owner=owner)):
                value = owner
            case _:
                pass
        yield value
