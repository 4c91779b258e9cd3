"""What the project's small functions do: their steps followed one by one, as far as their tests can be told."""

from dataclasses import dataclass, field

from migration_ls.sources.models.context import Context
from migration_ls.sources.models.displays import iterated
from migration_ls.sources.models.evaluate import scalar, truth
from migration_ls.sources.models.facts import Assignment, Branch, Function, Invocation, Loop, Return, Setting, Step
from migration_ls.sources.models.scalars import Nothing
from migration_ls.sources.models.terms import Attribute, Call, Ref
from migration_ls.sources.models.values import Env, Node, Plain, Unknown, Value

_MOST_STEPS = 2_000


@dataclass(slots=True, kw_only=True)
class Run:
    """A function that was followed to its end. `returned` is None when it returns nothing, or nobody knows what."""

    names: dict[str, Value]
    returned: Value | None = None
    attributes: dict[str, Value] = field(default_factory=dict)
    """What it gave the attributes of `self`."""
    above: Node | None = None
    """Its call of `super().__init__`."""
    ended: bool = False
    doubtful: bool = False
    """Whether it could not be told which way it goes."""
    steps: int = 0


def follow(context: Context, function: Function, env: Env) -> Run:
    """The run of a function whose parameters `env` has."""
    run = Run(names=dict(env.names))
    _follow(context, function.steps, env, run)
    return run


def _follow(context: Context, steps: tuple[Step, ...], env: Env, run: Run) -> None:
    for step in steps:
        run.steps += 1
        if run.steps > _MOST_STEPS or not context.may_look():
            run.doubtful = run.ended = True
        if run.ended:
            return
        here = Env(env.module, env.offset, dict(run.names))
        match step:
            case Assignment(name=name, value=value):
                if value is not None:
                    run.names[name] = _short(context, context.lookup.value(value, here))
            case Setting(target=("self", name), value=value):
                run.attributes[name] = _short(context, context.lookup.value(value, here))
            case Invocation(call=Call(function=Attribute(base=Call(function=Ref(names=("super",)))))):
                run.above = Node(step.call, here)
            case Return(value=value):
                run.returned = context.lookup.value(value, here) if value is not None else None
                run.ended = True
            case Branch(test=test, yes=yes, no=no):
                known = truth(context, context.lookup.value(test, here))
                if known is None:
                    _doubt((*yes, *no), run)
                else:
                    _follow(context, yes if known else no, env, run)
            case Loop():
                _loop(context, step, here, run)
            case _:
                pass


def _short(context: Context, value: Value) -> Value:
    """The value itself where it can be told, so that chains of assignments stay short."""
    known = scalar(context, value) if isinstance(value, Node) else None
    if known is None or isinstance(known, Nothing) or not isinstance(known, str | int | float | bool):
        return value
    return Plain(known)


def _loop(context: Context, step: Loop, here: Env, run: Run) -> None:
    source = context.lookup.value(step.source, here) if step.source is not None else None
    passes = iterated(context, source, len(step.targets)) if source is not None else None
    if passes is None:
        _doubt(step.body, run)
        return
    for values in passes:
        run.names |= dict(zip(step.targets, values, strict=False))
        _follow(context, step.body, here, run)
        if run.ended:
            return


def _doubt(steps: tuple[Step, ...], run: Run) -> None:
    """Note that nobody knows whether these steps are taken."""
    for step in steps:
        match step:
            case Assignment(name=name):
                run.names[name] = Unknown(name)
            case Return():
                run.doubtful = run.ended = True
            case Branch():
                _doubt((*step.yes, *step.no), run)
            case Loop():
                _doubt(step.body, run)
            case _:
                pass
