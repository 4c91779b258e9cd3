"""Columns in the making: what `Column(...)`, `mapped_column(...)` and `Field(...)` say, before the table is whole."""

from dataclasses import dataclass, field
from typing import Literal

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.expression import Expression
from migration_ls.schema.origin import Origin
from migration_ls.schema.tables import Check, PythonDefault
from migration_ls.sources.models.arguments import Arguments, arguments_of, callee
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.defaults import by_model_alone, python_default, server_default
from migration_ls.sources.models.evaluate import EnumMember, expand, string
from migration_ls.sources.models.keys import KeyDraft, read_key
from migration_ls.sources.models.sql_text import sql_text
from migration_ls.sources.models.sql_types import SqlType, is_type, sql_type
from migration_ls.sources.models.values import External, Node, Plain, Value
from migration_ls.sources.sql.expressions import expression

MAKERS = frozenset({"Column", "mapped_column", "MappedColumn"})


@dataclass(slots=True, kw_only=True)
class Draft:
    """A column in the making. Without a type it takes that of the column it refers to."""

    key: str
    name: str
    origin: Origin
    type: SqlType | None = None
    nullable: bool | None = None
    primary_key: bool = False
    unique: bool = False
    index: bool = False
    autoincrement: object = "auto"
    default: Expression | None = None
    has_server_default: bool = False
    python_default: PythonDefault | None = None
    has_client_default: bool = False
    sequence: str | None = None
    identity: Literal["always", "by default"] | None = None
    generated: Expression | None = None
    comment: str | None = None
    keys: list[KeyDraft] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    places: dict[str, Origin] = field(default_factory=dict)
    sort_order: int = 0

    @property
    def is_nullable(self) -> bool:
        """Whether the column allows NULL, by SQLAlchemy's rules."""
        if self.primary_key:
            return False
        return self.nullable if self.nullable is not None else self.identity is None


def is_column(context: Context, value: Value) -> Arguments | None:
    """The arguments of the call when the value makes a column."""
    before = context.doubts
    made = expand(context, value)
    found = arguments_of(context, made) if callee(context, made) in MAKERS else None
    if found is not None and context.doubts > before and (place := found.origin) is not None:
        context.report(
            place,
            "models-unknown-expression",
            "which column is made here depends on code that is not run, so this is one of several that are possible",
            "Write the column out where it is used",
            serious=False,
        )
    return found


def read_column(context: Context, given: Arguments, draft: Draft) -> Draft:
    """The draft with all that a call of `Column` or `mapped_column` says."""
    for position, value in enumerate(given.positional):
        place = given.place_at(position) or given.origin or draft.origin
        _positional(context, value, position, place, draft)
    if (name := given.text("name")) is not None:
        draft.name = name
    if (named := given.named("type_")) is not None:
        place = given.place_of_value("type_") or draft.origin
        draft.type = sql_type(context, named, place) or draft.type
        draft.places["type"] = place
    apply_keywords(context, given, draft)
    return draft


def _positional(context: Context, value: Value, position: int, place: Origin, draft: Draft) -> None:
    value = expand(context, value)
    if position == 0 and isinstance(value, Plain | Node) and (name := string(context, value)) is not None:
        draft.name = name
        draft.places["name"] = place
        return
    if is_type(context, value):
        draft.type = sql_type(context, value, place)
        draft.places["type"] = place
        return
    arguments = arguments_of(context, value)
    name = arguments.name if arguments else ""
    match name, arguments:
        case "ForeignKey", Arguments():
            key = read_key(context, arguments, place, draft.name)
            draft.keys += [key] if key else []
        case "Identity", Arguments():
            draft.identity = "always" if arguments.true("always", 0) else "by default"
        case "Computed", Arguments():
            inner = arguments.named("sqltext", 0)
            text = _raw(context, inner) if inner is not None else None
            draft.generated = expression(text) if text is not None else None
        case "Sequence", Arguments():
            draft.sequence = arguments.text("name", 0)
            draft.has_client_default = False
        case "CheckConstraint", Arguments():
            inner = arguments.named("sqltext", 0)
            text = _raw(context, inner) if inner is not None else None
            if text is not None:
                draft.checks.append(Check(name=arguments.text("name"), expression=expression(text), origin=place))
        case "FetchedValue" | "DefaultClause", Arguments():
            draft.has_server_default = True
            draft.default = server_default(context, value, _type(draft))
        case _:
            if draft.type is None and position <= 1 and not (isinstance(value, Plain) and value.value is None):
                draft.type = sql_type(context, value, place)
                draft.places["type"] = place


def _raw(context: Context, value: Value) -> str | None:
    """SQL that is given as a string, or as an expression."""
    if isinstance(value, Plain) and isinstance(value.value, str):
        return value.value
    known = string(context, value) if isinstance(value, Node) else None
    return known if known is not None else sql_text(context, value, {})


def _type(draft: Draft) -> ColumnType:
    return draft.type.type if draft.type is not None else ColumnType("text")


def apply_keywords(context: Context, given: Arguments, draft: Draft) -> None:
    """Put the keyword arguments of a column into the draft; its type must be there already."""
    keywords = given.keywords
    apply_flags(given, draft)
    if "autoincrement" in keywords and not isinstance(known := given.known("autoincrement"), EnumMember):
        draft.autoincrement = known
    if "sort_order" in keywords:
        draft.sort_order = given.number("sort_order") or 0
    if (comment := given.text("comment")) is not None:
        draft.comment = comment
    if (value := keywords.get("server_default")) is not None:
        draft.default = server_default(context, value, _type(draft))
        draft.has_server_default = given.known("server_default") is not None
        if "default" not in draft.places:
            _put(draft, "default", given.place_of_value("server_default"))
    for name in ("default", "insert_default", "default_factory"):
        if name in keywords and not _is_missing(keywords[name]):
            draft.python_default = python_default(context, keywords[name], draft.type)
            draft.has_client_default = draft.python_default is not None
            if name == "default_factory" and "insert_default" not in keywords:
                # Of a dataclass's constructor.
                draft.python_default = by_model_alone(draft.python_default)
                draft.has_client_default = False
            _put(draft, "default", given.place_of_value(name))


def apply_flags(given: Arguments, draft: Draft) -> None:
    """Put into the draft what `Field(...)` and `Column(...)` say alike."""
    for flag in ("primary_key", "unique", "index"):
        if flag in given.keywords:
            setattr(draft, flag, given.true(flag))
            _put(draft, flag, given.place(flag))
    if isinstance(known := given.known("nullable"), bool):
        draft.nullable = known
        _put(draft, "nullable", given.place("nullable"))


def _put(draft: Draft, name: str, place: Origin | None) -> None:
    if place is not None:
        draft.places[name] = place


def _is_missing(value: Value) -> bool:
    return isinstance(value, External) and value.name in {"PydanticUndefined", "Undefined", "MISSING"}
