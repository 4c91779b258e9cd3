"""Attributes of SQLAlchemy's declarative classes as columns."""

from collections.abc import Iterator
from dataclasses import replace

from migration_ls.postgres.types import ColumnType, parse_type
from migration_ls.schema.origin import Origin
from migration_ls.sources.models.annotations import PYTHON_TYPES, Annotation, python_base, read_annotation
from migration_ls.sources.models.arguments import Arguments, arguments_of
from migration_ls.sources.models.classes import attribute_of, body_env, outcome
from migration_ls.sources.models.columns import Draft, is_column, read_column
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.evaluate import expand
from migration_ls.sources.models.facts import Assignment, Function
from migration_ls.sources.models.labels import labels_of
from migration_ls.sources.models.metadata import makers_of
from migration_ls.sources.models.sql_types import SqlType, enum_type, sql_type, type_made, unknown_type
from migration_ls.sources.models.terms import Call, Pairs, Ref, Term
from migration_ls.sources.models.values import ClassValue, Env, External, Member, Node, Plain, Value

_WRAPPERS = frozenset({"deferred", "column_property", "query_expression"})
_DECLARED = frozenset({"declared_attr", "directive", "cascading"})


def read_attribute(context: Context, cls: ClassValue, statement: Assignment, env: Env) -> Draft | None:
    """The column of an attribute; None when it is none."""
    given = None
    if statement.value is not None:
        given = column_call(context, context.lookup.value(statement.value, env))
        if given is None:
            return None
    annotation = _mapped(context, statement.annotation, env)
    if given is None and annotation is None:
        return None
    place = env.origin((statement.start, statement.start + len(statement.name)))
    draft = Draft(key=statement.name, name=statement.name, origin=env.origin(statement), places={"name": place})
    if annotation is not None and statement.annotation is not None:
        draft.places["type"] = env.origin(statement.annotation)
    return _filled(context, cls, draft, annotation, given)


def read_declared(context: Context, cls: ClassValue, statement: Function, env: Env) -> Draft | None:
    """The column that a `declared_attr` method returns; None when it returns none."""
    if not is_declared(statement) or not statement.returns:
        return None
    given = column_call(context, outcome(context, statement, env))
    if given is None:
        return None
    annotation = _mapped(context, statement.annotation, env)
    origin = env.origin((statement.start, statement.end))
    return _filled(context, cls, Draft(key=statement.name, name=statement.name, origin=origin), annotation, given)


def is_declared(statement: Function) -> bool:
    """Whether a method is marked with `declared_attr`."""
    for decorator in statement.decorators:
        term = decorator.function if isinstance(decorator, Call) else decorator
        if isinstance(term, Ref) and _DECLARED & set(term.names):
            return True
    return False


def column_call(context: Context, value: Value) -> Arguments | None:
    """The call that makes a column, one that is wrapped in `deferred(...)` too."""
    found = is_column(context, value)
    if found is not None:
        return found
    given = arguments_of(context, expand(context, value))
    if given is not None and isinstance(given.function, Member) and given.function.name == "get" and given.count == 2:
        # `Base.__table__.c.get("name", mapped_column(...))`, in a class that shares the table of its base.
        return is_column(context, given.positional[1])
    if given is None or given.name not in _WRAPPERS:
        return None
    inner = given.at(0)
    return is_column(context, inner) if inner is not None else None


def _mapped(context: Context, term: Term | None, env: Env) -> Annotation | None:
    if term is None:
        return None
    annotation = read_annotation(context, term, env)
    return annotation if annotation.marker == "Mapped" else None


def _filled(
    context: Context, cls: ClassValue, draft: Draft, annotation: Annotation | None, given: Arguments | None
) -> Draft:
    if annotation is not None:
        for item in (*annotation.metadata, *annotation.inner):
            inner = is_column(context, item)
            if inner is not None:
                read_column(context, inner, draft)
    explicit = draft.nullable
    if given is not None:
        draft.nullable = None
        read_column(context, given, draft)
        draft.nullable = explicit if draft.nullable is None else draft.nullable
    if annotation is not None:
        if draft.nullable is None:
            draft.nullable = annotation.optional
        # A column that refers to another takes its type, whatever the annotation says.
        if draft.type is None and not draft.keys:
            draft.type = _type(context, cls, annotation, draft.places.get("type", draft.origin))
    return draft


