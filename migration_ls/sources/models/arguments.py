"""The arguments of a call, by position and by name."""

from dataclasses import dataclass, field

from migration_ls.schema.origin import Origin
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.evaluate import EnumMember, Known, items, pairs, scalar, string
from migration_ls.sources.models.terms import Call, Keyword, Starred
from migration_ls.sources.models.values import Env, Node, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What a function is called with; `*` and `**` of displays are spread out."""

    function: Value
    context: Context
    positional: tuple[Value, ...] = ()
    keywords: dict[str, Value] = field(default_factory=dict)
    places: dict[str, Origin] = field(default_factory=dict)
    """Where each keyword argument stands, name and value."""
    value_places: dict[str, Origin] = field(default_factory=dict)
    argument_places: tuple[Origin | None, ...] = ()
    origin: Origin | None = None

    @property
    def count(self) -> int:
        """The number of positional arguments."""
        return len(self.positional)

    def at(self, position: int) -> Value | None:
        """The positional argument."""
        return self.positional[position] if position < len(self.positional) else None

    def named(self, name: str, position: int | None = None) -> Value | None:
        """The keyword argument, or the positional one of that place."""
        if name in self.keywords:
            return self.keywords[name]
        return self.at(position) if position is not None else None

    def known(self, name: "str | int", position: int | None = None) -> Known:
        """The argument as Python has it; None when it is not given."""
        value = self.at(name) if isinstance(name, int) else self.named(name, position)
        return scalar(self.context, value) if value is not None else None

    def text(self, name: "str | int", position: int | None = None) -> str | None:
        """The argument when it is a string."""
        value = self.at(name) if isinstance(name, int) else self.named(name, position)
        return string(self.context, value) if value is not None else None

    def number(self, name: str, position: int | None = None) -> int | None:
        """The argument when it is a whole number."""
        known = self.known(name, position)
        if isinstance(known, EnumMember):
            known = known.value
        return known if isinstance(known, int) and not isinstance(known, bool) else None

    def true(self, name: str, position: int | None = None) -> bool:
        """Whether the argument is True."""
        return self.known(name, position) is True

    def false(self, name: str, position: int | None = None) -> bool:
        """Whether the argument is False."""
        return self.known(name, position) is False


def arguments_of(context: Context, node: Value) -> Arguments | None:
    """The arguments of a call; None when the value is no call."""
    if not isinstance(node, Node) or not isinstance(node.term, Call):
        return None
    call, env, lookup = node.term, node.env, context.lookup
    positional: list[Value] = []
    places: list[Origin | None] = []
    for term in call.arguments:
        if isinstance(term, Starred):
            spread = items(context, lookup.value(term.value, env)) or ()
            positional += spread
            places += [None] * len(spread)
        else:
            positional.append(lookup.value(term, env))
            places.append(env.origin(term))
    keywords: dict[str, Value] = {}
    where: dict[str, Origin] = {}
    value_where: dict[str, Origin] = {}
    for keyword in call.keywords:
        if keyword.name is None:
            spread_pairs = pairs(context, lookup.value(keyword.value, env)) or {}
            keywords |= spread_pairs
            continue
        keywords[keyword.name] = lookup.value(keyword.value, env)
        where[keyword.name], value_where[keyword.name] = _places(keyword, env)
    return Arguments(
        function=lookup.value(call.function, env),
        context=context,
        positional=tuple(positional),
        keywords=keywords,
        places=where,
        value_places=value_where,
        argument_places=tuple(places),
        origin=env.origin(call),
    )


def _places(keyword: Keyword, env: Env) -> tuple[Origin, Origin]:
    return env.origin((keyword.start, keyword.end)), env.origin(keyword.value)
