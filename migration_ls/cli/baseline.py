"""`migration-ls baseline`."""

from pathlib import Path

import click

from migration_ls.cli.project import FAILED, analysed, fail, project_option, root_of
from migration_ls.cli.write import WriteError, diff, write_all


@click.command("baseline")
@project_option
@click.option("--dry-run", is_flag=True, help="Write nothing; show a unified diff.")
def command(project: Path | None, dry_run: bool) -> None:
    """Write a first migration with the tables that the others need and none makes.

    For folders that begin in the middle, because something else made the first tables. They are taken as the schema
    document or the models have them, with what the migrations changed undone.
    """
    from migration_ls.workspace.baseline import baseline

    root = root_of(project)
    _, analysis = analysed(root)
    generation = baseline(analysis)
    for item in generation.refused:
        click.echo(f"not done: {item.what}: {item.why}\n  {item.help}", err=True)
    if generation.refused:
        raise SystemExit(FAILED)
    if generation.is_empty:
        click.echo("nothing to do: the migrations make every table that they change, or nobody knows the others")
        return
    if dry_run:
        click.echo(diff(generation.new_files, generation.changed_files), nl=False)
        return
    try:
        write_all(root, generation.new_files, generation.changed_files)
    except WriteError as error:
        fail(f"{error}; nothing was written", "Run the command again.")
    for new in generation.new_files:
        click.echo(f"  created {new.path}")
    for edited in generation.changed_files:
        click.echo(f"  edited  {edited.path}")
