"""What an enumeration's members are stored as."""

from migration_ls.schema.origin import Origin
from migration_ls.sources.models.classes import attribute_of, outcome
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.displays import items
from migration_ls.sources.models.evaluate import EnumMember, members_of, scalar
from migration_ls.sources.models.scalars import Nothing
from migration_ls.sources.models.terms import Lambda
from migration_ls.sources.models.values import ClassValue, Env, FunctionValue, Member, Node, Value


def labels_of(
    context: Context, cls: ClassValue, chooser: Value | None, place: Origin | None = None
) -> tuple[tuple[str, str], ...]:
    """Each member and its label: the member's name, unless `values_callable` says otherwise.

    Where it cannot be told what `values_callable` gives, that is said at `place`, and the values are taken.
    """
    members = members_of(context, cls)
    if chooser is None:
        return tuple((member.name, member.name) for member in members)
    chosen = _chosen(context, cls, chooser)
    if chosen is not None and len(chosen) == len(members):
        return tuple((member.name, label) for member, label in zip(members, chosen, strict=True))
    context.report(
        place or cls.origin,
        "models-unknown-expression",
        f"which labels `values_callable` gives `{cls.name}` cannot be told, so the members' values are taken",
        "Give a lambda that lists the members' values",
        serious=False,
    )
    return tuple((member.name, str(member.value)) for member in members)


def _chosen(context: Context, cls: ClassValue, chooser: Value) -> list[str] | None:
    match chooser:
        case Node(term=Lambda(parameters=[name, *_], body=body), env=env):
            given = context.lookup.value(body, Env(env.module, env.offset, {**env.names, name: cls}))
        case FunctionValue(facts=facts, env=env) if facts.returns and facts.parameters:
            given = outcome(context, facts, env, {facts.parameters[0]: cls})
        case Member(owner=ClassValue() as owner, name=name):
            found = attribute_of(context, owner, name)
            if found is None:
                return None
            given = found
        case _:
            return None
    listed = items(context, given)
    if listed is None:
        return None
    labels: list[str] = []
    for item in listed:
        known = scalar(context, item)
        if isinstance(known, EnumMember):
            known = known.value
        if isinstance(known, Nothing):
            return None
        labels.append(str(known))
    return labels
