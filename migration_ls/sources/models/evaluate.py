"""The values of simple expressions: strings and numbers, displays, members of enums, the project's small functions."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from migration_ls.sources.models.classes import attribute_of, function_env, is_enum, is_subclass
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.facts import Assignment
from migration_ls.sources.models.terms import (
    Attribute,
    Binary,
    Call,
    Conditional,
    Const,
    Items,
    Joined,
    Pairs,
    Ref,
    Scalar,
    Starred,
    Subscript,
    Unary,
)
from migration_ls.sources.models.values import ClassValue, External, FunctionValue, Member, Node, Plain, Value

_DEEPEST = 40
_METHODS: dict[str, Callable[..., str]] = {
    name: getattr(str, name)
    for name in "lower upper title capitalize strip lstrip rstrip replace removeprefix removesuffix casefold".split()
}


class Nothing(Enum):
    """What is given when a value cannot be told."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Nothing.UNKNOWN


@dataclass(frozen=True, slots=True)
class EnumMember:
    """A member of an enumeration; the value is unknown where Python would have to be run."""

    owner: ClassValue
    name: str
    value: Scalar | Nothing


Known: TypeAlias = Scalar | EnumMember | Nothing


def scalar(context: Context, value: Value) -> Known:
    """The value as Python has it, when it is a literal or made of literals by simple means."""
    if context.depth > _DEEPEST:
        return UNKNOWN
    context.depth += 1
    try:
        return _scalar(context, value)
    finally:
        context.depth -= 1


def string(context: Context, value: Value) -> str | None:
    """The value when it is a string; a member of a string enumeration is its value."""
    known = scalar(context, value)
    if isinstance(known, EnumMember):
        known = known.value
    return known if isinstance(known, str) else None


def _scalar(context: Context, value: Value) -> Known:
    value = expand(context, value)
    match value:
        case Plain():
            return value.value
        case Member(owner=owner, name="value" | "name" | "_value_" | "_name_" as part):
            member = scalar(context, owner)
            if isinstance(member, EnumMember):
                return member.value if "value" in part else member.name
            return UNKNOWN
        case Member(owner=ClassValue() as owner, name="__name__" | "__qualname__"):
            return owner.name
        case Member(owner=ClassValue() as owner, name="__tablename__"):
            return owner.name.lower()
        case Member(owner=ClassValue() as owner, name=name) if is_enum(context, owner):
            return next((member for member in members_of(context, owner) if member.name == name), UNKNOWN)
        case Node(term=Const(value=constant)):
            return constant
        case Node(term=Joined(parts=parts)):
            texts = [string(context, context.lookup.value(part, value.env)) for part in parts]
            return UNKNOWN if None in texts else "".join(filter(None, texts))
        case Node(term=Binary() as term):
            return _binary(context, value, term)
        case Node(term=Unary(operator="USub", operand=operand)):
            number = scalar(context, context.lookup.value(operand, value.env))
            return -number if isinstance(number, int | float) else UNKNOWN
        case Node(term=Call() as call):
            return _call(context, value, call)
        case _:
            return UNKNOWN


def _binary(context: Context, node: Node, term: Binary) -> Known:
    left = scalar(context, context.lookup.value(term.left, node.env))
    right = scalar(context, context.lookup.value(term.right, node.env))
    match term.operator, left, right:
        case "Add", str(), str():
            return left + right
        case "Add", int() | float(), int() | float():
            return left + right
        case "Mult", int() | float(), int() | float():
            return left * right
        case "Mod", str(), str() | int() | float():
            try:
                return left % right
            except (TypeError, ValueError):
                return UNKNOWN
        case _:
            return UNKNOWN


def _call(context: Context, node: Node, call: Call) -> Known:
    function = context.lookup.value(call.function, node.env)
    given = [scalar(context, context.lookup.value(item, node.env)) for item in call.arguments]
    if any(item is UNKNOWN or isinstance(item, EnumMember) for item in given):
        return _of_member(function, given)
    match function:
        case External(module="re", attributes=("sub",)) if len(given) == 3:
            pattern, replacement, text = given
            if isinstance(pattern, str) and isinstance(replacement, str) and isinstance(text, str):
                try:
                    return re.sub(pattern, replacement, text)
                except (re.error, RecursionError):
                    return UNKNOWN
        case External(module="builtins", attributes=("str",)) if given:
            return str(given[0])
        case External(module="builtins", attributes=("int",)) if given and isinstance(given[0], int):
            return given[0]
        case Member(owner=owner, name=name) if name in _METHODS:
            text = string(context, owner)
            if text is not None:
                try:
                    return _METHODS[name](text, *given)
                except (TypeError, ValueError):
                    return UNKNOWN
        case _:
            pass
    return UNKNOWN


def _of_member(function: Value, given: list[Known]) -> Known:
    match function, given:
        case External(module="builtins", attributes=("str",)), [EnumMember() as member]:
            return member.value
        case _:
            return UNKNOWN


