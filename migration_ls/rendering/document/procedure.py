"""How the migration is run, with the real file names, and what has to be shown before."""

from typing import assert_never

from migration_ls.planning.plan import Phase, Switch
from migration_ls.rendering.document.checklist import Box
from migration_ls.rendering.document.facts import DocumentFacts
from migration_ls.rendering.document.tables import fence
from migration_ls.schema.names import Name

_PSQL = 'psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f'
_OLD_TRANSACTIONS = (
    "SELECT pid, now() - xact_start AS age, left(query, 60) AS query FROM pg_stat_activity "
    "WHERE xact_start < now() - interval '1 minute' ORDER BY age DESC"
)
_WAITING = (
    "SELECT pid, pg_blocking_pids(pid), left(query, 60) FROM pg_stat_activity "
    "WHERE cardinality(pg_blocking_pids(pid)) > 0"
)


_UP = {
    "alembic": "alembic upgrade head",
    "dbmate": "dbmate up",
    "goose": 'goose postgres "$DATABASE_URL" up',
    "flyway": "flyway migrate",
    "golang-migrate": 'migrate -database "$DATABASE_URL" up',
}
_DOWN = {
    "alembic": "alembic downgrade -1",
    "dbmate": "dbmate rollback",
    "goose": 'goose postgres "$DATABASE_URL" down',
    "flyway": "flyway undo",
    "golang-migrate": 'migrate -database "$DATABASE_URL" down 1',
}


def procedure(facts: DocumentFacts) -> str:
    """Commands for development and production."""
    return "\n\n".join(
        [
            "### Migration Procedure",
            "#### Development",
            fence("bash", "\n".join(_development(facts))),
            "#### Production",
            fence("bash", "\n".join(_production(facts))),
            "#### While It Runs",
            "\n".join(_watching(facts)),
        ]
    )


def _development(facts: DocumentFacts) -> list[str]:
    lines = ["# 1. Prove it on a throwaway PostgreSQL: apply, validate, roll back, compare", f"{verify_command(facts)}"]
    lines += ["", "# 2. Apply it to your own database, and validate", *_apply(facts)]
    lines += ["", "# 3. Restart the application; its models and the schema document are edited already"]
    return lines


def _apply(facts: DocumentFacts, *, without: tuple[str, ...] = ()) -> list[str]:
    lines: list[str] = [_UP[facts.runner]] if facts.runner else []
    for file in facts.files:
        if file.role == "rollback" or any(_is_of(facts, role, file.path) for role in without):
            continue
        if facts.runner and file.role != "validate":
            continue
        lines.append(f"{_PSQL} {file.path}")
    return lines


def _is_of(facts: DocumentFacts, role: str, path: str) -> bool:
    """Whether the file is a version's of that role, or one of its companions."""
    stems = [file.path.removesuffix(".sql") for file in facts.of_role(role)]
    return any(path.startswith(stem) for stem in stems)


def _later(facts: DocumentFacts, role: str) -> list[str]:
    """The commands of versions that wait for the releases."""
    if facts.runner:
        return [f"# move {file.path} to the migrations" for file in facts.of_role(role)] + [_UP[facts.runner]]
    return [
        f"{_PSQL} {file.path}" for file in facts.files if file.role != "rollback" and _is_of(facts, role, file.path)
    ]


def _deployed(facts: DocumentFacts) -> list[str]:
    """The new release takes over: between two versions, or around the one in which columns change places."""
    switch = facts.plan.switch if facts.plan.in_phase(Phase.SWITCH) else Switch.BOTH
    match switch:
        case Switch.BOTH:
            return ["# 3. Deploy the new release: the schema serves both releases until then"]
        case Switch.NEW_FIRST:
            return [
                "# 3. Deploy the new release, which works before the switch and after it; the previous one does not",
                "# When no process of the previous release is left:",
                *_later(facts, "switch"),
            ]
        case Switch.STOP:
            return [
                "# 3. Stop the previous release: what it writes means something else after the switch",
                *_later(facts, "switch"),
                "# Start the new release",
            ]
        case _:
            assert_never(switch)


