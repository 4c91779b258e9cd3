"""`migration-ls verify`."""

import json
from pathlib import Path

import click

from migration_ls.cli.project import FOUND, analysed, fail, project_option, relative, root_of
from migration_ls.cli.write import WriteError, write_all
from migration_ls.postgres.versions import NEWEST, OLDEST


@click.command("verify")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--latest", is_flag=True, help="The newest migration; this is the default.")
@project_option
@click.option(
    "--postgres", type=click.IntRange(OLDEST, NEWEST), help="The major to prove on; by default the project's."
)
@click.option(
    "--pg-bin", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A folder of PostgreSQL's programs."
)
@click.option(
    "--dsn", help="A server to prove on, in throwaway databases of its own; the named database is not touched."
)
@click.option("--rows", type=click.IntRange(1, 1_000_000), help="How many rows each table is filled with.")
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", show_default=True)
def command(
    files: tuple[Path, ...],
    latest: bool,
    project: Path | None,
    postgres: int | None,
    pg_bin: Path | None,
    dsn: str | None,
    rows: int | None,
    form: str,
) -> None:
    """Prove FILES on a throwaway PostgreSQL: apply, validate, roll back, compare, apply again.

    The current schema is loaded and filled with rows. Each validation check has to fail before the migration and to
    pass after it, the previous release's statements have to work on the new schema, and the rollback has to restore
    catalog and rows. What was shown ticks the boxes in migration.md.
    """
    from migration_ls.verification.engine import EngineError
    from migration_ls.verification.proof import as_json
    from migration_ls.workspace.revision_scripts import NothingToVerifyError
    from migration_ls.workspace.verify import Wish, measured, verify
    from migration_ls.workspace.verify import latest as latest_files

    if latest and files:
        raise click.UsageError("name files or say --latest, not both")
    root = root_of(project, files[0] if files else None)
    _, analysis = analysed(root)

    def report(text: str) -> None:
        if form == "human":
            click.echo(f"  … {text}", err=True)

    wish = Wish(dsn=dsn, pg_bin=pg_bin, postgres=postgres, rows=rows, report=report)
    try:
        paths = tuple(relative(root, path) for path in files) or latest_files(analysis)
        result = verify(analysis, paths, wish)
    except NothingToVerifyError as error:
        fail(str(error))
    except EngineError as error:
        fail(
            str(error),
            "Install a server with `pip install 'migration-ls[embedded]'`, or name one with --pg-bin or --dsn.",
        )
    try:
        written = write_all(root, (), result.changed_files)
    except WriteError as error:
        fail(f"{error}; the proof was not written into it", "Run the command again.")
    if form == "json":
        rounds = [{"title": item.title, "files": item.files, "proof": as_json(item.proof)} for item in result.rounds]
        click.echo(json.dumps({"version": 1, "passed": result.passed, "rounds": rounds}, indent=2, ensure_ascii=False))
    else:
        for item in result.rounds:
            click.echo(f"{item.title} on {item.proof.engine_label}")
            for step in item.proof.steps:
                click.echo(f"  {'proven ' if step.passed else 'FAILED '} {step.name} ({step.duration_ms:.0f} ms)")
                for detail in step.detail:
                    click.echo(f"          {detail}")
            for words in measured(item.proof):
                click.echo(f"  measured {words.replace('`', '')}")
            for warning in item.proof.warnings:
                click.echo(f"  note: {warning}")
        for path in written:
            click.echo(f"  wrote the evidence into {path}")
        click.echo(result.summary)
    if not result.passed:
        raise SystemExit(FOUND)
