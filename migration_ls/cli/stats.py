"""`migration-ls stats`."""

import json
from pathlib import Path

import click

from migration_ls.cli.project import dsn_option, live_of, project_option


@click.command("stats")
@dsn_option
@project_option
@click.option("--format", "form", type=click.Choice(["human", "json", "toml"]), default="human", show_default=True)
def command(dsn: str | None, project: Path | None, form: str) -> None:
    """Print how many rows the tables of a database have and how many bytes they take, the largest first.

    The numbers are those of the server's statistics: no table is read or locked. With `--format toml` they come as
    settings, to be pasted into migration-ls.toml.
    """
    live = live_of(dsn, project)
    sizes = sorted(live.sizes.items(), key=lambda item: (-item[1].bytes, str(item[0])))
    match form:
        case "json":
            tables = [{"table": str(name), "rows": size.rows, "bytes": size.bytes} for name, size in sizes]
            click.echo(
                json.dumps({"version": 1, "postgres": live.major, "tables": tables}, indent=1, ensure_ascii=False)
            )
        case "toml":
            for name, size in sizes:
                key = json.dumps(str(name), ensure_ascii=False)
                click.echo(f"[tables.{key}]\nrows = {size.rows}\nsize = {size.bytes}\n")
        case _:
            width = max((len(str(name)) for name, _ in sizes), default=5)
            click.echo(f"{'table':{width}}  {'rows':>15}  {'bytes':>17}")
            for name, size in sizes:
                click.echo(f"{name!s:{width}}  {size.rows:>15,}  {size.bytes:>17,}")
