"""The values of simple expressions: strings, numbers, members of enums, what the project's functions return."""

from dataclasses import dataclass
from typing import TypeAlias

from migration_ls.sources.models.classes import (
    attribute_of,
    enum_of_call,
    is_enum,
    is_subclass,
    local_order,
    outcome,
    own_attribute,
)
from migration_ls.sources.models.context import Context, once_for_class
from migration_ls.sources.models.facts import Assignment, Function
from migration_ls.sources.models.scalars import UNKNOWN, Nothing, operated, sliced
from migration_ls.sources.models.terms import (
    Attribute,
    Binary,
    Call,
    Conditional,
    Const,
    Items,
    Joined,
    Keyword,
    Pairs,
    Ref,
    Scalar,
    Slice,
    Starred,
    Subscript,
    Unary,
)
from migration_ls.sources.models.values import (
    ClassValue,
    Env,
    External,
    FunctionValue,
    Instance,
    Member,
    Node,
    Outcome,
    Plain,
    Value,
)

_DEEPEST = 40
_EXPANDING = (Node, Outcome, Member)


@dataclass(frozen=True, slots=True)
class EnumMember:
    """A member of an enumeration; the value is unknown where Python would have to be run."""

    owner: ClassValue
    name: str
    value: Scalar | Nothing


Known: TypeAlias = Scalar | EnumMember | Nothing


def scalar(context: Context, value: Value) -> Known:
    """The value as Python has it, when it is a literal or made of literals by simple means."""
    if isinstance(value, Plain):
        return value.value
    if not context.may_look():
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


def truth(context: Context, value: Value) -> bool | None:
    """Whether Python takes the value for true; None when it cannot be told."""
    known = scalar(context, value)
    if isinstance(known, EnumMember):
        return True
    if not isinstance(known, Nothing):
        return bool(known)
    match expand(context, value):
        case Node(term=Binary(operator="Is" | "IsNot" as operator, left=left, right=Const(value=None)), env=env):
            something = _is_something(context, context.lookup.value(left, env))
            return None if something is None else something == (operator == "IsNot")
        case Node(term=Binary(operator="And" | "Or" as operator, left=left, right=right), env=env):
            parts = [truth(context, context.lookup.value(part, env)) for part in (left, right)]
            decisive = operator == "Or"
            return decisive if decisive in parts else None if None in parts else not decisive
        case Node(term=Unary(operator="Not", operand=operand), env=env):
            inner = truth(context, context.lookup.value(operand, env))
            return None if inner is None else not inner
        case Node(term=Items(items=terms)):
            return bool(terms)
        case Node(term=Pairs(pairs=found)):
            return bool(found)
        case ClassValue() | FunctionValue():
            return True
        case _:
            return None


def _is_something(context: Context, value: Value) -> bool | None:
    known = scalar(context, value)
    if not isinstance(known, Nothing):
        return known is not None
    match expand(context, value):
        case ClassValue() | FunctionValue() | External() | Instance():
            return True
        case Node(term=Items() | Pairs() | Joined()):
            return True
        case Node(term=Call()) as node if isinstance(function_of(context, node), External | ClassValue):
            return True
        case _:
            return None


def function_of(context: Context, node: Node) -> Value | None:
    """What a call calls."""
    return context.lookup.value(node.term.function, node.env) if isinstance(node.term, Call) else None


def _scalar(context: Context, value: Value) -> Known:
    value = expand(context, value)
    match value:
        case Plain():
            return value.value
        case Member():
            return _member(context, value)
        case Node(term=Const(value=constant)):
            return constant
        case Node(term=Joined(parts=parts)):
            texts = [_formatted(scalar(context, context.lookup.value(part, value.env))) for part in parts]
            known = [text for text in texts if text is not None]
            return "".join(known) if len(known) == len(texts) else UNKNOWN
        case Node(term=Binary() as term):
            left = bare(scalar(context, context.lookup.value(term.left, value.env)))
            if isinstance(left, Nothing):
                return UNKNOWN
            if (term.operator == "And" and not left) or (term.operator == "Or" and left):
                return left
            if term.operator in {"In", "NotIn"}:
                return _contained(context, value, term, left)
            right = bare(scalar(context, context.lookup.value(term.right, value.env)))
            return UNKNOWN if isinstance(right, Nothing) else operated(term.operator, left, right)
        case Node(term=Unary(operator=operator, operand=operand)):
            return _unary(operator, bare(scalar(context, context.lookup.value(operand, value.env))))
        case Node(term=Subscript(base=base, key=Slice() as key)):
            text = string(context, context.lookup.value(base, value.env))
            ends = (key.lower, key.upper, key.step)
            bounds = [bare(scalar(context, context.lookup.value(end, value.env))) if end else None for end in ends]
            return sliced(text, bounds) if text is not None else UNKNOWN
        case Node(term=Call() as call):
            from migration_ls.sources.models.calls import scalar_of_call

            return scalar_of_call(context, value, call)
        case _:
            return UNKNOWN


