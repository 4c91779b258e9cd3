"""Findings about a project as a whole: what no statement tells by itself. Each has a page, as rules have."""

from dataclasses import dataclass

from migration_ls.rules.finding import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """The name that findings carry, how severe they are, what they say in one sentence, and the rest of the page."""

    name: str
    severity: Severity
    summary: str
    body: str


REMARKS: tuple[Remark, ...] = (
    Remark(
        name="sources-differ",
        severity=Severity.INFORMATION,
        summary="Schema document, models, migrations and database describe one thing differently.",
        body="""The remark stands at the source that lags, with links to the places that say it otherwise: at the schema
document where it is alone with what it says, at the models where they lack a table, a check, a key or
an index that production has, and at the newest migration where the database has been changed by hand.
What the models say otherwise than production is no drift but a wish: the migration for it can be
generated.

No difference are names, the order of columns, a Python default that means what the server's says, a
unique index in place of a unique constraint, what a schema document does not speak of, and tables that
are managed elsewhere.

The editor offers to bring either side to what the other says; `migration-ls drift` lists everything.""",
    ),
    Remark(
        name="database-not-read",
        severity=Severity.INFORMATION,
        summary="The database that the settings name could not be read, so another source tells what production has.",
        body="""The setting `database` names the environment variable that holds the DSN. It is read in one read-only
transaction with short timeouts; the right to connect is enough. libpq's ways to keep a password out of
sight work: `~/.pgpass`, `service=`, `PGPASSWORD`.""",
    ),
    Remark(
        name="record-not-readable",
        severity=Severity.INFORMATION,
        summary="The role may not read in which table the migration runner records what it applied.",
        body="""Which migrations the database has is then told by its schema: those after which the replayed schema
differs least from it. `GRANT SELECT` on the runner's table gives certainty.""",
    ),
    Remark(
        name="migration-unfinished",
        severity=Severity.WARNING,
        summary="A migration runner began a migration on the database and did not end it.",
        body="""golang-migrate marks the version as dirty, Flyway as failed, Prisma has no time for its end. What the
migration made before it failed may be there in part; most runners refuse to go on until somebody has
looked.""",
    ),
    Remark(
        name="settings",
        severity=Severity.ERROR,
        summary="A setting cannot be used.",
        body="Until it is corrected the former settings are in force. [The settings](../settings.md) lists all keys.",
    ),
    Remark(
        name="unreadable-file",
        severity=Severity.ERROR,
        summary="A file is left out: it is not UTF-8, too large, or may not be read.",
        body="What the file would add to the schema is not known; everything else is checked without it.",
    ),
    Remark(
        name="generated-file-edited",
        severity=Severity.INFORMATION,
        summary="A generated file was edited by hand, so it is not generated again.",
        body="""The first line of a generated file holds a fingerprint of the rest. Where they do not fit, the file is
yours: when the wish changes, the rest becomes a new version.""",
    ),
    Remark(
        name="implied-change",
        severity=Severity.INFORMATION,
        summary="A sentence of a spec implies a change of the schema.",
        body="""It is a reading of prose, so it may be wrong: the editor offers to write it into the spec as a declared
change, in the reading that is meant. `migration-ls requests` lists all.""",
    ),
    Remark(
        name="requests-disagree",
        severity=Severity.WARNING,
        summary="Two places ask for one thing and do not say the same.",
        body="The more explicit one is planned until both say the same. `migration-ls diff` shows both.",
    ),
    Remark(
        name="duplicate-version",
        severity=Severity.ERROR,
        summary="Two migrations of one folder have the same version.",
        body="Their order is open, and most runners apply only one of them. It happens when two branches are merged.",
    ),
    Remark(
        name="incomplete-history",
        severity=Severity.INFORMATION,
        summary="A migration needs a table that no migration makes, and another source knows it.",
        body="""Folders begin in the middle where `create_all` or a restored dump made the first tables. The missing
ones are taken from the schema document or the models, and marked as assumed. On an empty database the
folder fails there: `migration-ls baseline` writes the migration that makes them.""",
    ),
    Remark(
        name="several-heads",
        severity=Severity.WARNING,
        summary="Alembic's revisions have more than one head.",
        body="`alembic upgrade head` refuses to choose. `alembic merge heads` writes the revision that joins them.",
    ),
    Remark(
        name="missing-revision",
        severity=Severity.ERROR,
        summary="An Alembic revision builds on one that is not there.",
        body="Alembic refuses to run before it is there, or `down_revision` names another.",
    ),
    Remark(
        name="revisions-in-circle",
        severity=Severity.ERROR,
        summary="Alembic's revisions build on each other in a circle.",
        body="None of them can be the first. Correct `down_revision` of the one that was written first.",
    ),
)
"""All of them."""


def remark_page(remark: Remark) -> str:
    """The page of one remark, markdown."""
    return f"# {remark.name}\n\n{remark.summary}\n\nSeverity: {remark.severity.name.lower()}\n\n{remark.body}\n"
