"""Risks, and what the migration needs and holds up."""

from migration_ls.planning.plan import Phase
from migration_ls.rendering.document.estimates import Estimate, losing
from migration_ls.rendering.document.facts import DocumentFacts
from migration_ls.rendering.document.tables import table
from migration_ls.rendering.words import blocked_words, lock_words, work_words
from migration_ls.schema.names import Name


def risk_assessment(facts: DocumentFacts, figures: Estimate) -> str:
    """What can break, what is locked, what can be lost."""
    plan = facts.plan
    breaking = [step for step in plan.steps if step.effect.breaks]
    parts = ["### Risk Assessment"]
    if breaking:
        lines = [f"- {step.title}: {', '.join(step.effect.breaks)} ({step.phase} phase)" for step in breaking]
        parts.append("**Breaking Changes:**\n\n" + "\n".join(lines))
    else:
        parts.append("**Breaking Changes:** None: every statement of the previous release keeps working.")
    rows = [
        (step.title, lock_words(step.effect), work_words(step.effect), blocked_words(step.effect))
        for step in plan.steps
    ]
    parts.append("**Performance Impact:**\n\n" + table(("Step", "Locks", "Work", "Who waits"), rows))
    losses = [f"- {step.lives_on}." for step in plan.steps if step.lives_on]
    losses += [f"- {step.title} loses {loses}." for step, loses in losing(plan) if step.lives_on is None]
    parts.append("**Data Integrity:**\n\n" + "\n".join(losses or ["- No stored data is changed or lost."]))
    undone = [
        f"- {phase.capitalize()}: brings back everything but {' and '.join(dict.fromkeys(lost))}."
        if (lost := [step.loss for step in plan.in_phase(phase) if step.loss])
        else f"- {phase.capitalize()}: brings back exactly what was there before."
        for phase in (Phase.RENAME, Phase.EXPAND, Phase.FINISH, Phase.SWITCH, Phase.CONTRACT)
        if plan.in_phase(phase)
    ]
    parts.append("**Rollback Risk:**\n\n" + "\n".join(undone))
    if figures.why:
        parts.append(f"**Why the risk is {figures.risk.lower()}:**\n\n" + "\n".join(f"- {why}" for why in figures.why))
    return "\n\n".join(parts)


def dependencies(facts: DocumentFacts) -> str:
    """What it requires, and what waits for it."""
    plan = facts.plan
    tables: dict[Name, None] = {lock.relation: None for step in plan.steps for lock in step.effect.locks}
    owned = ", ".join(f"`{name}`" for name in tables) or "no table"
    requires = [
        f"- PostgreSQL {plan.postgres} or later",
        f"- A role that owns {owned}, and may create objects in the namespace",
        "- No other schema change at the same time",
    ]
    gone = dict.fromkeys(
        f"- {request.evidence} (`{request.origin.path}` line {request.origin.line + 1})" for request in plan.requests
    )
    return (
        "### Dependencies\n\n**Requires:**\n\n"
        + "\n".join(requires)
        + "\n\n**Blocks:**\n\n"
        + "\n".join(gone or ["- nothing"])
    )
