"""Tuples, lists, sets and dictionaries: what stands in them, comprehensions over what is known included."""

from migration_ls.sources.models.classes import is_enum
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.evaluate import EnumMember, expand, members_of, scalar, string, truth
from migration_ls.sources.models.scalars import Nothing, matches, parts_of
from migration_ls.sources.models.terms import (
    Binary,
    Call,
    Comprehension,
    Items,
    Lambda,
    Pairs,
    Ref,
    Starred,
)
from migration_ls.sources.models.values import ClassValue, Env, External, Member, Node, Plain, Value

_MOST = 500
"""Passes of a loop that are followed."""
_COPIES = frozenset({"tuple", "list", "set", "frozenset", "sorted"})


def items(context: Context, value: Value) -> tuple[Value, ...] | None:
    """The items of a tuple, list or set; None when it is none."""
    if not context.may_look():
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
                    inner = items(context, context.lookup.value(term.value, value.env))
                    context.doubts += inner is None
                    result += inner or ()
                else:
                    result.append(context.lookup.value(term, value.env))
            return tuple(result)
        case Node(term=Binary(operator="Add", left=left, right=right)):
            one = items(context, context.lookup.value(left, value.env))
            other = items(context, context.lookup.value(right, value.env))
            context.doubts += (one is None) != (other is None)
            return None if one is None and other is None else (*(one or ()), *(other or ()))
        case Node(term=Call() as call):
            return _of_call(context, value, call)
        case Node(term=Comprehension() as term):
            return _comprehended(context, value, term)
        case ClassValue() if is_enum(context, value):
            return tuple(Member(value, member.name) for member in members_of(context, value))
        case _:
            return None


def _of_call(context: Context, value: Node, call: Call) -> tuple[Value, ...] | None:
    function = context.lookup.value(call.function, value.env)
    arguments = [context.lookup.value(item, value.env) for item in call.arguments]
    match function, arguments:
        case External(module="builtins", attributes=(name,)), [inner] if name in _COPIES:
            return _column(iterated(context, inner, 1))
        case External(module="builtins", attributes=("reversed",)), [inner]:
            return (_column(iterated(context, inner, 1)) or ())[::-1] or None
        case External(module="builtins", attributes=("range",)), _:
            bounds = [scalar(context, item) for item in arguments]
            numbers = [bound for bound in bounds if isinstance(bound, int)]
            if len(numbers) != len(bounds) or not 1 <= len(numbers) <= 3 or (len(numbers) == 3 and not numbers[2]):
                return None
            return tuple(Plain(number) for number in range(*numbers)[:_MOST])
        case External(module="builtins", attributes=("map",)), [
            Node(term=Lambda(parameters=[name], body=body)) as maker,
            inner,
        ]:
            listed = _column(iterated(context, inner, 1))
            if listed is None:
                return None
            return tuple(context.lookup.value(body, _with(maker.env, {name: item})) for item in listed)
        case External(module="builtins", attributes=("map",)), [
            External(module="builtins", attributes=("str",)),
            inner,
        ]:
            texts = [string(context, item) for item in _column(iterated(context, inner, 1)) or ()]
            return tuple(Plain(text) for text in texts if text is not None)
        case External(module="re", attributes=("findall" | "split" as name,)), [pattern, text]:
            known = string(context, pattern), string(context, text)
            found = matches(name, known[0], known[1]) if known[0] is not None and known[1] is not None else None
            return tuple(map(Plain, found)) if found is not None else None
        case Member(owner=owner, name=("keys" | "values" | "items") as name), []:
            return _view(context, owner, name)
        case Member(owner=owner, name=name), _:
            own = string(context, owner)
            given = [scalar(context, item) for item in arguments]
            plain = [item for item in given if not isinstance(item, EnumMember | Nothing)]
            parts = parts_of(own, name, plain) if own is not None and len(plain) == len(given) else None
            return tuple(map(Plain, parts)) if parts is not None else None
        case _:
            return None


def _view(context: Context, owner: Value, name: str) -> tuple[Value, ...] | None:
    """The keys or values of a dictionary, or of `Status.__members__`."""
    match owner:
        case Member(owner=ClassValue() as cls, name="__members__") if is_enum(context, cls):
            names = [member.name for member in members_of(context, cls)]
            return tuple(Plain(item) if name == "keys" else Member(cls, item) for item in names)
        case _:
            found = pairs(context, owner)
            if found is None or name == "items":
                return None
            return tuple(map(Plain, found)) if name == "keys" else tuple(found.values())


def _column(rows: list[tuple[Value, ...]] | None) -> tuple[Value, ...] | None:
    return tuple(row[0] for row in rows) if rows is not None else None


def _with(env: Env, names: dict[str, Value]) -> Env:
    return Env(env.module, env.offset, {**env.names, **names})


def _comprehended(context: Context, node: Node, term: Comprehension) -> tuple[Value, ...] | None:
    rows = iterated(context, context.lookup.value(term.source, node.env), len(term.targets))
    if rows is None:
        return None
    result: list[Value] = []
    for row in rows:
        env = _with(node.env, dict(zip(term.targets, row, strict=False)))
        kept = [truth(context, context.lookup.value(test, env)) for test in term.conditions]
        if None in kept:
            return None
        if all(kept):
            result.append(context.lookup.value(term.element, env))
    return tuple(result)


def iterated(context: Context, value: Value, width: int) -> list[tuple[Value, ...]] | None:
    """What a loop over the value gives its targets, of which there are `width`; None when that cannot be told."""
    value = expand(context, value)
    match value:
        case Node(term=Call(arguments=[inner, *rest])) as node:
            function = context.lookup.value(node.term.function, node.env) if isinstance(node.term, Call) else None
            if isinstance(function, External) and function.attributes == ("enumerate",) and width == 2:
                first = scalar(context, context.lookup.value(rest[0], node.env)) if rest else 0
                rows = iterated(context, context.lookup.value(inner, node.env), 1)
                if rows is None or not isinstance(first, int):
                    return None
                return [(Plain(index), *row) for index, row in enumerate(rows, start=first)]
        case Node(term=Call(function=function)) as node if width == 2:
            meant = context.lookup.value(function, node.env)
            found = pairs(context, meant.owner) if isinstance(meant, Member) and meant.name == "items" else None
            if found is not None:
                return [(Plain(key), item) for key, item in found.items()]
        case Node(term=Pairs()):
            return [(Plain(key),) for key in pairs(context, value) or {}]
        case _:
            pass
    text = string(context, value) if not isinstance(value, ClassValue) else None
    if text is not None:
        return [(Plain(letter),) for letter in text[:_MOST]] if width == 1 else None
    listed = items(context, value)
    if listed is None or len(listed) > _MOST:
        return None
    if width == 1:
        return [(item,) for item in listed]
    rows = [row for item in listed if (row := items(context, item)) is not None and len(row) == width]
    return rows if len(rows) == len(listed) else None


def pairs(context: Context, value: Value) -> dict[str, Value] | None:
    """The entries of a dictionary by their string keys; None when it is none."""
    if not context.may_look():
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
        case Node(term=Call(function=function)):
            meant = context.lookup.value(function, value.env)
            return pairs(context, meant.owner) if isinstance(meant, Member) and meant.name == "copy" else None
        case Node(term=Binary(operator="BitOr", left=left, right=right)):
            one = pairs(context, context.lookup.value(left, value.env))
            other = pairs(context, context.lookup.value(right, value.env))
            return None if one is None or other is None else one | other
        case _:
            return None