def bare(known: Known) -> Scalar | Nothing:
    """The value, of a member of an enumeration its own."""
    return known.value if isinstance(known, EnumMember) else known


def _formatted(known: Known) -> str | None:
    known = bare(known)
    return None if isinstance(known, Nothing) else str(known)


def _contained(context: Context, node: Node, term: Binary, left: Scalar) -> bool | Nothing:
    from migration_ls.sources.models.displays import iterated

    listed = iterated(context, context.lookup.value(term.right, node.env), 1)
    if listed is None:
        return UNKNOWN
    found = [bare(scalar(context, item)) for (item,) in listed]
    inside = left in found or (isinstance(left, str) and left in "".join(str(item) for item in found))
    return UNKNOWN if not inside and UNKNOWN in found else inside == (term.operator == "In")


def _unary(operator: str, operand: Scalar | Nothing) -> Scalar | Nothing:
    match operator, operand:
        case _, Nothing():
            return UNKNOWN
        case "Not", _:
            return not operand
        case "USub", int() | float():
            return -operand
        case _:
            return UNKNOWN


def _member(context: Context, value: Member) -> Known:
    owner = expand(context, value.owner)
    match value.name:
        case "value" | "name" | "_value_" | "_name_" as part:
            member = scalar(context, owner)
            if isinstance(member, EnumMember):
                return member.value if "value" in part else member.name
        case _:
            pass
    match owner, value.name:
        case ClassValue(), "__name__" | "__qualname__":
            return owner.name
        case ClassValue(), "__tablename__":
            return owner.name.lower()
        case ClassValue(), name if is_enum(context, owner):
            return next((member for member in members_of(context, owner) if member.name == name), UNKNOWN)
        case _:
            return UNKNOWN


def expand(context: Context, value: Value) -> Value:
    """The value with calls of the project's own functions replaced by what they return, and attributes looked up."""
    if not isinstance(value, _EXPANDING) or not context.may_look():
        return value
    context.depth += 1
    try:
        for _ in range(_DEEPEST):
            inner = _expanded(context, value)
            if inner is None or inner == value:
                return value
            value = inner
        return value
    finally:
        context.depth -= 1


def _expanded(context: Context, value: Value) -> Value | None:
    match value:
        case Node(term=Call() as call):
            return _of_call(context, value, call)
        case Outcome():
            return _of_outcome(context, value)
        case Member(owner=ClassValue() as owner, name=name) if not is_enum(context, owner):
            return attribute_of(context, owner, name)
        case Member(owner=Node() | Outcome() as owner, name=name):
            # `Config().prefix`, or a member of an enumeration that a call makes.
            inner = expand(context, owner)
            if isinstance(inner, ClassValue):
                return Member(inner, name)
            made = function_of(context, inner) if isinstance(inner, Node) else None
            return Member(made, name) if isinstance(made, ClassValue) and not is_enum(context, made) else None
        case Node(term=Conditional() as term):
            chosen = truth(context, context.lookup.value(term.test, value.env))
            context.doubts += chosen is None
            return context.lookup.value(term.no if chosen is False else term.yes, value.env)
        case Node(term=Subscript() as term) if not isinstance(term.key, Slice):
            return _subscript(context, term, value)
        case _:
            return None


def _of_call(context: Context, value: Node, call: Call) -> Value | None:
    function = context.lookup.value(call.function, value.env)
    match function:
        case FunctionValue() if function.facts.returns:
            return called(context, function, call, value)
        case Member(owner=ClassValue() as owner, name=name):
            return _method(context, owner, name, call, value)
        case External():
            return enum_of_call(context, value, call, function)
        case _:
            return None


def _method(context: Context, owner: ClassValue, name: str, call: Call, node: Node) -> Value | None:
    """What a method that is called on a class returns."""
    for base in local_order(context, owner):
        statement = own_attribute(base, name)
        if isinstance(statement, Function):
            marks = {mark.names[-1] for mark in statement.decorators if isinstance(mark, Ref)}
            function = FunctionValue(statement, base.env)
            if not statement.returns:
                return None
            return called(context, function, call, node, None if "staticmethod" in marks else owner)
        if statement is not None:
            return None
    return None


