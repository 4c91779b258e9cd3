"""Defaults: what the server has, and what only Python knows."""

import json
from dataclasses import replace
from typing import Any

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.expression import Expression
from migration_ls.schema.tables import PythonDefault
from migration_ls.sources.models.arguments import Arguments, arguments_of
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.displays import items, pairs
from migration_ls.sources.models.evaluate import EnumMember, scalar
from migration_ls.sources.models.scalars import UNKNOWN, Nothing
from migration_ls.sources.models.sql_text import sql_text
from migration_ls.sources.models.sql_types import SqlType
from migration_ls.sources.models.terms import Comprehension, Lambda
from migration_ls.sources.models.values import ClassValue, External, FunctionValue, Member, Node, Unknown, Value
from migration_ls.sources.sql.expressions import default_of, expression

_TEXTS = frozenset({"Decimal", "UUID", "Path", "str", "IPv4Address", "IPv6Address", "SecretStr"})
_UNITS = ("days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks")


def server_default(context: Context, value: Value, type_: ColumnType) -> Expression | None:
    """The server default that `server_default=` gives; None for None and for what SQLAlchemy fetches."""
    arguments = arguments_of(context, value)
    if arguments is not None and isinstance(arguments.function, External):
        match arguments.function.name:
            case "FetchedValue":
                return None
            case "DefaultClause" if (inner := arguments.at(0)) is not None:
                return server_default(context, inner, type_)
            case _:
                pass
    if scalar(context, value) is None:
        return None
    text = sql_text(context, value, {})
    return default_of(expression(text), type_) if text is not None else None


def python_default(context: Context, value: Value, type_: SqlType | None) -> PythonDefault | None:
    """The default that Python fills in for the value of `default=`; None for None."""
    known = scalar(context, value)
    if known is None:
        return None
    if isinstance(known, EnumMember):
        label = type_.label(known.name) if type_ is not None and known.owner == type_.enum_class else None
        known = label if label is not None else known.value
    if not isinstance(known, Nothing):
        return PythonDefault(kind="value", text=_scalar_text(known))
    plain = _plain(context, value)
    if plain is not UNKNOWN:
        is_array = type_ is not None and type_.type.is_array
        return PythonDefault(kind="value", text=_array(plain) if is_array and isinstance(plain, list) else _json(plain))
    return _made(context, value, type_)


def python_factory(context: Context, value: Value, type_: SqlType | None) -> PythonDefault | None:
    """The default that calling the value of `default_factory=` gives."""
    match value:
        case Node(term=Lambda(body=body), env=env):
            inner = context.lookup.value(body, env)
            return python_default(context, inner, type_)
        case _:
            return PythonDefault(kind="callable", text=_callable(value))


def _made(context: Context, value: Value, type_: SqlType | None) -> PythonDefault | None:
    arguments = arguments_of(context, value)
    if arguments is None:
        match value:
            case Node(term=Lambda()):
                return python_factory(context, value, type_)
            case _:
                return PythonDefault(kind="callable", text=_callable(value))
    match arguments.function:
        case External(name=name) if name in _TEXTS and arguments.count == 1:
            known = arguments.known(0)
            if known is not None and not isinstance(known, EnumMember | Nothing):
                return PythonDefault(kind="value", text=_scalar_text(known))
        case External(name="timedelta"):
            if (text := _interval(arguments)) is not None:
                return PythonDefault(kind="value", text=text)
        case External(name="date" | "datetime" | "time" as name):
            numbers = [arguments.known(index) for index in range(arguments.count)]
            if numbers and all(isinstance(number, int) for number in numbers):
                return PythonDefault(kind="value", text=_moment(name, [int(str(number)) for number in numbers]))
        case External(root="sqlalchemy" | "sqlmodel"):
            if (text := sql_text(context, value, {})) is not None:
                return PythonDefault(kind="sql", text=text)
        case _:
            pass
    return PythonDefault(kind="callable", text=_callable(arguments.function))


def _callable(value: Value) -> str:
    """What Python calls a callable: its qualified name without the module's."""
    match value:
        case External():
            return value.path or value.name
        case FunctionValue():
            return value.facts.name
        case ClassValue() | Unknown():
            return value.name
        case Member(owner=owner, name=name):
            before = _callable(owner) if isinstance(owner, ClassValue | External | Member) else ""
            return f"{before}.{name}" if before else name
        case _:
            return "<lambda>"


def _plain(context: Context, value: Value) -> Any:
    """Lists and dictionaries of literals as Python has them."""
    known = scalar(context, value)
    if isinstance(known, EnumMember):
        known = known.value
    if known is not UNKNOWN:
        return known
    if isinstance(value, Node) and isinstance(value.term, Comprehension):
        return UNKNOWN
    found = items(context, value)
    if found is not None:
        inner = [_plain(context, item) for item in found]
        return UNKNOWN if any(item is UNKNOWN for item in inner) else inner
    entries = pairs(context, value)
    if entries is not None:
        values = {key: _plain(context, item) for key, item in entries.items()}
        return UNKNOWN if any(item is UNKNOWN for item in values.values()) else values
    return UNKNOWN


def _json(plain: Any) -> str:
    try:
        return json.dumps(plain, ensure_ascii=False)
    except (TypeError, ValueError):
        return str(plain)


def _array(plain: list[Any]) -> str:
    return "{" + ",".join(_element(item) for item in plain) + "}"


def _element(item: Any) -> str:
    if isinstance(item, str):
        return '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "NULL" if item is None else _scalar_text(item)


def _scalar_text(known: Any) -> str:
    match known:
        case bool():
            return "true" if known else "false"
        case bytes():
            return "\\x" + known.hex()
        case _:
            return str(known)


def _interval(given: Arguments) -> str | None:
    words: list[str] = []
    for position, unit in enumerate(_UNITS):
        amount = given.known(unit, position)
        if isinstance(amount, int | float):
            words += [f"{amount} {unit}"] if amount else []
        elif amount is not None:
            return None
    return " ".join(words) or "0"


def _moment(name: str, numbers: list[int]) -> str:
    date = "-".join(f"{number:0{4 if position == 0 else 2}d}" for position, number in enumerate(numbers[:3]))
    clock = numbers if name == "time" else numbers[3:]
    time = ":".join(f"{number:02d}" for number in [*clock, 0, 0][: max(3, len(clock))][:3])
    if name == "time":
        return time
    return date if name == "date" or not clock else f"{date} {time}"


def by_model_alone(default: PythonDefault | None) -> PythonDefault | None:
    """The same default, filled in by the model's constructor alone."""
    return replace(default, applied_by="model") if default is not None else None
