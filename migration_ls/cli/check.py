"""`migration-ls check`."""

import sys
from pathlib import Path

import click

from migration_ls.cli.project import FOUND, analysed, project_option, relative, root_of
from migration_ls.cli.report import FORMATS, counted, render
from migration_ls.rules.finding import Finding, Severity
from migration_ls.workspace.analysis import Analysis

_LIMITS = {"error": Severity.ERROR, "warning": Severity.WARNING, "never": None}


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@project_option
@click.option("--format", "form", type=click.Choice(FORMATS), default="human", show_default=True, help="How to print.")
@click.option(
    "--fail-on",
    type=click.Choice(sorted(_LIMITS)),
    default="warning",
    show_default=True,
    help="From which severity on the exit status is 1.",
)
@click.option("-v", "--verbose", is_flag=True, help="Also say what was found where, and show information and hints.")
@click.option("-q", "--quiet", is_flag=True, help="Only errors and warnings.")
def command(
    paths: tuple[Path, ...],
    project: Path | None,
    form: str,
    fail_on: str,
    verbose: bool,
    quiet: bool,
) -> None:
    """Report what is unsafe or unclear in the project, or in PATHS.

    The same findings as in the editor: in specs, models, schema document and migrations. Without PATHS the whole
    project is looked at. Files outside a project are looked at by themselves.
    """
    root = root_of(project, paths[0] if paths else None)
    _, analysis = analysed(root)
    wanted = [relative(root, path) for path in paths]
    findings = [
        finding
        for path, found in analysis.findings.items()
        if not wanted or any(name in {path, "."} or path.startswith(f"{name}/") for name in wanted)
        for finding in found
        if not quiet or finding.severity.is_danger
    ]
    if verbose and form == "human":
        click.echo(_sources(analysis))
    texts = {path: file.text for path, file in analysis.snapshot.files.items()}
    click.echo(render(form, findings, texts, colour=sys.stdout.isatty() and form == "human"), nl=False)
    if form == "human":
        click.echo(counted(findings, len(analysis.snapshot.files)), err=not findings)
    if _fails(findings, fail_on):
        raise SystemExit(FOUND)


def _fails(findings: list[Finding], fail_on: str) -> bool:
    limit = _LIMITS[fail_on]
    return limit is not None and any(finding.severity <= limit for finding in findings)


def _sources(analysis: Analysis) -> str:
    """What was found, by role."""
    knowledge = analysis.knowledge
    lines = [f"project {analysis.snapshot.root}"]
    roles: dict[str, list[str]] = {}
    for path, file in sorted(analysis.snapshot.files.items()):
        roles.setdefault(file.role, []).append(path)
    for role, found in sorted(roles.items()):
        lines.append(f"  {role}: {', '.join(found[:5])}{f' and {len(found) - 5} more' if len(found) > 5 else ''}")
    lines.append(f"  current schema: {len(knowledge.current.tables)} tables, from {knowledge.base_source}")
    if knowledge.sqlmodel_version:
        version = ".".join(map(str, knowledge.sqlmodel_version))
        lines.append(f"  SQLModel {version}, from {knowledge.sqlmodel_source}")
    if analysis.snapshot.base:
        lines.append(f"  base: {analysis.snapshot.base.commit[:12]} ({analysis.snapshot.base.name})")
    if knowledge.pending:
        lines.append(f"  pending: {', '.join(knowledge.pending)}")
    return "\n".join(lines) + "\n"