def _type(context: Context, cls: ClassValue, annotation: Annotation, place: Origin) -> SqlType | None:
    known = _from_map(context, cls, annotation, place)
    if known is not None:
        return known
    value = annotation.value
    if annotation.literals:
        labels = tuple((text, text) for text in annotation.literals)
        text = SqlType(type=ColumnType("character varying"), labels=labels)
        return enum_type(context, text, name=None, namespace=None, length=None, origin=place)
    base = python_base(context, value)
    if base == "Enum" and isinstance(value, ClassValue):
        text = SqlType(type=ColumnType("character varying"), enum_class=value, labels=labels_of(context, value, None))
        return enum_type(context, text, name=value.name.lower(), namespace=None, length=None, origin=value.origin)
    if (spelling := PYTHON_TYPES.get(base or "")) is not None:
        return SqlType(type=parse_type(spelling))
    return unknown_type(context, annotation.name, place)


def _from_map(context: Context, cls: ClassValue, annotation: Annotation, place: Origin) -> SqlType | None:
    """The type that the class's `type_annotation_map` gives, for the name of an alias or for the type itself."""
    node = _annotation_map(context, cls)
    if node is None or not isinstance(node.term, Pairs):
        return None
    exact: Value | None = None
    general: Value | None = None
    for key, value in node.term.pairs:
        if key is None:
            continue
        meant = context.lookup.value(key, node.env)
        if annotation.term is not None and isinstance(meant, Node) and meant.term is annotation.term.term:
            return sql_type(context, context.lookup.value(value, node.env), place)
        if isinstance(meant, Node):
            inner = read_annotation(context, meant.term, meant.env)
            same = inner.value == annotation.value and inner.arguments and annotation.arguments
            if same and _spelled(inner) == _spelled(annotation):
                exact = context.lookup.value(value, node.env)
        elif meant == annotation.value and not annotation.literals:
            exact = context.lookup.value(value, node.env)
        elif isinstance(meant, External) and meant.name == _general(context, annotation):
            general = context.lookup.value(value, node.env)
    if exact is not None:
        return sql_type(context, exact, place)
    return _for_members(context, general, annotation, place) if general is not None else None


def _annotation_map(context: Context, cls: ClassValue) -> Node | None:
    """The map of a class, of its registry, or of what made its base."""
    found = attribute_of(context, cls, "type_annotation_map")
    registry = attribute_of(context, cls, "registry") if found is None else None
    if found is None:
        makers = [*([registry] if registry is not None else []), *makers_of(context, cls)]
        given = (arguments_of(context, expand(context, maker)) for maker in makers)
        found = next((value for item in given if item and (value := item.named("type_annotation_map"))), None)
    node = expand(context, found) if found is not None else None
    return node if isinstance(node, Node) else None


def _general(context: Context, annotation: Annotation) -> str | None:
    """The type that stands for all of its sort in a map: `enum.Enum`, `typing.Literal`."""
    if annotation.literals:
        return "Literal"
    return "Enum" if python_base(context, annotation.value) == "Enum" else None


def _for_members(context: Context, value: Value, annotation: Annotation, place: Origin) -> SqlType | None:
    """The type that `Enum(enum.Enum, ...)` in a map makes of an enumeration or of literals."""
    given = arguments_of(context, expand(context, value))
    if given is None or given.name not in {"Enum", "ENUM"}:
        return sql_type(context, value, place)
    members: tuple[Value, ...] = (annotation.value,)
    if annotation.literals:
        members = tuple(Plain(text) for text in annotation.literals)
    return type_made(context, replace(given, positional=members), place)


def _spelled(annotation: Annotation) -> list[str]:
    return [".".join(item.term.names) if isinstance(item.term, Ref) else "" for item in annotation.arguments]


def read_composite(context: Context, cls: ClassValue, statement: Assignment, env: Env) -> Iterator[Draft]:
    """The columns that `composite(mapped_column(...), ...)` lists; their types are those of the parts of its class."""
    value = context.lookup.value(statement.value, env) if statement.value is not None else None
    given = arguments_of(context, value) if value is not None else None
    if given is None or given.name != "composite":
        return
    annotation = _mapped(context, statement.annotation, env)
    kind = annotation.value if annotation is not None else given.at(0)
    parts: list[tuple[Assignment, Env]] = []
    if isinstance(kind, ClassValue):
        inner = body_env(context, kind)
        parts = [(item, inner) for item in kind.facts.body if isinstance(item, Assignment) and item.annotation]
    columns = [column for item in given.positional if (column := is_column(context, item)) is not None]
    for index, column in enumerate(columns):
        name = column.text(0)
        if name is None and (name := parts[index][0].name if index < len(parts) else None) is None:
            continue
        draft = Draft(key=name, name=name, origin=column.origin or env.origin(statement))
        said = None
        if index < len(parts) and (term := parts[index][0].annotation) is not None:
            said = read_annotation(context, term, parts[index][1])
        yield _filled(context, cls, draft, said, column)
