"""What is to say of the database itself: that it was not read, and what its runners' records leave open."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from migration_ls.rules.finding import Finding, Severity
from migration_ls.text.span import Span

if TYPE_CHECKING:
    from migration_ls.workspace.analysis import Analysis

_TOP = Span(0, 0)


def of_database(analysis: "Analysis") -> Iterator[Finding]:
    """The findings, at the settings or at the migration that is meant."""
    snapshot, history = analysis.snapshot, analysis.history
    settings = "migration-ls.toml" if "migration-ls.toml" in snapshot.files else "pyproject.toml"
    if snapshot.live_problem:
        yield Finding(
            path=settings,
            span=_TOP,
            rule="database-not-read",
            severity=Severity.INFORMATION,
            message=f"{snapshot.live_problem}, so what production has is taken from another source",
            help="Name a database that can be reached, or set `current` to another source",
        )
    if snapshot.live is None:
        return
    for table in snapshot.live.unreadable if history.forward else ():
        yield Finding(
            path=settings,
            span=_TOP,
            rule="record-not-readable",
            severity=Severity.INFORMATION,
            message=f"The role may not read `{table}`, so its schema alone tells which migrations the database has",
            help=f"Grant SELECT on `{table}` to the role",
        )
    for record in snapshot.live.records:
        if record.unfinished is None:
            continue
        paths = [path for path in history.forward if record.is_of(history.names[path].version, record.unfinished)]
        yield Finding(
            path=paths[0] if paths else settings,
            span=_TOP,
            rule="migration-unfinished",
            severity=Severity.WARNING,
            message=f"The migration `{record.unfinished}` began on the database and did not end, by `{record.table}`: "
            "what it made may be there in part",
            help="Look what is there, repair it, and have the runner mark the version as applied or not",
        )
