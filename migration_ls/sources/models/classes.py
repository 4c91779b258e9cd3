"""Classes: their order of resolution, their attributes, and what sort they are."""

from collections.abc import Iterator

from migration_ls.sources.models.context import Base, Context
from migration_ls.sources.models.facts import Assignment, Class, Function, Invocation, Return, Setting
from migration_ls.sources.models.terms import Call, Const, Items, Pairs, Ref, Subscript, Term
from migration_ls.sources.models.values import (
    ClassValue,
    Env,
    External,
    FunctionValue,
    Member,
    Node,
    Outcome,
    Plain,
    Unknown,
    Value,
)

_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"})
_ROOTS = frozenset({"DeclarativeBase", "DeclarativeBaseNoMeta", "declarative_base", "generate_base", "as_declarative"})


def mro(context: Context, cls: ClassValue) -> tuple[Base, ...]:
    """The class and its bases as Python orders them; bases that nothing explains are left out."""
    known = context.orders.get(cls.key)
    if known is not None:
        return known
    context.orders[cls.key] = (cls,)
    bases = [base for term in cls.facts.bases for base in _base(context, term, cls.env)]
    orders: list[list[Base]] = [list(mro(context, base)) if isinstance(base, ClassValue) else [base] for base in bases]
    order = (cls, *(orders[0] if len(orders) == 1 else _merge([*orders, bases])))
    context.orders[cls.key] = order
    return order


def _base(context: Context, term: Term, env: Env) -> Iterator[Base]:
    value = context.lookup.value(term, env)
    match value:
        case ClassValue() | External():
            yield value
        case Node(term=Subscript(base=base)):
            yield from _base(context, base, value.env)
        case Node(term=Call(function=function) as call):
            # `Base = declarative_base()`: what it makes stands for what made it, and for the class that it is given.
            maker = context.lookup.value(function, value.env)
            given = call.keyword("cls")
            if given is not None:
                yield from _base(context, given.value, value.env)
            match maker:
                case External():
                    yield maker
                case Unknown() | Node():
                    pass
                case _:
                    name = getattr(maker, "name", "")
                    if name in _ROOTS:
                        yield External("sqlalchemy", (name,))
        case Unknown():
            yield External("?", (value.name,))
        case _:
            pass


def _merge(orders: list[list[Base]]) -> list[Base]:
    """Python's C3 merge; where classes contradict each other the first order wins."""
    result: list[Base] = []
    while orders := [order for order in orders if order]:
        heads = [order[0] for order in orders]
        free = [head for head in heads if not any(head in order[1:] for order in orders)]
        head = free[0] if free else heads[0]
        result.append(head)
        orders = [[item for item in order if item != head] for order in orders]
    return result


def local_order(context: Context, cls: ClassValue) -> tuple[ClassValue, ...]:
    """The classes of the project in the order of resolution."""
    return tuple(base for base in mro(context, cls) if isinstance(base, ClassValue))


def is_subclass(context: Context, cls: ClassValue, *names: str) -> bool:
    """Whether an installed class of one of these names is among its bases."""
    return any(isinstance(base, External) and base.name in names for base in mro(context, cls))


def is_enum(context: Context, cls: ClassValue) -> bool:
    """Whether it is an enumeration."""
    return any(
        isinstance(base, External) and base.name in _ENUMS and base.root in {"enum", "?"} for base in mro(context, cls)
    )


def own_attribute(cls: ClassValue, name: str) -> Assignment | Function | Class | None:
    """The statement of the class's own body that gives an attribute its value."""
    found = None
    for statement in cls.facts.body:
        if isinstance(statement, Assignment | Function | Class) and statement.name == name:
            found = statement if found is None or not _is_bare(statement) else found
    return found


def _is_bare(statement: Assignment | Function | Class) -> bool:
    return isinstance(statement, Assignment) and statement.value is None


def body_env(context: Context, cls: ClassValue, subject: ClassValue | None = None) -> Env:
    """Where the statements of a class's body stand: names of the body come before the file's.

    Fields hide nothing that the file binds, since `date: date` means the type. `subject` is the class that is being
    made, which `cls` means in its methods.
    """
    key = (cls.env.module.path, cls.env.offset + cls.facts.start, subject)
    if (known := context.bodies.get(key)) is not None:
        return known
    names: dict[str, Value] = {}
    env = context.bodies[key] = Env(cls.env.module, cls.env.offset, names)
    for statement in cls.facts.body:
        match statement:
            case Class():
                names[statement.name] = ClassValue(statement, cls.env)
            case Function():
                names[statement.name] = FunctionValue(statement, env)
            case Assignment(annotation=annotation, value=value):
                hides = statement.name in cls.env.module.bindings
                if not (hides and (annotation is not None or isinstance(value, Call))):
                    names[statement.name] = _body_value(context, cls, statement, env)
            case _:
                pass
    if subject is not None:
        names["cls"] = names["self"] = subject
    return env


