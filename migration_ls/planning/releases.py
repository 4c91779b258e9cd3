"""Which release of the application may run at each point of a plan."""

from collections.abc import Iterable
from dataclasses import dataclass

from migration_ls.planning.plan import Phase, Plan, Switch
from migration_ls.planning.recipes.pairs import Pair
from migration_ls.postgres.casts import type_change


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """From one point of a plan to the next: after `after` (None: before anything ran), who may run.

    `note` is a sentence without a full stop on what has to be done with the releases there; empty where nothing has.
    """

    after: Phase | None
    previous: bool
    new: bool
    note: str = ""


_DEPLOY = "deploy the new release now"
_GONE = "no process of the previous release may be left before the next step"


def stages(plan: Plan) -> tuple[Stage, ...]:
    """The stages of a plan in order: the new release is deployed after the last step that it needs."""
    done = [phase for phase in Phase if plan.in_phase(phase) or (phase is Phase.BACKFILL and plan.backfills)]
    early = [phase for phase in done if phase is not Phase.CONTRACT]
    before_switch = [phase for phase in early if phase is not Phase.SWITCH]
    switched = Phase.SWITCH in done and plan.switch is not Switch.BOTH
    ready = before_switch if switched and plan.switch is Switch.NEW_FIRST else early
    found = [Stage(after=None, previous=True, new=not ready, note="" if ready else _DEPLOY)]
    for phase in done:
        new = phase is Phase.CONTRACT or bool(ready and phase is ready[-1]) or (bool(ready) and phase not in ready)
        previous = phase is not Phase.CONTRACT and not (switched and phase is Phase.SWITCH)
        note = ""
        if ready and phase is ready[-1]:
            note = _DEPLOY
        if switched and before_switch and phase is before_switch[-1]:
            note = (
                f"{note}; {_GONE}" if note else "stop the previous release, and start the new one after the next step"
            )
        found.append(Stage(after=phase, previous=previous, new=new, note=note))
    if done and done[-1] is Phase.CONTRACT:
        last = found[-2]
        if last.previous and _GONE not in last.note:
            note = f"{last.note}; later, {_GONE}" if last.note else _GONE
            found[-2] = Stage(after=last.after, previous=last.previous, new=last.new, note=note)
    return tuple(found)


def switch_of(pairs: Iterable[Pair]) -> Switch:
    """Who survives the moment in which columns change places under one name."""
    found = Switch.BOTH
    for pair in pairs:
        if not pair.swaps or pair.then:
            # labels are written as labels, whichever of the two types has the name
            continue
        old, new = pair.olds[0].type, pair.news[0].type
        if pair.meant:
            return Switch.STOP
        if type_change(old, new).needs_using:
            # the server casts what the new release writes to the old type, but not the other way round
            back = type_change(new, old)
            if back.needs_using or back.lossy:
                return Switch.STOP
            found = Switch.NEW_FIRST
    return found


def release_words(stage: Stage) -> str:
    """Who may run: `previous and new`."""
    names = [name for name, may in (("previous", stage.previous), ("new", stage.new)) if may]
    return " and ".join(names) or "none"
