"""The arguments of a call, by position and by name."""

from dataclasses import dataclass, field, replace

from migration_ls.schema.origin import Origin
from migration_ls.sources.models.context import Context
from migration_ls.sources.models.displays import items, pairs
from migration_ls.sources.models.evaluate import EnumMember, Known, scalar, string
from migration_ls.sources.models.terms import Call, Starred, Term
from migration_ls.sources.models.values import Env, External, Node, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What a function is called with; `*` and `**` of displays are spread out."""

    function: Value
    context: Context
    positional: tuple[Value, ...] = ()
    keywords: dict[str, Value] = field(default_factory=dict)
    terms: tuple[Term | None, ...] = ()
    """The terms of the positional arguments that are written out."""
    call: Call | None = None
    env: Env | None = None

    @property
    def origin(self) -> Origin | None:
        """Where the call stands."""
        return self.env.origin(self.call) if self.env and self.call else None

    def place(self, name: str) -> Origin | None:
        """Where a keyword argument stands, name and value."""
        keyword = self.call.keyword(name) if self.call else None
        return self.env.origin((keyword.start, keyword.end)) if self.env and keyword else None

    def place_of_value(self, name: str, position: int | None = None) -> Origin | None:
        """Where the value of an argument stands."""
        keyword = self.call.keyword(name) if self.call else None
        if keyword is None:
            return self.place_at(position) if position is not None else None
        return self.env.origin(keyword.value) if self.env else None

    def place_at(self, position: int) -> Origin | None:
        """Where a positional argument stands."""
        term = self.terms[position] if position < len(self.terms) else None
        return self.env.origin(term) if self.env and term is not None else None

    @property
    def name(self) -> str:
        """The name of the installed function that is called; empty for anything else."""
        return self.function.name if isinstance(self.function, External) else ""

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
    """The arguments of a call, those that `functools.partial` gave included; None when the value is no call."""
    given = _own_arguments(context, node)
    if given is None:
        return None
    before = _own_arguments(context, given.function) if isinstance(given.function, Node) else None
    if before is None or before.name != "partial" or not before.count:
        return given
    return replace(
        given,
        function=before.positional[0],
        positional=(*before.positional[1:], *given.positional),
        keywords={**before.keywords, **given.keywords},
        terms=(*(None for _ in before.positional[1:]), *given.terms),
    )


def _own_arguments(context: Context, node: Value) -> Arguments | None:
    if not isinstance(node, Node) or not isinstance(node.term, Call):
        return None
    call, env, lookup = node.term, node.env, context.lookup
    positional: list[Value] = []
    terms: list[Term | None] = []
    for term in call.arguments:
        if isinstance(term, Starred):
            known = items(context, lookup.value(term.value, env))
            context.doubts += known is None
            spread = known or ()
            positional += spread
            terms += [None] * len(spread)
        else:
            positional.append(lookup.value(term, env))
            terms.append(term)
    keywords: dict[str, Value] = {}
    for keyword in call.keywords:
        if keyword.name is None:
            keywords |= pairs(context, lookup.value(keyword.value, env)) or {}
        else:
            keywords[keyword.name] = lookup.value(keyword.value, env)
    return Arguments(
        function=lookup.value(call.function, env),
        context=context,
        positional=tuple(positional),
        keywords=keywords,
        terms=tuple(terms),
        call=call,
        env=env,
    )


def callee(context: Context, node: Value) -> str:
    """The name of the installed function that a call calls; empty for anything else."""
    if not isinstance(node, Node) or not isinstance(node.term, Call):
        return ""
    function = context.lookup.value(node.term.function, node.env)
    if isinstance(function, Node) and callee(context, function) == "partial":
        given = arguments_of(context, node)
        function = given.function if given is not None else function
    return function.name if isinstance(function, External) else ""
