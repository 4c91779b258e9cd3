"""`migration-ls generate`."""

from pathlib import Path

import click

from migration_ls.cli.project import FAILED, FOUND, analysed, fail, now, project_option, relative, root_of
from migration_ls.cli.write import WriteError, diff, write_all
from migration_ls.workspace.analysis import Analysis, analyse
from migration_ls.workspace.changes import Generation
from migration_ls.workspace.generate import generate
from migration_ls.workspace.targets import targets


@click.command("generate")
@click.argument("spec", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@project_option
@click.option("--name", help="The migration's name; by default the spec's, else made from the changes.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show a unified diff.")
def command(spec: Path | None, project: Path | None, name: str | None, dry_run: bool) -> None:
    """Write the whole migration for SPEC, or for everything that is asked for.

    Forward, rollback, backfill and validation SQL, migration.md, and the edits of models and schema document. Without
    SPEC one migration is written for each spec, and one for what models and schema document ask for by themselves.
    Running it again changes nothing; files that were edited by hand are never overwritten.
    """
    root = root_of(project, spec)
    workspace, analysis = analysed(root)
    wanted = (relative(root, spec),) if spec else targets(analysis)
    if name and len(wanted) > 1:
        fail("`--name` names one migration, and several would be written", "Name the spec as well.")
    wrote = refused = False
    for target in wanted or (None,):
        generation = generate(analysis, target, now=now(), name=name)
        refused = _explained(generation) or refused
        if generation.is_empty:
            continue
        wrote = True
        if dry_run:
            click.echo(diff(generation.new_files, generation.changed_files), nl=False)
            continue
        try:
            write_all(root, generation.new_files, generation.changed_files)
        except WriteError as error:
            fail(f"{error}; nothing was written", "Run the command again.")
        _report(generation)
        workspace.refresh()
        analysis = analyse(workspace.snapshot())
    if not wrote and not refused:
        click.echo(_nothing(analysis))
    if refused:
        raise SystemExit(FOUND if wrote else FAILED)


def _explained(generation: Generation) -> bool:
    """Say what is not done, and why."""
    for item in generation.refused:
        click.echo(f"not done: {item.what}: {item.why}\n  {item.help}", err=True)
    for unplanned in generation.unplanned:
        click.echo(f"not planned: {unplanned.what}: {unplanned.why}\n  Instead: {unplanned.help}", err=True)
    return bool(generation.refused or generation.unplanned)


def _report(generation: Generation) -> None:
    click.echo(generation.title)
    for item in generation.new_files:
        click.echo(f"  created {item.path}")
    for edited in generation.changed_files:
        click.echo(f"  edited  {edited.path}")
    if generation.plan:
        for assumption in generation.plan.assumptions:
            click.echo(f"  assumed {assumption.replace('`', '')}")
    scripts = [item for item in generation.new_files if item.path.endswith(".sql")]
    forward = next((item.path for item in scripts if not item.purpose.startswith(("validate", "rollback"))), None)
    if forward:
        click.echo(f"Prove it: migration-ls verify {forward}")


def _nothing(analysis: Analysis) -> str:
    if analysis.knowledge.pending:
        return f"nothing to do: {', '.join(analysis.knowledge.pending)} covers what is asked for"
    return "nothing to do: nobody asks for a change that the schema does not have"