def expand(context: Context, value: Value) -> Value:
    """The value with calls of the project's own functions replaced by what they return, and attributes looked up."""
    for _ in range(_DEEPEST):
        match value:
            case Node(term=Call() as call):
                function = context.lookup.value(call.function, value.env)
                match function:
                    case FunctionValue() if function.facts.returns:
                        value = called(context, function, call, value)
                    case Member(owner=ClassValue() as owner, name=name) if not is_enum(context, owner):
                        inner = attribute_of(context, owner, name)
                        if inner is None:
                            return value
                        value = inner
                    case _:
                        return value
            case Member(owner=ClassValue() as owner, name=name) if not is_enum(context, owner):
                inner = attribute_of(context, owner, name)
                if inner is None or inner == value:
                    return value
                value = inner
            case Node(term=Conditional(yes=yes)):
                value = context.lookup.value(yes, value.env)
            case Node(term=Subscript() as term):
                inner = _subscript(context, term, value)
                if inner is None:
                    return value
                value = inner
            case _:
                return value
    return value


def called(context: Context, function: FunctionValue, call: Call, node: Node) -> Value:
    """What a function of the project returns for the arguments of a call."""
    given = {
        name: context.lookup.value(argument, node.env)
        for name, argument in zip(function.facts.parameters, call.arguments, strict=False)
    }
    given |= {item.name: context.lookup.value(item.value, node.env) for item in call.keywords if item.name}
    env = function_env(context, function.facts, function.env, given)
    return context.lookup.value(function.facts.returns[-1], env)


def _subscript(context: Context, term: Subscript, node: Node) -> Value | None:
    key = scalar(context, context.lookup.value(term.key, node.env))
    if not isinstance(key, str):
        return None
    found = pairs(context, context.lookup.value(term.base, node.env))
    return found.get(key) if found else None


def items(context: Context, value: Value) -> tuple[Value, ...] | None:
    """The items of a tuple, list or set; None when it is none."""
    if context.depth > _DEEPEST:
        return None
    context.depth += 1
    try:
        return _items(context, expand(context, value))
    finally:
        context.depth -= 1


def _items(context: Context, value: Value) -> tuple[Value, ...] | None:
    match value:
        case Node(term=Items(items=terms)):
            result: list[Value] = []
            for term in terms:
                if isinstance(term, Starred):
                    result += items(context, context.lookup.value(term.value, value.env)) or ()
                else:
                    result.append(context.lookup.value(term, value.env))
            return tuple(result)
        case Node(term=Binary(operator="Add", left=left, right=right)):
            one = items(context, context.lookup.value(left, value.env))
            other = items(context, context.lookup.value(right, value.env))
            return None if one is None and other is None else (*(one or ()), *(other or ()))
        case Node(term=Call(function=Ref(names=("tuple" | "list" | "set" | "frozenset",)), arguments=[inner])):
            return items(context, context.lookup.value(inner, value.env))
        case _:
            return None


def pairs(context: Context, value: Value) -> dict[str, Value] | None:
    """The entries of a dictionary by their string keys; None when it is none."""
    if context.depth > _DEEPEST:
        return None
    context.depth += 1
    try:
        return _pairs(context, expand(context, value))
    finally:
        context.depth -= 1


def _pairs(context: Context, value: Value) -> dict[str, Value] | None:
    result: dict[str, Value] = {}
    match value:
        case Node(term=Pairs(pairs=found)):
            for key, term in found:
                inner = context.lookup.value(term, value.env)
                if key is None:
                    result |= pairs(context, inner) or {}
                elif (name := string(context, context.lookup.value(key, value.env))) is not None:
                    result[name] = inner
            return result
        case Node(term=Call(function=Ref(names=("dict",)), arguments=arguments, keywords=keywords)):
            for argument in arguments:
                result |= pairs(context, context.lookup.value(argument, value.env)) or {}
            for keyword in keywords:
                inner = context.lookup.value(keyword.value, value.env)
                result |= {keyword.name: inner} if keyword.name else pairs(context, inner) or {}
            return result
        case Node(term=Binary(operator="BitOr", left=left, right=right)):
            one = pairs(context, context.lookup.value(left, value.env))
            other = pairs(context, context.lookup.value(right, value.env))
            return None if one is None or other is None else one | other
        case _:
            return None


def members_of(context: Context, cls: ClassValue) -> tuple[EnumMember, ...]:
    """The members of an enumeration in order; names for a value that has one already are left out, as Python does."""
    result: list[EnumMember] = []
    seen: list[Scalar] = []
    lower = is_subclass(context, cls, "StrEnum")
    for statement in cls.facts.body:
        if not isinstance(statement, Assignment) or statement.value is None or statement.name.startswith("_"):
            continue
        value = _member_value(context, cls, statement, len(result), lower=lower)
        if value is not UNKNOWN and any(value == item and type(value) is type(item) for item in seen):
            continue
        if not isinstance(value, Nothing):
            seen.append(value)
        result.append(EnumMember(cls, statement.name, value))
    return tuple(result)


def _member_value(
    context: Context, cls: ClassValue, statement: Assignment, count: int, *, lower: bool
) -> Scalar | Nothing:
    match statement.value:
        case Const(value=constant):
            return constant
        case Call(function=Ref(names=(*_, "auto"))):
            return statement.name.lower() if lower else count + 1
        case Items(items=[first, *_]):
            known = scalar(context, context.lookup.value(first, cls.env))
        case Attribute() | None:
            return UNKNOWN
        case term:
            known = scalar(context, context.lookup.value(term, cls.env))
    return known.value if isinstance(known, EnumMember) else known
