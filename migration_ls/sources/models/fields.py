"""Fields of SQLModel classes as columns."""

from dataclasses import replace

from migration_ls.postgres.types import ColumnType, parse_type
from migration_ls.schema.origin import Origin
from migration_ls.schema.tables import PythonDefault
from migration_ls.sources.models.alike import draft_alike, known_alike, remember
from migration_ls.sources.models.annotations import PYTHON_TYPES, Annotation, python_base, read_annotation
from migration_ls.sources.models.arguments import Arguments, arguments_of, callee
from migration_ls.sources.models.columns import Draft, apply_flags, apply_keywords, is_column, read_column
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.defaults import by_model_alone, python_default, python_factory
from migration_ls.sources.models.displays import items, pairs
from migration_ls.sources.models.evaluate import expand
from migration_ls.sources.models.facts import Assignment
from migration_ls.sources.models.keys import action, read_key
from migration_ls.sources.models.labels import labels_of
from migration_ls.sources.models.sql_types import SqlType, enum_type, numeric, sql_type, unknown_type
from migration_ls.sources.models.terms import Subscript, Term
from migration_ls.sources.models.values import ClassValue, Env, External, Plain, Value

NO_FIELDS = frozenset({"Relationship", "relationship", "PrivateAttr", "association_proxy", "synonym"})
_REFUSED = (
    "primary_key",
    "nullable",
    "foreign_key",
    "ondelete",
    "unique",
    "index",
    "sa_type",
    "sa_column_args",
    "sa_column_kwargs",
)


def is_field(context: Context, statement: Assignment, env: Env) -> bool:
    """Whether pydantic takes an assignment in a class's body for a field."""
    if statement.annotation is None or statement.name.startswith("_") or statement.name == "model_config":
        return False
    if known_alike(context, statement, env) is not None:
        return True
    if _is_class_variable(context, statement.annotation, env):
        return False
    if statement.value is None:
        return True
    return callee(context, expand(context, context.lookup.value(statement.value, env))) not in NO_FIELDS


def _is_class_variable(context: Context, annotation: Term, env: Env) -> bool:
    base = annotation.base if isinstance(annotation, Subscript) else annotation
    value = context.lookup.value(base, env)
    return isinstance(value, External) and value.name == "ClassVar"


def field_call(context: Context, value: Value) -> Arguments | None:
    """The arguments when the value is a call of `Field`, under whatever name."""
    made = expand(context, value)
    return arguments_of(context, made) if callee(context, made) in {"Field", "FieldInfo"} else None


def read_field(context: Context, statement: Assignment, env: Env) -> Draft:
    """The column of a field."""
    known = known_alike(context, statement, env)
    if known is not None:
        return draft_alike(context, known, statement, env)
    before = len(context.problems)
    draft, asked = context.lookup.apart(lambda: _read_field(context, statement, env))
    if len(context.problems) == before:
        remember(context, statement, env, draft, asked)
    return draft


def _read_field(context: Context, statement: Assignment, env: Env) -> Draft:
    annotation_term = statement.annotation
    if annotation_term is None:
        msg = "a field has an annotation"
        raise ValueError(msg)
    annotation = read_annotation(context, annotation_term, env)
    value = context.lookup.value(statement.value, env) if statement.value is not None else None
    own = field_call(context, value) if value is not None else None
    added = [call for item in annotation.metadata if (call := field_call(context, item)) is not None]
    calls = [*added, *([own] if own else [])]
    origin = env.origin(statement)
    draft = Draft(key=statement.name, name=statement.name, origin=origin)
    draft.places["name"] = env.origin((statement.start, statement.start + len(statement.name)))
    draft.places["type"] = env.origin(annotation_term)
    if statement.value is not None and own is None:
        draft.places["default"] = env.origin(statement.value)
    _default_places(calls, draft)
    # The column's settings are taken from one call: the field's own, else the first in `Annotated`.
    chosen = own or (added[0] if added else None)
    settings = chosen if chosen is not None and not _is_pydantic(chosen) else None
    if settings is not None and "sa_column" in settings.keywords:
        made = is_column(context, settings.keywords["sa_column"])
        if made is not None:
            return _with_column(context, settings, made, draft, _given_default(calls, value, own))
    draft.type = _type(context, annotation, calls, settings, draft)
    _apply(context, settings, annotation, draft)
    if not draft.has_client_default and (found := _given_default(calls, value, own)) is not None:
        draft.python_default = _default(context, found, draft.type)
        draft.has_client_default = draft.python_default is not None
    if settings is not None and "sa_column_kwargs" in settings.keywords:
        _column_kwargs(context, settings, draft)
    return draft


def _is_pydantic(given: Arguments) -> bool:
    return isinstance(given.function, External) and given.function.root == "pydantic"


def _default_places(calls: list[Arguments], draft: Draft) -> None:
    for call in calls:
        if (place := call.place_of_value("default_factory") or call.place_of_value("default", 0)) is not None:
            draft.places["default"] = place
        if (place := call.place_of_value("max_length")) is not None:
            draft.places["length"] = place
        if (place := call.place("nullable")) is not None:
            draft.places["nullable"] = place


def _given_default(calls: list[Arguments], value: Value | None, own: Arguments | None) -> tuple[str, Value] | None:
    """The default that the model has, and whether it is a value or a factory; `own` is the call that `value` is."""
    if value is not None and own is None:
        return "default", value
    for call in reversed(calls):
        if "default_factory" in call.keywords:
            return "default_factory", call.keywords["default_factory"]
        found = call.named("default", 0)
        if found is not None:
            nothing = isinstance(found, Plain) and found.value is ...
            missing = isinstance(found, External) and found.name in {"PydanticUndefined", "Undefined"}
            return None if nothing or missing else ("default", found)
    return None


