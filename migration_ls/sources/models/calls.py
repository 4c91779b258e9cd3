"""Calls of Python's own functions and of the methods of strings."""

from migration_ls.sources.models.context import Context
from migration_ls.sources.models.displays import items, iterated
from migration_ls.sources.models.evaluate import Known, bare, expand, function_of, scalar, string
from migration_ls.sources.models.scalars import UNKNOWN, Nothing, of_string, substituted
from migration_ls.sources.models.terms import Call, Scalar
from migration_ls.sources.models.values import External, Member, Node, Value

_KNOWN = frozenset({"builtins", "re"})
"""Modules with functions whose results are known."""


def scalar_of_call(context: Context, node: Node, call: Call) -> Known:
    """What a call of Python's own gives, as far as that is a string, a number or a truth value."""
    function = context.lookup.value(call.function, node.env)
    if isinstance(function, External) and function.module not in _KNOWN:
        return UNKNOWN
    arguments = [context.lookup.value(item, node.env) for item in call.arguments]
    match function, arguments:
        case External(module="builtins", attributes=("len",)), [inner]:
            word = string(context, inner)
            if word is not None:
                return len(word)
            found = items(context, inner)
            return len(found) if found is not None else UNKNOWN
        case Member(owner=owner, name="join"), [inner]:
            glue, listed = string(context, owner), iterated(context, inner, 1)
            texts = [string(context, item) for (item,) in listed or ()]
            known = [text for text in texts if text is not None]
            complete = glue is not None and listed is not None and len(known) == len(texts)
            return glue.join(known) if glue is not None and complete else UNKNOWN
        case _:
            pass
    given = [bare(scalar(context, item)) for item in arguments]
    plain = [item for item in given if not isinstance(item, Nothing)]
    if len(plain) != len(given):
        return UNKNOWN
    match function, plain:
        case External(module="re", attributes=("sub",)), [str() as pattern, str() as replacement, str() as text, *_]:
            return substituted(pattern, replacement, text)
        case Member(owner=owner, name="sub"), [str() as replacement, str() as text, *_] if (
            compiled := _compiled(context, owner)
        ) is not None:
            return substituted(compiled, replacement, text)
        case External(module="builtins", attributes=("str",)), [item]:
            return str(item)
        case External(module="builtins", attributes=("int",)), [int() as number]:
            return number
        case External(module="builtins", attributes=("bool",)), [item]:
            return bool(item)
        case Member(owner=owner, name=name), _:
            own = string(context, owner)
            named = _named(context, call, node)
            return of_string(own, name, plain, named) if own is not None and named is not None else UNKNOWN
        case _:
            return UNKNOWN


def _compiled(context: Context, value: Value) -> str | None:
    """The pattern that `re.compile` was given."""
    match expand(context, value):
        case Node(term=Call(arguments=[pattern, *_])) as node:
            maker = function_of(context, node)
            if isinstance(maker, External) and (maker.module, maker.name) == ("re", "compile"):
                return string(context, context.lookup.value(pattern, node.env))
        case _:
            pass
    return None


def _named(context: Context, call: Call, node: Node) -> dict[str, Scalar] | None:
    found = {item.name: bare(scalar(context, context.lookup.value(item.value, node.env))) for item in call.keywords}
    named = {name: item for name, item in found.items() if name is not None and not isinstance(item, Nothing)}
    return named if len(named) == len(call.keywords) else None