def _of_outcome(context: Context, value: Outcome) -> Value:
    from migration_ls.sources.models.running import follow

    run = follow(context, value.facts, value.env)
    if run.returned is not None and not run.doubtful:
        return run.returned
    context.doubts += 1
    return context.lookup.value(value.facts.returns[-1], Env(value.env.module, value.env.offset, run.names))


def called(context: Context, function: FunctionValue, call: Call, node: Node, first: ClassValue | None = None) -> Value:
    """What a function of the project returns for the arguments of a call; `first` is what `cls` means."""
    facts = function.facts
    given: dict[str, Value] = {}
    names = facts.parameters[: facts.positional]
    if first is not None and names:
        given[names[0]] = first
        names = names[1:]
    plain = call.arguments[: len(names)]
    if not any(isinstance(argument, Starred) for argument in plain):
        given |= {name: context.lookup.value(item, node.env) for name, item in zip(names, plain, strict=False)}
    if facts.rest is not None:
        given[facts.rest] = Node(Items(call.start, call.end, "tuple", call.arguments[len(names) :]), node.env)
    options: list[Keyword] = []
    for item in call.keywords:
        if item.name is not None and item.name in facts.parameters:
            given[item.name] = context.lookup.value(item.value, node.env)
        else:
            options.append(item)
    if facts.options is not None:
        entries = tuple(
            (Const(item.start, item.end, item.name) if item.name is not None else None, item.value) for item in options
        )
        given[facts.options] = Node(Pairs(call.start, call.end, entries), node.env)
    return outcome(context, facts, function.env, given)


def _subscript(context: Context, term: Subscript, node: Node) -> Value | None:
    from migration_ls.sources.models.displays import items, pairs

    key = bare(scalar(context, context.lookup.value(term.key, node.env)))
    base = context.lookup.value(term.base, node.env)
    if isinstance(key, str):
        inner = expand(context, base)
        if isinstance(inner, ClassValue) and is_enum(context, inner):
            return Member(inner, key)
        found = pairs(context, base)
        return found.get(key) if found else None
    if isinstance(key, int):
        listed = items(context, base)
        text = string(context, base) if listed is None else None
        whole = listed if listed is not None else [Plain(item) for item in text or ""]
        return whole[key] if -len(whole) <= key < len(whole) else None
    return None


@once_for_class
def members_of(context: Context, cls: ClassValue) -> tuple[EnumMember, ...]:
    """The members of an enumeration in order; names for a value that has one already are left out, as Python does."""
    result: list[EnumMember] = []
    seen: list[Scalar] = []
    lower = is_subclass(context, cls, "StrEnum")
    for statement in cls.facts.body:
        if not isinstance(statement, Assignment) or statement.value is None or statement.name.startswith("_"):
            continue
        value = _member_value(context, cls, statement, result, lower=lower)
        if value is not UNKNOWN and any(value == item and type(value) is type(item) for item in seen):
            continue
        if not isinstance(value, Nothing):
            seen.append(value)
        result.append(EnumMember(cls, statement.name, value))
    return tuple(result)


def _member_value(
    context: Context, cls: ClassValue, statement: Assignment, before: list[EnumMember], *, lower: bool
) -> Scalar | Nothing:
    match statement.value:
        case Const(value=constant):
            return constant
        case Call(function=Ref(names=(*_, "auto"))):
            return _automatic(context, cls, statement.name, before, lower=lower)
        case Items(items=[first, *_]):
            known = scalar(context, context.lookup.value(first, cls.env))
        case Attribute() | None:
            return UNKNOWN
        case term:
            known = scalar(context, context.lookup.value(term, cls.env))
    return bare(known)


def _automatic(
    context: Context, cls: ClassValue, name: str, before: list[EnumMember], *, lower: bool
) -> Scalar | Nothing:
    """What `auto()` gives: by the class's own rule, the name in lower case, or the next number."""
    for base in local_order(context, cls):
        rule = own_attribute(base, "_generate_next_value_")
        if isinstance(rule, Function) and rule.parameters and rule.returns:
            given: dict[str, Value] = {rule.parameters[0]: Plain(name)}
            return bare(scalar(context, outcome(context, rule, base.env, given)))
    if lower:
        return name.lower()
    numbers = [item.value for item in before if isinstance(item.value, int)]
    return max(numbers, default=0) + 1