def _body_value(context: Context, cls: ClassValue, statement: Assignment, env: Env) -> Value:
    match statement.value:
        case None | Call():
            return Member(cls, statement.name)
        case Const() as constant if statement.annotation is None:
            return Plain(constant.value)
        case Ref() as term:
            return context.lookup.value(term, cls.env)
        case term:
            return Node(term, env)


def attribute_of(context: Context, cls: ClassValue, name: str) -> Value | None:
    """What the attribute of a class is, its bases searched; a method that `declared_attr` marks gives what it returns.

    None when no class of the project gives it a value.
    """
    for base in local_order(context, cls):
        statement = own_attribute(base, name)
        match statement:
            case Assignment(value=value) if value is not None:
                return context.lookup.value(value, body_env(context, base, cls))
            case Function(returns=[_, *_]):
                return outcome(context, statement, body_env(context, base, cls))
            case Class():
                return ClassValue(statement, base.env)
            case _:
                pass
    return None


def outcome(context: Context, function: Function, env: Env, given: dict[str, Value] | None = None) -> Value:
    """What a function that returns something returns."""
    inner = function_env(context, function, env, given)
    match function.steps:
        case (*before, Return(value=last)) if last is not None and all(
            isinstance(step, Assignment | Setting | Invocation) for step in before
        ):
            return context.lookup.value(last, inner)
        case _:
            return Outcome(function, inner)


def function_env(context: Context, function: Function, env: Env, given: dict[str, Value] | None = None) -> Env:
    """Where a function's body stands: its parameters and the names it assigns before any branch come first."""
    defaults = {name: context.lookup.value(value, env) for name, value in function.defaults}
    names: dict[str, Value] = {**env.names, **defaults, **(given or {})}
    if function.parameters and function.parameters[0] in {"cls", "self"} and "cls" in names:
        names[function.parameters[0]] = names["cls"]
    inner = Env(env.module, env.offset, names)
    for statement in function.steps:
        if not isinstance(statement, Assignment | Setting | Invocation):
            break
        if isinstance(statement, Assignment) and statement.value is not None:
            before = Env(env.module, env.offset, dict(names))
            names[statement.name] = context.lookup.value(statement.value, before)
    return inner


def enum_of_call(context: Context, node: Node, call: Call, maker: External) -> ClassValue | None:
    """The enumeration of `Enum("Color", "RED GREEN")`, in any of its spellings; None for other calls."""
    if maker.root != "enum" or maker.name not in _ENUMS or len(call.arguments) < 2:
        return None
    place = node.env.offset + call.start
    known: dict[int, ClassValue] = node.env.module.kept.setdefault(ClassValue, {})
    if place not in known:
        name = context.lookup.value(call.arguments[0], node.env)
        members = _members(context.lookup.value(call.arguments[1], node.env))
        if not isinstance(name, Plain) or not isinstance(name.value, str) or members is None:
            return None
        body = tuple(
            Assignment(member, None, value or Const(call.start, call.end, index), call.start, call.end)
            for index, (member, value) in enumerate(members, start=1)
        )
        facts = Class(name.value, (), (call.function,), (), body, call.start, call.end)
        known[place] = ClassValue(facts, node.env)
    return known[place]


def _members(value: Value) -> list[tuple[str, Term | None]] | None:
    """Names, and values where they are given."""
    match value:
        case Plain(value=str() as names):
            return [(name, None) for name in names.replace(",", " ").split()]
        case Node(term=Items(items=terms)):
            return [found for term in terms for found in [_member_of(term)] if found is not None]
        case Node(term=Pairs(pairs=found)):
            return [(key.value, term) for key, term in found if isinstance(key, Const) and isinstance(key.value, str)]
        case _:
            return None


def _member_of(term: Term) -> tuple[str, Term | None] | None:
    match term:
        case Const(value=str() as name):
            return name, None
        case Items(items=[Const(value=str() as name), value]):
            return name, value
        case _:
            return None
