"""The document of a migration."""

from migration_ls.planning.plan import Phase, Plan
from migration_ls.planning.releases import release_words, stages
from migration_ls.rendering.document.changes import schema_changes
from migration_ls.rendering.document.checklist import box_line
from migration_ls.rendering.document.estimates import Estimate, bytes_words, estimate, seconds_words
from migration_ls.rendering.document.facts import DocumentFacts, GeneratedFile
from migration_ls.rendering.document.procedure import procedure, safety_boxes, testing_boxes
from migration_ls.rendering.document.risks import dependencies, risk_assessment
from migration_ls.rendering.document.tables import fence, table
from migration_ls.rendering.document.updates import updates

__all__ = ["DocumentFacts", "GeneratedFile", "migration_document"]

_ROLES = (
    ("rename", "Rename"),
    ("forward", "Forward Migration"),
    ("backfill", "Backfill"),
    ("finish", "Finish"),
    ("switch", "Switch"),
    ("contract", "Contract"),
    ("rollback", "Rollback Migration"),
    ("validate", "Validation Queries"),
)


def migration_document(facts: DocumentFacts) -> str:
    """`migration.md` without its header line."""
    figures = estimate(facts.plan, facts.rows, facts.sizes)
    sections = [
        f"## Database Migration: {feature_name(facts)}",
        _overview(facts, figures),
        _releases(facts.plan),
        schema_changes(facts.plan),
        _scripts(facts),
        updates(facts),
        procedure(facts),
        risk_assessment(facts, figures),
        "### Safety Checklist\n\n" + "\n".join(box_line(box) for box in safety_boxes(facts)),
        "### Testing Checklist\n\nBefore production:\n\n" + "\n".join(box_line(box) for box in testing_boxes(facts)),
        _assumptions(facts, figures),
        dependencies(facts),
        _impact(figures),
    ]
    return "\n\n---\n\n".join(["\n\n".join(sections[:2]), *(text for text in sections[2:] if text)]) + "\n"


def feature_name(facts: DocumentFacts) -> str:
    """The spec's first heading, else the migration's name."""
    for line in (facts.spec_text or "").split("\n"):
        if line.startswith("#"):
            title = line.lstrip("#").strip()
            for prefix in ("Feature Specification:", "Feature:", "Data Model:"):
                title = title.removeprefix(prefix).strip()
            return title
    return facts.title.partition("_")[2].replace("_", " ").capitalize()


def _overview(facts: DocumentFacts, figures: Estimate) -> str:
    plan = facts.plan
    # a gradual change takes many steps: the first says what it is about
    firsts = {id(step.request): step.title for step in reversed(plan.steps) if step.request is not None}
    what = "; ".join(dict.fromkeys(reversed(firsts.values()))) or facts.title
    downtime = "Yes" if figures.downtime else "No"
    if figures.downtime:
        downtime += f" - about {seconds_words(figures.blocking_seconds).removeprefix('about ')} of blocked access"
    lines = [
        f"**Purpose:** {what}",
        f"**Risk Level:** {figures.risk}",
        f"**Estimated Duration:** {seconds_words(figures.seconds)}",
        f"**Downtime Required:** {downtime}",
        f"**Asked for by:** {_askers(facts)}",
        f"**Phases:** {_phases(plan)}",
    ]
    return "### Overview\n\n" + "  \n".join(lines)


def _askers(facts: DocumentFacts) -> str:
    places = dict.fromkeys(f"`{request.origin.path}` line {request.origin.line + 1}" for request in facts.plan.requests)
    return ", ".join(places) or "nobody"


def _phases(plan: Plan) -> str:
    names: list[str] = []
    for stage in stages(plan):
        if stage.after is Phase.CONTRACT:
            names.append("contract (only when no process of the previous release is left)")
        elif stage.after is not None:
            both = stage.previous and stage.new
            names.append(f"{stage.after}{' (the previous and the new release both work)' if both else ''}")
        if stage.note.startswith(("deploy", "stop")):
            names.append("deploy the new release")
    return " → ".join(names)


def _releases(plan: Plan) -> str:
    rows = [(str(stage.after or "before anything"), release_words(stage), stage.note) for stage in stages(plan)]
    return "### Which Release May Run\n\n" + table(("After", "Releases", "What to do"), rows)


def _scripts(facts: DocumentFacts) -> str:
    parts = ["### Migration Scripts"]
    for role, heading in _ROLES:
        for file in facts.of_role(role):
            of = "" if file.of in {"forward", role} else f" of the {file.of.capitalize()}"
            parts.append(f"#### {heading}{of}\n\n`{file.path}` {file.purpose}.")
            parts.append(fence("sql", file.text.rstrip("\n")))
    return "\n\n".join(parts)


def _assumptions(facts: DocumentFacts, figures: Estimate) -> str:
    lines = [f"- {item}." for item in facts.plan.assumptions]
    lines.append(f"- The current schema is what the {facts.base_source.replace('-', ' ')} say.")
    if facts.sqlmodel:
        version = ".".join(map(str, facts.sqlmodel))
        lines.append(f"- The project uses SQLModel {version}, as {facts.sqlmodel_source} says.")
    lines.append(f"- Production runs PostgreSQL {facts.plan.postgres} (setting `postgres`).")
    lines += [f"- {item}." for item in figures.assumptions]
    lines += [f"- Not planned: {item.what}, since {item.why}. Instead: {item.help}." for item in facts.plan.unplanned]
    return "### Assumptions\n\n" + "\n".join(lines)


def _impact(figures: Estimate) -> str:
    rows = [
        ("Migration Duration", seconds_words(figures.seconds)),
        (
            "Access blocked",
            seconds_words(figures.blocking_seconds) + " in all, in steps of at most 15 seconds"
            if not figures.downtime
            else seconds_words(figures.blocking_seconds),
        ),
        ("Downtime", "yes" if figures.downtime else "0 seconds"),
        ("Disk Space Change", _space(figures)),
        ("Disk Space Meanwhile", _meanwhile(figures)),
        ("WAL", bytes_words(figures.wal_bytes) if figures.wal_bytes else "next to none"),
        ("Index Build Time", seconds_words(figures.index_seconds) if figures.index_seconds else "none is built"),
        ("Risk Level", f"**{figures.risk}**"),
    ]
    return "### Estimated Impact\n\n" + table(("Metric", "Value"), rows)


def _space(figures: Estimate) -> str:
    kept = [f"{bytes_words(figures.kept_bytes)} more"] if figures.kept_bytes else []
    later = [f"about {figures.new_row_bytes} bytes for each row written from then on"] if figures.new_row_bytes else []
    return ", and ".join([*kept, *later]) or "none"


def _meanwhile(figures: Estimate) -> str:
    if not figures.passing_bytes:
        return "none"
    return f"{bytes_words(figures.passing_bytes)} more, until old rows are gone or vacuumed"