def _default(context: Context, found: tuple[str, Value], type_: SqlType | None) -> PythonDefault | None:
    kind, value = found
    return python_factory(context, value, type_) if kind == "default_factory" else python_default(context, value, type_)


def _with_column(
    context: Context, settings: Arguments, made: Arguments, draft: Draft, default: tuple[str, Value] | None
) -> Draft:
    """A field whose `sa_column` says everything about the column."""
    refused = next((name for name in _REFUSED if name in settings.keywords), None)
    if refused is not None:
        context.report(
            settings.place(refused) or draft.origin,
            "models-refused-field",
            f"SQLModel refuses `{refused}` next to `sa_column`, so the models of this file cannot be imported",
            f"Move `{refused}` into the `Column(...)`",
            serious=True,
        )
        if refused == "primary_key" and settings.true("primary_key"):
            draft.primary_key = True
    key = draft.primary_key
    read_column(context, made, draft)
    draft.primary_key = draft.primary_key or key
    if not draft.has_client_default and default is not None:
        draft.python_default = by_model_alone(_default(context, default, draft.type))
    return draft


def _apply(context: Context, settings: Arguments | None, annotation: Annotation, draft: Draft) -> None:
    draft.nullable = annotation.optional
    if settings is None:
        return
    apply_flags(settings, draft)
    if (target := settings.named("foreign_key")) is not None and settings.known("foreign_key") is not None:
        place = settings.place("foreign_key") or draft.origin
        given = Arguments(function=External("sqlalchemy", ("ForeignKey",)), context=context, positional=(target,))
        key = read_key(context, given, place, draft.name)
        if key is not None:
            draft.keys.append(replace(key, on_delete=action(settings.text("ondelete"))))
    if (arguments := settings.named("sa_column_args")) is not None:
        listed = items(context, arguments) or ()
        given = Arguments(
            function=External("sqlalchemy", ("Column",)),
            context=context,
            positional=listed,
        )
        type_ = draft.type
        read_column(context, given, draft)
        draft.type = type_ or draft.type


def _column_kwargs(context: Context, settings: Arguments, draft: Draft) -> None:
    entries = pairs(context, settings.keywords["sa_column_kwargs"]) or {}
    place = settings.place_of_value("sa_column_kwargs") or draft.origin
    if "type_" in entries:
        context.report(
            place,
            "models-refused-field",
            "SQLModel refuses `type_` in `sa_column_kwargs`, so the models of this file cannot be imported",
            "Give the type with `sa_type`",
            serious=True,
        )
        draft.type = sql_type(context, entries["type_"], place) or draft.type
    given = Arguments(function=settings.function, context=context, keywords=entries)
    if "default" not in draft.places and "server_default" in entries:
        draft.places["default"] = place
    apply_keywords(context, given, draft)
    if (name := given.text("name")) is not None:
        draft.name = name


def _type(
    context: Context, annotation: Annotation, calls: list[Arguments], settings: Arguments | None, draft: Draft
) -> SqlType:
    if settings is not None and (given := settings.named("sa_type")) is not None:
        place = settings.place_of_value("sa_type") or draft.origin
        draft.places["type"] = place
        return sql_type(context, given, place) or unknown_type(context, getattr(given, "name", "?"), place)
    return type_of_annotation(context, annotation, calls, draft.places["type"])


def type_of_annotation(context: Context, annotation: Annotation, calls: list[Arguments], place: Origin) -> SqlType:
    """The type that SQLModel chooses for an annotation."""
    value = annotation.value
    if annotation.literals:
        return _text(_length(context, annotation, calls))
    base = python_base(context, value)
    if base == "Enum" and isinstance(value, ClassValue):
        draft = SqlType(type=ColumnType("character varying"), enum_class=value, labels=labels_of(context, value, None))
        return enum_type(context, draft, name=value.name.lower(), namespace=None, length=None, origin=value.origin)
    spelling = PYTHON_TYPES.get(base or "")
    if spelling is None or annotation.ambiguous:
        return unknown_type(context, annotation.name, place)
    if spelling == "character varying":
        return _text(_length(context, annotation, calls))
    if spelling == "numeric":
        return SqlType(type=numeric(*_digits(context, annotation, calls)))
    if base == "datetime":
        return SqlType(type=_moment(context, annotation))
    return SqlType(type=parse_type(spelling))


def _moment(context: Context, annotation: Annotation) -> ColumnType:
    names = {item.name for item in annotation.metadata if isinstance(item, External)}
    aware = context.aware_datetimes and "NaiveDatetime" not in names
    return parse_type("timestamp with time zone" if aware else "timestamp without time zone")


def _text(length: int | None) -> SqlType:
    return SqlType(type=ColumnType("character varying", (str(length),) if length else ()))


def _length(context: Context, annotation: Annotation, calls: list[Arguments]) -> int | None:
    length = None
    for item in annotation.metadata:
        given = arguments_of(context, item)
        if given is not None and given.name in {"MaxLen", "Len"}:
            length = given.number("max_length", 0 if given.name == "MaxLen" else 1)
    for call in calls:
        length = call.number("max_length") if "max_length" in call.keywords else length
    return length


def _digits(context: Context, annotation: Annotation, calls: list[Arguments]) -> tuple[int | None, int | None]:
    digits: int | None = None
    places: int | None = None
    limits = arguments_of(context, annotation.limits) if annotation.limits is not None else None
    for call in [*([limits] if limits else []), *calls]:
        digits = call.number("max_digits") if "max_digits" in call.keywords else digits
        places = call.number("decimal_places") if "decimal_places" in call.keywords else places
    return digits, places
