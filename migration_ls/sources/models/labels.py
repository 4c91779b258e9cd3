"""What an enumeration's members are stored as."""

from migration_ls.sources.models.classes import function_env
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.evaluate import EnumMember, members_of, scalar
from migration_ls.sources.models.terms import Call, Comprehension, Lambda, Ref, Term
from migration_ls.sources.models.values import ClassValue, Env, FunctionValue, Member, Node, Value


def labels_of(context: Context, cls: ClassValue, chooser: Value | None) -> tuple[tuple[str, str], ...]:
    """Each member and its label: the member's name, unless `values_callable` says otherwise."""
    members = members_of(context, cls)
    element = _element(context, chooser) if chooser is not None else None
    labels: list[tuple[str, str]] = []
    for member in members:
        label: object = member.name
        if element is not None:
            term, name, env = element
            inner = Env(env.module, env.offset, {**env.names, name: Member(cls, member.name)})
            known = scalar(context, context.lookup.value(term, inner))
            label = known.value if isinstance(known, EnumMember) else known
            label = label if isinstance(label, str | int | float) else member.value
        labels.append((member.name, str(label)))
    return tuple(labels)


def _element(context: Context, chooser: Value) -> tuple[Term, str, Env] | None:
    """The term that gives a member's label, the member's name in it, and where it stands."""
    match chooser:
        case Node(term=Lambda(body=body), env=env):
            return _of_body(body, env)
        case FunctionValue(facts=facts, env=env) if facts.returns:
            return _of_body(facts.returns[-1], function_env(context, facts, env))
        case _:
            return None


def _of_body(body: Term, env: Env) -> tuple[Term, str, Env] | None:
    match body:
        case Comprehension(element=element, target=target):
            return element, target, env
        case Call(function=Ref(names=("list" | "tuple",)), arguments=[inner]):
            return _of_body(inner, env)
        case Call(function=Ref(names=("map",)), arguments=[Lambda(parameters=[name], body=inner), _]):
            return inner, name, env
        case _:
            return None
