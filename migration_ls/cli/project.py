"""What commands share: finding the project, saying what is wrong, exit statuses."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from migration_ls.workspace.analysis import Analysis, analyse
from migration_ls.workspace.project import find_root
from migration_ls.workspace.workspace import Workspace

if TYPE_CHECKING:
    from migration_ls.workspace.live import Live

FOUND = 1
FAILED = 2


def project_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--project DIR`."""
    return click.option(
        "--project",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="The project's folder; by default the nearest at or above the current folder.",
    )(function)


def dsn_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--dsn DSN`."""
    return click.option(
        "--dsn",
        help="The database to read, in a read-only transaction; by default the one in the environment variable that "
        "the setting `database` names. Keep passwords in ~/.pgpass or a service file.",
    )(function)


def live_of(dsn: str | None, project: Path | None) -> "Live":
    """What a database has: the one of the DSN, else the project's; ends with a message where it cannot be read."""
    from migration_ls.workspace.live import LiveError, read_live

    if dsn is None:
        snapshot = Workspace(root_of(project)).snapshot()
        if snapshot.live is not None:
            return snapshot.live
        problem = snapshot.live_problem or "no database is named"
        fail(problem, "Name one with --dsn, or set `database` to the environment variable that holds its DSN.")
    try:
        return read_live(dsn)
    except LiveError as error:
        fail(str(error), f"{error.help}.")


def fail(message: str, way_out: str = "") -> NoReturn:
    """End with status 2, a message and what to do."""
    click.echo(f"migration-ls: {message}", err=True)
    if way_out:
        click.echo(f"  {way_out}", err=True)
    raise SystemExit(FAILED)


def root_of(project: Path | None, near: Path | None = None) -> Path:
    """The project's root; ends with a clear message when there is none."""
    if project is not None:
        return project.resolve()
    here = Path.cwd().resolve()
    start = (near or here).resolve()
    root = find_root(here) if start.is_relative_to(here) else None
    root = root or find_root(start)
    if root is None:
        fail(
            f"no project found at or above {start}",
            "Go to a folder with specs/, backend/app/models.py, backend/migrations/ or migration-ls.toml, "
            "or name one with --project DIR.",
        )
    return root


def analysed(
    project: Path | None,
    near: Path | None = None,
    *,
    dsn: str | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> tuple[Workspace, Analysis]:
    """The workspace of a project and its analysis; a settings file that cannot be used ends the command.

    With a DSN its database tells what production has, whatever the settings name. `overrides` are settings by
    kebab-case key that win over the project's.
    """
    live = live_of(dsn, project) if dsn is not None else None
    workspace = Workspace(root_of(project, near), overrides=overrides, live=live)
    snapshot = workspace.snapshot()
    if snapshot.settings_problem:
        fail(snapshot.settings_problem, "Correct the setting; `migration-ls.toml` and pyproject.toml are read.")
    return workspace, analyse(snapshot)


def relative(root: Path, path: Path) -> str:
    """A path as the workspace has it; ends with a message when it lies outside."""
    try:
        return path.resolve().relative_to(root).as_posix()
    except ValueError:
        fail(f"{path} is outside the project {root}", "Name its project with --project DIR.")


def now() -> datetime:
    """The time, for time stamps in file names."""
    return datetime.now(UTC)
