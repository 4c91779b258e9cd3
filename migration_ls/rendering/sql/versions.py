"""A plan as versions: each phase that has something to do, with all its texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from migration_ls.planning.plan import Phase, Plan, Switch
from migration_ls.rendering.sql import script

VersionRole = Literal["forward", "rename", "finish", "switch", "contract"]
_ROLES: Mapping[Phase, VersionRole] = {
    Phase.RENAME: "rename",
    Phase.EXPAND: "forward",
    Phase.FINISH: "finish",
    Phase.SWITCH: "switch",
    Phase.CONTRACT: "contract",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One migration of a plan: `forward`, then `backfill` (each None where there is nothing to do), and what undoes it.

    `validate` proves that it worked.
    """

    phase: Phase
    role: VersionRole
    forward: str | None
    backfill: str | None
    rollback: str
    validate: str
    held: bool = False
    """Not to be run with the others, but once no process of the previous release is left."""
    groups: tuple[tuple[str, str], ...] = ()
    """What runs in one transaction or alone, with what undoes it, in the order of `forward`."""


def versions(plan: Plan) -> tuple[Version, ...]:
    """The versions of a plan, in the order they run."""
    found: list[Version] = []
    for phase, role in _ROLES.items():
        backfills = plan.backfills if phase is Phase.EXPAND else ()
        steps = plan.in_phase(phase)
        if not steps and not backfills:
            continue
        found.append(
            Version(
                phase=phase,
                role=role,
                held=phase is Phase.CONTRACT or (phase is Phase.SWITCH and plan.switch is not Switch.BOTH),
                forward=script.forward(plan, phase) if steps else None,
                backfill=script.backfill(backfills) if backfills else None,
                rollback=script.rollback(plan, phase),
                groups=script.groups(plan, phase),
                validate=script.validation(script.checks_of(plan, (phase,))),
            )
        )
    return tuple(found)