def _production(facts: DocumentFacts) -> list[str]:
    held = facts.plan.switch is not Switch.BOTH
    lines = [
        "# 1. Before: no transaction is older than a minute, since every lock waits behind it",
        f'psql "$DATABASE_URL" -c "{_OLD_TRANSACTIONS}"',
        "",
        "# 2. Apply and validate; a step that waits 2 seconds for a lock gives up, and the file may be run again",
        *_apply(facts, without=("contract", "switch") if held else ("contract",)),
        "",
        *_deployed(facts),
        "",
        "# 4. Watch errors and latency for 15 minutes",
    ]
    if facts.of_role("contract"):
        lines += ["", "# 5. Later, when no process of the previous release is left", *_later(facts, "contract")]
    rollbacks = [f"# {_PSQL} {file.path}" for file in reversed(facts.of_role("rollback"))]
    if facts.runner:
        once = len([file for file in facts.files if file.role in {"forward", "backfill"}])
        rollbacks = [f"# {_DOWN[facts.runner]}" + (f", {once} times" if once > 1 else "")]
    lines += ["", "# If it has to be undone, the latest first:", *rollbacks]
    lines += [
        "",
        "# Keep your usual backups, but they are no substitute for this rollback",
    ]
    return lines


def _watching(facts: DocumentFacts) -> list[str]:
    lines = [f"- Who waits for a lock: `{_WAITING}`"]
    if any(step.effect.builds for step in facts.plan.steps):
        lines.append(
            "- Progress of an index build: `SELECT phase, blocks_done, blocks_total FROM pg_stat_progress_create_index`"
        )
        lines.append(
            "- An interrupted index build leaves an INVALID index: run the file again, it drops and rebuilds it"
        )
    if facts.plan.backfills:
        lines.append("- The backfill tells how far it is by notices; it may be stopped and run again at any time")
    lines += dict.fromkeys(f"- {step.advice}" for step in facts.plan.steps if step.advice)
    lines.append("- `lock timeout` means that somebody held the table: wait, and run the file again from the start")
    return lines


def verify_command(facts: DocumentFacts) -> str:
    """The command that proves the files."""
    firsts = [file.path for file in facts.files if file.role in {"forward", "rename", "finish", "switch", "contract"}]
    return f"migration-ls verify {' '.join(firsts)}"


def safety_boxes(facts: DocumentFacts) -> tuple[Box, ...]:
    """The safety checklist."""
    command = verify_command(facts)
    boxes = [
        Box(text="Can be applied without downtime", proofs=("brief-locks",), command=command),
        Box(
            text="Rollback procedure tested",
            proofs=("rollback-restores-catalog", "rollback-restores-rows"),
            command=command,
        ),
        Box(
            text="Indexes do not block readers or writers while they are built",
            proofs=("brief-locks",),
            command=command,
        ),
        Box(
            text="Rows that exist and the previous release's INSERTs get a value for every NOT NULL column",
            proofs=("forward-applies", "previous-release-works"),
            command=command,
        ),
        Box(text="Foreign keys and checks hold for existing data", proofs=("checks-pass-after",), command=command),
        Box(text="The previous release works on the new schema", proofs=("previous-release-works",), command=command),
    ]
    return tuple(boxes)


def testing_boxes(facts: DocumentFacts) -> tuple[Box, ...]:
    """The testing checklist."""
    command = verify_command(facts)
    staging = f'{command} --dsn "$STAGING_DATABASE_URL"'
    return (
        Box(text="Migration runs on a database with rows", proofs=("forward-applies",), command=command),
        Box(
            text="Validation checks fail before it and pass after it",
            proofs=("checks-fail-before", "checks-pass-after"),
            command=command,
        ),
        Box(text="Models agree with the schema", proofs=("models-agree",), command=command),
        Box(text="Backend starts without errors", proofs=(), command="cd backend && uvicorn app.main:app"),
        Box(text="Existing API endpoints work", proofs=(), command="cd backend && pytest"),
        Box(text=f"New functionality works ({_new_things(facts)})", proofs=(), command="cd backend && pytest"),
        Box(
            text="Rollback restores catalog and rows, and the migration applies again",
            proofs=("rollback-restores-catalog", "rollback-restores-rows", "forward-applies-again"),
            command=command,
        ),
        Box(text="How long it takes was measured", proofs=("durations",), command=command),
        Box(text="Migration runs on the staging server", proofs=("staging",), command=staging),
    )


def _new_things(facts: DocumentFacts) -> str:
    tables: dict[Name, None] = {}
    for step in facts.plan.in_phase(Phase.EXPAND):
        for lock in step.effect.locks:
            tables[lock.relation] = None
    return ", ".join(f"`{name}`" for name in tables) or "see the spec"
